"""An aggregate function whose accumulator is Flink's state."""

from pyflink.common import Row
from pyflink.table import AggregateFunction, DataTypes
from pyflink.table.udf import udaf


class Mean(AggregateFunction):
    """Of all prices so far."""

    def create_accumulator(self):
        """Of nothing so far: sum and number."""
        return Row(0.0, 0)

    def accumulate(self, accumulator, price):
        """Take one more."""
        accumulator[0] += price
        accumulator[1] += 1

    def get_value(self, accumulator):
        """The mean; None of nothing."""
        return accumulator[0] / accumulator[1] if accumulator[1] else None

    def merge(self, accumulator, accumulators):
        """Take those of other windows in."""
        for other in accumulators:
            accumulator[0] += other[0]
            accumulator[1] += other[1]


SUM_AND_NUMBER = DataTypes.ROW(
    [DataTypes.FIELD("sum", DataTypes.DOUBLE()), DataTypes.FIELD("number", DataTypes.BIGINT())]
)
FUNCTIONS = {
    "mean_of": udaf(
        Mean(), result_type=DataTypes.DOUBLE(), accumulator_type=SUM_AND_NUMBER, name="mean_of"
    ),
}
