"""A tumbling window of processing time."""

from pyflink.common import Row, Time, Types
from pyflink.datastream import DataStream, WindowFunction
from pyflink.datastream.window import TumblingProcessingTimeWindows

COUNT = Types.ROW_NAMED(["word", "n"], [Types.STRING(), Types.LONG()])


class Count(WindowFunction):
    """Counts a window's rows."""

    def apply(self, key, window, inputs):
        """One row."""
        yield Row(key, len(list(inputs)))


def query(words: DataStream) -> DataStream:
    """The word and how many of them a window had."""
    return (
        words.key_by(lambda row: row["word"], key_type=Types.STRING())
        .window(TumblingProcessingTimeWindows.of(Time.seconds(5)))
        .apply(Count(), output_type=COUNT)
    )
