"""Diagnose a Keras network, before it is trained and while it is."""
