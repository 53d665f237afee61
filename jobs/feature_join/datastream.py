"""Features by connected streams: impressions with profiles, then with clicks."""

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, KeyedCoProcessFunction, RuntimeContext
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


class AsOfProfile(KeyedCoProcessFunction):
    """Gives a user's impressions the profile of their time, and how many there were lately."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state: impressions by time, versions of the profile."""
        self.shown = runtime_context.get_map_state(
            MapStateDescriptor("shown", Types.LONG(), Types.PICKLED_BYTE_ARRAY())
        )
        self.versions = runtime_context.get_state(
            ValueStateDescriptor("versions", Types.PICKLED_BYTE_ARRAY())
        )

    def process_element1(self, value, ctx: KeyedCoProcessFunction.Context) -> None:
        """Keep an impression until no earlier row can come."""
        time = millis(value[0])
        self.shown.put(time, [*(self.shown.get(time) or []), tuple(value)])
        ctx.timer_service().register_event_time_timer(time)

    def process_element2(self, value, ctx: KeyedCoProcessFunction.Context) -> None:
        """Keep a version of the profile."""
        version = (millis(value[3]), value[1], value[2])
        self.versions.update([*(self.versions.value() or []), version])

    def on_timer(self, timestamp: int, ctx: KeyedCoProcessFunction.OnTimerContext):
        """Tell the impressions of this time, and forget what none will ask for."""
        times = list(self.shown.keys())
        for time in times:
            if time < timestamp - SEEN_MS:
                self.shown.remove(time)
        lately = [time for time in times if timestamp - SEEN_MS <= time <= timestamp]
        seen = sum(len(self.shown.get(time)) for time in lately)
        versions = still_needed(self.versions.value() or [], timestamp)
        self.versions.update(versions)
        for ts, impression, user, item in self.shown.get(timestamp):
            yield Row(impression, ts, user, item, *as_of(versions, timestamp), seen, 0)


class Label(KeyedCoProcessFunction):
    """Labels an impression when the time for clicks is over."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state: the impression, the times of clicks on it."""
        self.shown = runtime_context.get_state(
            ValueStateDescriptor("shown", Types.PICKLED_BYTE_ARRAY())
        )
        self.clicks = runtime_context.get_state(
            ValueStateDescriptor("clicks", Types.PICKLED_BYTE_ARRAY())
        )

    def process_element1(self, value, ctx: KeyedCoProcessFunction.Context) -> None:
        """Keep an impression until its time is over."""
        self.shown.update(tuple(value))
        ctx.timer_service().register_event_time_timer(millis(value[1]) + CLICKED_MS)

    def process_element2(self, value, ctx: KeyedCoProcessFunction.Context) -> None:
        """Keep a click as long as an impression before it may come or be open."""
        time = millis(value[0])
        self.clicks.update([*(self.clicks.value() or []), time])
        ctx.timer_service().register_event_time_timer(time + CLICKED_MS)

    def on_timer(self, timestamp: int, ctx: KeyedCoProcessFunction.OnTimerContext):
        """Tell the impression whose time is over; forget clicks that are too old."""
        clicks, shown = self.clicks.value() or [], self.shown.value()
        begin = timestamp - CLICKED_MS
        if shown is not None and millis(shown[1]) == begin:
            clicked = any(begin <= click <= timestamp for click in clicks)
            yield Row(*shown[:7], int(clicked))
            self.shown.clear()
        self.clicks.update([click for click in clicks if click > begin])


def query(impressions: DataStream, clicks: DataStream, profiles: DataStream) -> DataStream:
    """One row an impression."""
    versions = profiles.filter(is_version)
    profiled = (
        impressions.connect(versions)
        .key_by(lambda row: row[2], lambda row: row[0], key_type=Types.LONG())
        .process(AsOfProfile(), output_type=FEATURE)
        .uid("profiled")
    )
    return (
        profiled.connect(clicks)
        .key_by(lambda row: row[0], lambda row: row[1], key_type=Types.LONG())
        .process(Label(), output_type=FEATURE)
        .uid("labelled")
    )
