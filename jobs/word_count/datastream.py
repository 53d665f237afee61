"""Word count with DataStream's reduce."""

from unicodedata import category

from pyflink.common import Row, Types
from pyflink.datastream import DataStream

COUNT = Types.ROW_NAMED(["word", "n"], [Types.STRING(), Types.LONG()])


def trimmed(text) -> str:
    """From the first letter, mark or digit to the last; empty where there is none, or no text."""
    inner = [at for at, character in enumerate(text or "") if category(character)[0] in "LMN"]
    return text[inner[0] : inner[-1] + 1] if inner else ""


def query(words: DataStream) -> DataStream:
    """Rows (word, n), a new one for a word whenever its count grows."""
    return (
        words.map(lambda row: Row(trimmed(row[0]).lower(), 1), output_type=COUNT)
        .filter(lambda row: row[0])
        .key_by(lambda row: row[0], key_type=Types.STRING())
        .reduce(lambda total, one: Row(total[0], total[1] + one[1]))
        .uid("counts")
    )
