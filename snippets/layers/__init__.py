"""What one output sums, layer class by layer class. Chapter 13."""
