"""A scalar function over ARRAY<ROW>, with a day in each row."""

from pyflink.table import DataTypes
from pyflink.table.udf import udf


@udf(result_type=DataTypes.STRING())
def written(rows):
    """The first of rows (day, number), as text."""
    day, number = rows[0]
    return f"{number} {day.isoformat()}"


FUNCTIONS = {"written": written}
