"""The copies as streams of changes."""

from collections.abc import Iterator

from pyflink.common import Row, RowKind, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo
from pyflink.datastream import DataStream

BYTES = Types.PRIMITIVE_ARRAY(Types.BYTE())
# Not Types.SQL_DATE and SQL_TIMESTAMP, which cut microseconds off.
DAY = LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE)
MOMENT = LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME)

ORDERS = {
    "id": Types.BIG_DEC(),
    "customer": Types.STRING(),
    "quantity": Types.LONG(),
    "amount": Types.BIG_DEC(),
    "weight": Types.DOUBLE(),
    "status": Types.STRING(),
    "paid": Types.BOOLEAN(),
    "flags": BYTES,
    "details": Types.STRING(),
    "scan": BYTES,
    "due": DAY,
    "ordered_at": MOMENT,
}
ITEMS = {
    "order_id": Types.BIG_DEC(),
    "line": Types.INT(),
    "product": Types.STRING(),
    "quantity": Types.LONG(),
    "price": Types.BIG_DEC(),
}


def query(orders: DataStream, items: DataStream) -> tuple[DataStream, DataStream]:
    """The changes of both tables, as upserts."""
    return upserts(orders, ORDERS), upserts(items, ITEMS)


def upserts(changes: DataStream, columns: dict) -> DataStream:
    """The same changes without what an upsert says better.

    Not by `filter`: it takes the type of its input, which it cannot say of decimals.
    """
    names, types = list(columns), list(columns.values())
    return changes.flat_map(new_values, output_type=Types.ROW_NAMED(names, types))


def new_values(change: Row) -> Iterator[Row]:
    """The row, unless it is what an update replaces: its new values come next, by the same key.

    An update that changes the primary key comes as a delete and an insert, and
    both are wanted.
    """
    if change.get_row_kind() != RowKind.UPDATE_BEFORE:
        yield change
