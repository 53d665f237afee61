"""Wrong variants of a dialect, made by machine, and which of them a run catches."""
