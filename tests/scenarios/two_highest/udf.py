"""A table aggregate function of Python."""

from pyflink.common import Row
from pyflink.table import DataTypes, TableAggregateFunction
from pyflink.table.udf import udtaf

LONG = DataTypes.BIGINT()


class Two(TableAggregateFunction):
    """The two highest, with their places."""

    def create_accumulator(self):
        """Of nothing so far."""
        return []

    def accumulate(self, accumulator, n):
        """Take one more."""
        accumulator[:] = sorted([*accumulator, n], reverse=True)[:2]

    def emit_value(self, accumulator):
        """Rows (place, n)."""
        for place, n in enumerate(accumulator, 1):
            yield Row(place, n)


RESULT = DataTypes.ROW([DataTypes.FIELD("place", LONG), DataTypes.FIELD("n", LONG)])
FUNCTIONS = {
    "two_of": udtaf(
        Two(), result_type=RESULT, accumulator_type=DataTypes.ARRAY(LONG), name="two_of"
    )
}
