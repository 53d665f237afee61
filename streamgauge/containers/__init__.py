"""Containers of a run, on a Docker engine, by testcontainers."""
