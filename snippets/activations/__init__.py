"""Activation functions: shape, slope, what saturates and what dies. Chapters 4 and 5."""
