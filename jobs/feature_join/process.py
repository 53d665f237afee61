"""Features with two keyed process functions: over a user's streams, then an impression's."""

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import MapStateDescriptor, ValueStateDescriptor

from jobs.feature_join.rows import (
    CLICKED_MS,
    FEATURE,
    SEEN_MS,
    as_of,
    is_version,
    millis,
    still_needed,
)

IMPRESSION, CLICK, VERSION = 1, 2, 3
EVENT = Types.TUPLE([Types.LONG(), Types.INT(), Types.PICKLED_BYTE_ARRAY()])


class Profiled(KeyedProcessFunction):
    """Keeps what is a user's, and tells an impression when no earlier row can come."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state: impressions by time, versions of the profile."""
        self.shown = runtime_context.get_map_state(
            MapStateDescriptor("shown", Types.LONG(), Types.PICKLED_BYTE_ARRAY())
        )
        self.versions = runtime_context.get_state(
            ValueStateDescriptor("versions", Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx: KeyedProcessFunction.Context) -> None:
        """Keep the event; see to it that an impression is told."""
        _, kind, event = value
        if kind == VERSION:
            self.versions.update([*(self.versions.value() or []), event])
            return
        time = event[0]
        self.shown.put(time, [*(self.shown.get(time) or []), event])
        ctx.timer_service().register_event_time_timer(time)

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext):
        """Tell the impressions of this time; forget what none will ask for."""
        versions = still_needed(self.versions.value() or [], timestamp)
        self.versions.update(versions)
        known = (*as_of(versions, timestamp), self.seen(timestamp))
        for time, impression, (ts, item) in self.shown.get(timestamp):
            told = (impression, ts, ctx.get_current_key(), item, *known)
            yield impression, IMPRESSION, (time, told)
        self.forget(timestamp)

    def seen(self, time) -> int:
        """How many impressions there were in the minutes up to `time`."""
        return sum(len(shown) for at, shown in self.shown.items() if time - SEEN_MS <= at <= time)

    def forget(self, time) -> None:
        """Drop impressions that are too old."""
        old = [at for at, _ in self.shown.items() if at < time - SEEN_MS]
        for at in old:
            self.shown.remove(at)


class Labelled(KeyedProcessFunction):
    """Keeps an impression and the clicks on it, whoever's, until the time for clicks is over."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state: the impression with its time, the times of clicks."""
        self.shown = runtime_context.get_state(
            ValueStateDescriptor("shown", Types.PICKLED_BYTE_ARRAY())
        )
        self.clicks = runtime_context.get_state(
            ValueStateDescriptor("clicks", Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx: KeyedProcessFunction.Context) -> None:
        """Keep the event until it is told, or forgotten."""
        _, kind, event = value
        time = event[0]
        if kind == CLICK:
            self.clicks.update([*(self.clicks.value() or []), time])
            ctx.timer_service().register_event_time_timer(time)
        else:
            self.shown.update(event)
            ctx.timer_service().register_event_time_timer(time + CLICKED_MS)

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext):
        """Tell the impression of ten minutes ago; a click without one by now has none."""
        shown, clicks = self.shown.value(), self.clicks.value() or []
        if shown is None:
            self.clicks.update([click for click in clicks if click > timestamp])
        elif timestamp == shown[0] + CLICKED_MS:
            time, told = shown
            yield Row(*told, int(any(time <= click <= time + CLICKED_MS for click in clicks)))
            self.shown.clear()
            self.clicks.clear()


def impression_event(row):
    """(user, IMPRESSION, (time, impression, (ts, item)))."""
    return row[2], IMPRESSION, (millis(row[0]), row[1], (row[0], row[3]))


def click_event(row):
    """(impression, CLICK, (time,)): a click is whoever's."""
    return row[1], CLICK, (millis(row[0]),)


def version_event(row):
    """(user, VERSION, (time, city, level))."""
    return row[0], VERSION, (millis(row[3]), row[1], row[2])


def query(impressions: DataStream, clicks: DataStream, profiles: DataStream) -> DataStream:
    """One row an impression."""
    versions = profiles.filter(is_version)
    profiled = (
        impressions.map(impression_event, output_type=EVENT)
        .union(versions.map(version_event, output_type=EVENT))
        .key_by(lambda event: event[0], key_type=Types.LONG())
        .process(Profiled(), output_type=EVENT)
        .uid("profiled")
    )
    return (
        profiled.union(clicks.map(click_event, output_type=EVENT))
        .key_by(lambda event: event[0], key_type=Types.LONG())
        .process(Labelled(), output_type=FEATURE)
        .uid("labelled")
    )
