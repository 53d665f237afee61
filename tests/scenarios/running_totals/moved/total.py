"""Nothing is here any more."""
