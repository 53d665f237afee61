"""What is kept of a till, and under which name."""

from .total import Total

__all__ = ["NAME", "Total"]

NAME = "total"
