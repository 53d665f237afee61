"""Rows, changes and how they compare: pure functions."""
