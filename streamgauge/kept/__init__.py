"""An engine that stays up between runs: `up`, `down`, `status`.

A holder owns cluster and worker. One run at a time uses them: it has a lock, and a line to the
holder by which its messages get to the worker.
"""
