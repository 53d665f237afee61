"""A process function that keeps a sensor's readings in five ways."""

from decimal import Decimal

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, KeyedProcessFunction, RuntimeContext
from pyflink.datastream.functions import AggregateFunction
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    ValueStateDescriptor,
)

COUNT_AND_SUM = Types.TUPLE([Types.LONG(), Types.LONG()])
MEANS = Types.ROW_NAMED(
    ["by_value", "by_list", "by_map", "by_reducing", "by_aggregating"], [Types.BIG_DEC()] * 5
)


def added(one, other):
    """Counts and sums of both."""
    return one[0] + other[0], one[1] + other[1]


def mean(count, total):
    """To two digits."""
    return round(Decimal(total) / count, 2)


class Mean(AggregateFunction):
    """Keeps count and sum; gives the mean."""

    def create_accumulator(self):
        """Of nothing so far."""
        return 0, 0

    def add(self, value, accumulator):
        """Take one more."""
        return added(accumulator, (1, value))

    def get_result(self, accumulator):
        """Of all so far."""
        return mean(*accumulator)

    def merge(self, acc_a, acc_b):
        """Of both."""
        return added(acc_a, acc_b)


class Means(KeyedProcessFunction):
    """Tells the mean of each with every reading."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state."""
        long = Types.LONG()
        self.value = runtime_context.get_state(ValueStateDescriptor("value", COUNT_AND_SUM))
        self.list = runtime_context.get_list_state(ListStateDescriptor("list", long))
        self.map = runtime_context.get_map_state(MapStateDescriptor("map", long, long))
        self.reducing = runtime_context.get_reducing_state(
            ReducingStateDescriptor("reducing", added, COUNT_AND_SUM)
        )
        self.aggregating = runtime_context.get_aggregating_state(
            AggregatingStateDescriptor("aggregating", Mean(), COUNT_AND_SUM)
        )

    def process_element(self, value, ctx: KeyedProcessFunction.Context):
        """Keep one more; the map has how often there was each reading."""
        _, reading = value
        self.value.update(added(self.value.value() or (0, 0), (1, reading)))
        self.list.add(reading)
        self.map.put(reading, (self.map.get(reading) or 0) + 1)
        self.reducing.add((1, reading))
        self.aggregating.add(reading)
        readings, times = list(self.list.get()), dict(self.map.items())
        yield Row(
            mean(*self.value.value()),
            mean(len(readings), sum(readings)),
            mean(sum(times.values()), sum(each * n for each, n in times.items())),
            mean(*self.reducing.get()),
            self.aggregating.get(),
        )


def query(readings: DataStream) -> DataStream:
    """A row a reading."""
    by_sensor = readings.key_by(lambda row: row["sensor"], key_type=Types.STRING())
    return by_sensor.process(Means(), output_type=MEANS)
