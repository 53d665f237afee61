"""A function to ARRAY<ROW>."""

from pyflink.common import Row
from pyflink.table import DataTypes
from pyflink.table.udf import udf

ROWS = DataTypes.ARRAY(DataTypes.ROW([DataTypes.FIELD("n", DataTypes.BIGINT())]))


@udf(result_type=ROWS)
def pair(number):
    """Two rows."""
    return [Row(number), Row(number + 1)]


FUNCTIONS = {"pair": pair}
