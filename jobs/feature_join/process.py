"""Features with one keyed process function over all three streams of a user."""

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


class Features(KeyedProcessFunction):
    """Keeps a user's events, and tells an impression when the time for clicks is over."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state: impressions by time, clicks by impression, versions of the profile."""
        self.shown = runtime_context.get_map_state(
            MapStateDescriptor("shown", Types.LONG(), Types.PICKLED_BYTE_ARRAY())
        )
        self.clicks = runtime_context.get_map_state(
            MapStateDescriptor("clicks", Types.LONG(), Types.PICKLED_BYTE_ARRAY())
        )
        self.versions = runtime_context.get_state(
            ValueStateDescriptor("versions", Types.PICKLED_BYTE_ARRAY())
        )

    def process_element(self, value, ctx: KeyedProcessFunction.Context) -> None:
        """Keep the event; see to it that an impression is told and a click forgotten."""
        _, kind, event = value
        if kind == VERSION:
            self.versions.update([*(self.versions.value() or []), event])
            return
        time, impression, _ = event
        kept, key = (self.shown, time) if kind == IMPRESSION else (self.clicks, impression)
        kept.put(key, [*(kept.get(key) or []), event])
        ctx.timer_service().register_event_time_timer(time + CLICKED_MS)

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext):
        """Tell the impressions of ten minutes ago; forget what none will ask for."""
        time, user = timestamp - CLICKED_MS, ctx.get_current_key()
        versions = still_needed(self.versions.value() or [], time)
        self.versions.update(versions)
        seen = self.seen(time)
        for _, impression, (ts, item) in self.shown.get(time) or []:
            label = int(self.clicked(impression, time))
            yield Row(impression, ts, user, item, *as_of(versions, time), seen, label)
        self.forget(time)

    def seen(self, time) -> int:
        """How many impressions there were in the minutes up to `time`."""
        return sum(len(shown) for at, shown in self.shown.items() if time - SEEN_MS <= at <= time)

    def clicked(self, impression, time) -> bool:
        """Whether a click came in time."""
        clicks = self.clicks.get(impression) or []
        return any(time <= click <= time + CLICKED_MS for click, *_ in clicks)

    def forget(self, time) -> None:
        """Drop impressions and clicks that are too old."""
        old = [at for at, _ in self.shown.items() if at < time - SEEN_MS]
        for at in old:
            self.shown.remove(at)
        old = [key for key, clicks in self.clicks.items() if all(at <= time for at, *_ in clicks)]
        for impression in old:
            self.clicks.remove(impression)


def impression_event(row):
    """(user, IMPRESSION, (time, impression, (ts, item)))."""
    return row[2], IMPRESSION, (millis(row[0]), row[1], (row[0], row[3]))


def click_event(row):
    """(user, CLICK, (time, impression, None))."""
    return row[2], CLICK, (millis(row[0]), row[1], None)


def version_event(row):
    """(user, VERSION, (time, city, level))."""
    return row[0], VERSION, (millis(row[3]), row[1], row[2])


def query(impressions: DataStream, clicks: DataStream, profiles: DataStream) -> DataStream:
    """One row an impression."""
    versions = profiles.filter(is_version)
    return (
        impressions.map(impression_event, output_type=EVENT)
        .union(
            clicks.map(click_event, output_type=EVENT),
            versions.map(version_event, output_type=EVENT),
        )
        .key_by(lambda event: event[0], key_type=Types.LONG())
        .process(Features(), output_type=FEATURE)
        .uid("features")
    )
