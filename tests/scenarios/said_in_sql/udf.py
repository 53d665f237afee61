"""A function that SQL creates by its place, and none that is registered for it."""

from pyflink.table import DataTypes
from pyflink.table.udf import udf


@udf(result_type=DataTypes.STRING())
def shouted(note):
    """The note in capitals; None where there is none."""
    return note and f"{note.upper()}!"
