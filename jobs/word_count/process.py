"""Word count with keyed state and timers."""

from unicodedata import category

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ValueStateDescriptor

COUNT = Types.ROW_NAMED(["word", "n"], [Types.STRING(), Types.LONG()])
REFRESH_MS = 20
END_OF_INPUT = 2**63 - 1


class CountWords(KeyedProcessFunction):
    """Counts each word; tells a count that changed at the next refresh or at the end of input."""

    def open(self, runtime_context: RuntimeContext) -> None:
        """Get the state: the count, and the count that was told last."""
        self.count = runtime_context.get_state(ValueStateDescriptor("count", Types.LONG()))
        self.told = runtime_context.get_state(ValueStateDescriptor("told", Types.LONG()))

    def process_element(self, value: str, ctx: KeyedProcessFunction.Context) -> None:
        """Count one occurrence."""
        self.count.update((self.count.value() or 0) + 1)
        timers = ctx.timer_service()
        timers.register_processing_time_timer(_next_refresh(timers.current_processing_time()))
        timers.register_event_time_timer(END_OF_INPUT)

    def on_timer(self, timestamp: int, ctx: KeyedProcessFunction.OnTimerContext):
        """Tell the count, once for all that came since the last time."""
        count = self.count.value()
        if count != self.told.value():
            self.told.update(count)
            yield Row(ctx.get_current_key(), count)


def _next_refresh(now: int) -> int:
    return (now // REFRESH_MS + 1) * REFRESH_MS


def trimmed(text) -> str:
    """From the first letter, mark or digit to the last; empty where there is none, or no text."""
    inner = [at for at, character in enumerate(text or "") if category(character)[0] in "LMN"]
    return text[inner[0] : inner[-1] + 1] if inner else ""


def query(words: DataStream) -> DataStream:
    """Rows (word, n), a new one for a word when its count has grown."""
    return (
        words.map(lambda row: trimmed(row[0]).lower(), output_type=Types.STRING())
        .filter(lambda word: word)
        .key_by(lambda word: word, key_type=Types.STRING())
        .process(CountWords(), output_type=COUNT)
        .uid("counts")
    )
