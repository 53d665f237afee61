"""The state has another name: it is begun anew, without a word."""

from .total import Total

__all__ = ["NAME", "Total"]

NAME = "sum"
