"""Activation and initializer together: which pairs learn, and how deep. Chapters 9 and 12."""
