"""Word count with DataStream's reduce."""

from pyflink.common import Row, Types
from pyflink.datastream import DataStream

COUNT = Types.ROW_NAMED(["word", "n"], [Types.STRING(), Types.LONG()])


def query(words: DataStream) -> DataStream:
    """Rows (word, n), a new one for a word whenever its count grows."""
    return (
        words.map(lambda row: Row(row[0], 1), output_type=COUNT)
        .key_by(lambda row: row[0], key_type=Types.STRING())
        .reduce(lambda total, one: Row(total[0], total[1] + one[1]))
    )
