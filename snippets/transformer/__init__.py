"""Normalization, residual branches, attention and gates at birth. Chapter 14."""
