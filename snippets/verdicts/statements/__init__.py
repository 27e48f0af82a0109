"""What the deck states, chapter by chapter, as data."""
