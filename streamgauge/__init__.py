"""Proves that a streaming question gets the right answer in every way PyFlink can ask it."""

__version__ = "0.1.0"
