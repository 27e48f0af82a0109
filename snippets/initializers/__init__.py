"""The size of the first weights: none, too much, Xavier's and He's. Chapters 6 to 8."""
