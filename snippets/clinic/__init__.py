"""A network that does not learn: which number tells it, and when. Chapter 10."""
