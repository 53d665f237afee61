"""A process function with every kind of keyed state, and one with broadcast state."""

from pyflink.common import Row, Time, Types
from pyflink.datastream import (
    DataStream,
    KeyedBroadcastProcessFunction,
    KeyedProcessFunction,
    OutputTag,
    RuntimeContext,
)
from pyflink.datastream.functions import AggregateFunction
from pyflink.datastream.state import (
    AggregatingStateDescriptor,
    ListStateDescriptor,
    MapStateDescriptor,
    ReducingStateDescriptor,
    StateTtlConfig,
    ValueStateDescriptor,
)

PLACES = 2
TICK_MS = 200
END_OF_INPUT = 2**63 - 1

BY_SENSOR = Types.ROW_NAMED(["sensor", "answer"], [Types.STRING(), Types.LONG()])
PLACE = Types.ROW_NAMED(["sensor", "place", "amount"], [Types.STRING(), Types.LONG(), Types.LONG()])
GREATEST = OutputTag("greatest", BY_SENSOR)
SPREAD = OutputTag("spread", BY_SENSOR)
VARIETY = OutputTag("variety", BY_SENSOR)
BEST = OutputTag("best", PLACE)
SENT_ONCE = OutputTag("sent_once", BY_SENSOR)
TOLD_IN_TIME = OutputTag("told_in_time", BY_SENSOR)
TAGS = (GREATEST, SPREAD, VARIETY, BEST, SENT_ONCE, TOLD_IN_TIME)

WEIGHTS = MapStateDescriptor("weights", Types.STRING(), Types.LONG())


class LeastAndGreatest(AggregateFunction):
    """Keeps both; gives what is between them."""

    def create_accumulator(self):
        """Of nothing so far."""
        return ()

    def add(self, value, accumulator):
        """Take one more."""
        return min((value, *accumulator)), max((value, *accumulator))

    def get_result(self, accumulator):
        """The greatest less the least."""
        return accumulator[1] - accumulator[0]

    def merge(self, acc_a, acc_b):
        """Of both."""
        return min(acc_a + acc_b), max(acc_a + acc_b)


class Zoo(KeyedProcessFunction):
    """Each answer from another kind of state of a sensor."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state, each under a name of its own."""
        long = Types.LONG()
        self.total = runtime_context.get_state(ValueStateDescriptor("total", long))
        self.greatest = runtime_context.get_reducing_state(
            ReducingStateDescriptor("greatest", max, long)
        )
        self.spread = runtime_context.get_aggregating_state(
            AggregatingStateDescriptor("spread", LeastAndGreatest(), Types.PICKLED_BYTE_ARRAY())
        )
        self.seen = runtime_context.get_map_state(MapStateDescriptor("seen", long, long))
        self.best = runtime_context.get_list_state(ListStateDescriptor("best", long))
        self.ids = runtime_context.get_map_state(with_ttl(MapStateDescriptor("ids", long, long)))
        self.count = runtime_context.get_state(ValueStateDescriptor("count", long))
        self.told = runtime_context.get_state(ValueStateDescriptor("told", long))

    def process_element(self, value, ctx: KeyedProcessFunction.Context):
        """Tell all answers but the count, which is told in time."""
        number, sensor, _, amount = value
        self.greatest.add(amount)
        self.spread.add(amount)
        self.seen.put(amount, 1)
        self.ids.put(number, amount)
        yield Row(sensor, added(self.total, amount))
        yield GREATEST, Row(sensor, self.greatest.get())
        yield SPREAD, Row(sensor, self.spread.get())
        yield VARIETY, Row(sensor, sum(self.seen.values()))
        yield SENT_ONCE, Row(sensor, sum(self.ids.values()))
        for place, best in enumerate(self.ranked(amount), 1):
            yield BEST, Row(sensor, place, best)
        added(self.count, 1)
        tick(ctx.timer_service())

    def ranked(self, amount):
        """The greatest amounts, one more considered."""
        best = sorted([*self.best.get(), amount], reverse=True)[:PLACES]
        self.best.update(best)
        return best

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext):
        """Tell the count if it is another one."""
        count = self.count.value()
        if count != self.told.value():
            self.told.update(count)
            yield TOLD_IN_TIME, Row(ctx.get_current_key(), count)


class Weighted(KeyedBroadcastProcessFunction):
    """Keeps amounts by grade for each sensor, and the weights of all grades in every task."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state."""
        self.amounts = runtime_context.get_map_state(
            MapStateDescriptor("amounts", Types.STRING(), Types.LONG())
        )
        self.told = runtime_context.get_state(ValueStateDescriptor("told", Types.LONG()))

    def process_broadcast_element(self, value, ctx: KeyedBroadcastProcessFunction.Context) -> None:
        """Keep a weight."""
        grade, weight = value
        ctx.get_broadcast_state(WEIGHTS).put(grade, weight)

    def process_element(self, value, ctx: KeyedBroadcastProcessFunction.ReadOnlyContext) -> None:
        """Keep an amount; its weight may yet come, but for one without a grade."""
        _, _, grade, amount = value
        if grade is None:
            return
        tick(ctx.timer_service())
        self.amounts.put(grade, (self.amounts.get(grade) or 0) + amount)

    def on_timer(self, timestamp: int, ctx: KeyedBroadcastProcessFunction.OnTimerContext):
        """Tell the weighted amount if it is another one; come back while a weight is to come."""
        weights = dict(ctx.get_broadcast_state(WEIGHTS).items())
        amounts = list(self.amounts.items())
        known = [weights[grade] * n for grade, n in amounts if grade in weights]
        if len(known) < len(amounts) and timestamp != END_OF_INPUT:
            tick(ctx.timer_service())
        if known and sum(known) != self.told.value():
            self.told.update(sum(known))
            yield Row(ctx.get_current_key(), sum(known))


def added(state, number):
    """What a state is after a number was added to it."""
    state.update((state.value() or 0) + number)
    return state.value()


def tick(timers) -> None:
    """Come back at the next beat, and when all input has been read.

    Each reading sees to it, and nothing beats without need: a timer that rings while the job is
    stopped with a savepoint is lost, or fails the stop, when Python sets the next one after the
    task has closed its mailbox (seen in 1.20.5, 2026-11-26).
    """
    beat = (timers.current_processing_time() // TICK_MS + 1) * TICK_MS
    timers.register_processing_time_timer(beat)
    timers.register_event_time_timer(END_OF_INPUT)


def with_ttl(descriptor):
    """The state, forgotten after a day without a write: long enough not to be."""
    descriptor.enable_time_to_live(StateTtlConfig.new_builder(Time.days(1)).build())
    return descriptor


def query(readings: DataStream, weights: DataStream) -> tuple[DataStream, ...]:
    """A stream an answer."""
    by_sensor = readings.key_by(lambda row: row[1], key_type=Types.STRING())
    total = by_sensor.process(Zoo(), output_type=BY_SENSOR).uid("zoo")
    weighted = (
        by_sensor.connect(weights.broadcast(WEIGHTS))
        .process(Weighted(), output_type=BY_SENSOR)
        .uid("weighted")
    )
    return total, *(total.get_side_output(tag) for tag in TAGS), weighted
