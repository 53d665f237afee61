"""Python's windows of a count."""

from pyflink.common import Row, Types
from pyflink.datastream import DataStream, WindowFunction

PAIR = Types.ROW_NAMED(["word", "total"], [Types.STRING(), Types.LONG()])


class Total(WindowFunction):
    """Sums up a window."""

    def apply(self, key, window, inputs):
        """One row."""
        yield Row(key, sum(row["n"] for row in inputs))


def query(words: DataStream) -> DataStream:
    """The word and the sum of each full window."""
    by_word = words.key_by(lambda row: row["word"], key_type=Types.STRING())
    return by_word.count_window(2).apply(Total(), output_type=PAIR)
