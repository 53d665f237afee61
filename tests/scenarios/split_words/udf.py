"""A table function."""

from pyflink.table import DataTypes
from pyflink.table.udf import udtf


def words_of(line):
    """Rows (word, length)."""
    for word in (line or "").split():
        yield word, len(word)


FUNCTIONS = {"words_of": udtf(words_of, result_types=[DataTypes.STRING(), DataTypes.BIGINT()])}
