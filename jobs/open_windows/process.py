"""Windows of a process function: totals in maps, and a timer for the end of each."""

from pyflink.common import Types
from pyflink.datastream import DataStream, KeyedProcessFunction, OutputTag, RuntimeContext
from pyflink.datastream.state import MapStateDescriptor

from jobs.open_windows.rows import MINUTE_MS, STEP_MS, WINDOW, cumulative, plus, window_row

SLIDING = OutputTag("sliding", WINDOW)
CUMULATIVE = OutputTag("cumulative", WINDOW)
SESSIONS = OutputTag("sessions", WINDOW)


def tumbling(at):
    """The window (start, end) of a minute."""
    start = at - at % MINUTE_MS
    return [(start, start + MINUTE_MS)]


def sliding(at):
    """The windows of a minute that begin at each step."""
    last = at - at % STEP_MS
    return [(start, start + MINUTE_MS) for start in range(last, at - MINUTE_MS, -STEP_MS)]


FIXED = (("tumbling", tumbling), ("sliding", sliding), ("cumulative", cumulative))
SPAN = Types.TUPLE([Types.LONG(), Types.LONG()])
TAGS = {"sliding": SLIDING, "cumulative": CUMULATIVE, "sessions": SESSIONS}


class Windows(KeyedProcessFunction):
    """Adds up a sensor's amounts by window, and tells each when event time has come to its end."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state: for each kind, totals by start and end."""
        names = ("in tumbling", "in sliding", "in cumulative", "in sessions")
        self.totals = {
            kind: runtime_context.get_map_state(MapStateDescriptor(name, SPAN, Types.LONG()))
            for kind, name in zip(("tumbling", *TAGS), names)
        }

    def process_element(self, value, ctx: KeyedProcessFunction.Context) -> None:
        """Add the amount to each window that is still open."""
        at, timers, amount = ctx.timestamp(), ctx.timer_service(), value["amount"]
        for kind, windows in FIXED:
            for window in windows(at):
                self.add(kind, window, amount, timers)
        window, amount = self.merged((at, at + STEP_MS), amount)
        self.add("sessions", window, amount, timers)

    def add(self, kind, window, amount, timers) -> None:
        """Add to a window, and come back at its end."""
        if window[1] - 1 > timers.current_watermark():
            totals = self.totals[kind]
            totals.put(window, plus(totals.get(window), amount))
            timers.register_event_time_timer(window[1] - 1)

    def merged(self, new, amount):
        """A session and its amount, made one with those that it touches."""
        sessions = self.totals["sessions"]
        touching = [each for each, _ in sessions.items() if each[0] <= new[1] and new[0] <= each[1]]
        for each in touching:
            amount = plus(sessions.get(each), amount)
            sessions.remove(each)
        starts, ends = zip(new, *touching)
        return (min(starts), max(ends)), amount

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext):
        """Tell the windows that end here, and forget them."""
        for kind, totals in self.totals.items():
            for window in [each for each, _ in totals.items() if each[1] - 1 == timestamp]:
                row = window_row(*window, ctx.get_current_key(), totals.get(window))
                totals.remove(window)
                yield (TAGS[kind], row) if kind in TAGS else row


def query(readings: DataStream) -> tuple[DataStream, ...]:
    """Tumbling, sliding, growing, and sessions."""
    windows = (
        readings.key_by(lambda row: row["sensor"], key_type=Types.STRING())
        .process(Windows(), output_type=WINDOW)
        .uid("windows")
    )
    return windows, *(windows.get_side_output(tag) for tag in TAGS.values())
