"""What was pickled has moved to another module, and the old one is empty."""

from .sums import Total

__all__ = ["NAME", "Total"]

NAME = "total"
