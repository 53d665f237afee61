"""A scalar function from and to days."""

from datetime import timedelta

from pyflink.table import DataTypes
from pyflink.table.udf import udf


@udf(result_type=DataTypes.DATE())
def day_after(day):
    """The next."""
    return day + timedelta(days=1)


FUNCTIONS = {"day_after": day_after}
