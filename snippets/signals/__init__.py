"""What goes forward, what comes back, and their limits. Chapters 2 and 3."""
