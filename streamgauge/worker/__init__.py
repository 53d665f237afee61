"""What runs in a line's own interpreter, and the harness' end of it."""
