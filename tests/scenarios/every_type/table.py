"""The same columns, each by its name."""

from pyflink.table.expressions import col
from scenarios.every_type.samples import NAMES


def query(samples):
    """One table."""
    return samples.select(*map(col, NAMES))
