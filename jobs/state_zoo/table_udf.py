"""Aggregate functions of Python that SQL has ways of its own for."""

from pyflink.common import Row
from pyflink.table import AggregateFunction, DataTypes, MapView, TableAggregateFunction
from pyflink.table.udf import udaf, udtaf

PLACES = 2
LONG = DataTypes.BIGINT()


class Variety(AggregateFunction):
    """How many different ones: a map that is state of its own, beside the accumulator."""

    def create_accumulator(self):
        """Of nothing so far."""
        return Row(MapView(), 0)

    def accumulate(self, accumulator, amount):
        """Take one more."""
        if not accumulator[0].contains(amount):
            accumulator[0].put(amount, 1)
            accumulator[1] += 1

    def get_value(self, accumulator):
        """Their number."""
        return accumulator[1]


class Best(TableAggregateFunction):
    """The greatest, with their places."""

    def create_accumulator(self):
        """Of nothing so far."""
        return []

    def accumulate(self, accumulator, amount):
        """Take one more."""
        accumulator[:] = sorted([*accumulator, amount], reverse=True)[:PLACES]

    def emit_value(self, accumulator):
        """Rows (place, amount)."""
        for place, amount in enumerate(accumulator, 1):
            yield Row(place, amount)


SEEN_AND_NUMBER = DataTypes.ROW(
    [DataTypes.FIELD("seen", DataTypes.MAP_VIEW(LONG, LONG)), DataTypes.FIELD("number", LONG)]
)
variety = udaf(Variety(), result_type=LONG, accumulator_type=SEEN_AND_NUMBER, name="variety")
best = udtaf(
    Best(),
    result_type=DataTypes.ROW([DataTypes.FIELD("place", LONG), DataTypes.FIELD("amount", LONG)]),
    accumulator_type=DataTypes.ARRAY(LONG),
    name="best",
)
