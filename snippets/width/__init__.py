"""What changes as the layers get wider, and what transfers. Chapter 15."""
