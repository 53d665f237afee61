"""An aggregate function of Python, whose accumulator is Flink's state."""

from pyflink.table import AggregateFunction, DataTypes
from pyflink.table.udf import udaf

LONG = DataTypes.BIGINT()


class Spread(AggregateFunction):
    """The greatest less the least."""

    def create_accumulator(self):
        """Of nothing so far."""
        return []

    def accumulate(self, accumulator, amount):
        """Take one more."""
        accumulator[:] = [min([amount, *accumulator]), max([amount, *accumulator])]

    def get_value(self, accumulator):
        """What is between the two; Flink asks for it before there is anything."""
        return accumulator[-1] - accumulator[0] if accumulator else None


FUNCTIONS = {
    "spread": udaf(
        Spread(), result_type=LONG, accumulator_type=DataTypes.ARRAY(LONG), name="spread"
    ),
}
