"""A filter before it, and the uid is gone: the state has no operator."""

from pyflink.common import Types
from pyflink.datastream import DataStream

from .adding import TOTAL, Add


def query(sales: DataStream) -> DataStream:
    """(till, total), anew with each sale."""
    return (
        sales.filter(lambda row: row[1] > 0)
        .key_by(lambda row: row[0], key_type=Types.LONG())
        .process(Add(), output_type=TOTAL)
    )
