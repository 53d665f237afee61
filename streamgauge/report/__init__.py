"""Records, shown."""
