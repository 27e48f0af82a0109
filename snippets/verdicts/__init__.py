"""What the slides state, measured and judged."""
