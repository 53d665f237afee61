"""The same, of the values that Python has of them."""

from pyflink.common import Row, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo

LOCAL = LocalTimeTypeInfo.TimeType
BYTES = Types.PRIMITIVE_ARRAY(Types.BYTE())
INNER = Types.ROW_NAMED(["on", "at"], [Types.BOOLEAN(), LocalTimeTypeInfo(LOCAL.LOCAL_DATE_TIME)])
LINE = Types.ROW_NAMED(
    ["product", "n", "codes"], [Types.STRING(), Types.INT(), Types.MAP(Types.STRING(), BYTES)]
)
TYPES = {
    "id": Types.LONG(),
    "tags": Types.OBJECT_ARRAY(Types.STRING()),
    "days": Types.OBJECT_ARRAY(Types.OBJECT_ARRAY(LocalTimeTypeInfo(LOCAL.LOCAL_DATE))),
    "prices": Types.MAP(Types.STRING(), Types.BIG_DEC()),
    "place": Types.ROW_NAMED(["a b", "select", "inner"], [Types.DOUBLE(), Types.STRING(), INNER]),
    "lines": Types.OBJECT_ARRAY(LINE),
    "first": Types.STRING(),
    "price": Types.BIG_DEC(),
    "place_on": Types.BOOLEAN(),
    "n": Types.INT(),
}


def query(samples):
    """One stream."""
    return samples.map(with_parts, Types.ROW_NAMED(list(TYPES), list(TYPES.values())))


def with_parts(row):
    """The row, and what is taken out of it."""
    _, tags, _, prices, place, lines = row
    inner, line = place and place[2], lines and lines[0]
    first = tags[0] if tags else None
    return Row(*row, first, (prices or {}).get("é"), inner and inner[0], line and line[1])
