"""Measuring: pairs of timed rounds, and what may be concluded from them."""
