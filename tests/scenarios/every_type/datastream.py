"""The same rows, each column with the type that a DataStream has for it."""

from pyflink.common import Types
from pyflink.common.typeinfo import LocalTimeTypeInfo
from scenarios.every_type.samples import NAMES

LOCAL = LocalTimeTypeInfo.TimeType
BYTES = Types.PRIMITIVE_ARRAY(Types.BYTE())
TYPES = [
    Types.LONG(),
    Types.STRING(),
    Types.BOOLEAN(),
    Types.BYTE(),
    Types.SHORT(),
    Types.INT(),
    Types.FLOAT(),
    Types.DOUBLE(),
    Types.BIG_DEC(),
    LocalTimeTypeInfo(LOCAL.LOCAL_DATE),
    LocalTimeTypeInfo(LOCAL.LOCAL_TIME),
    LocalTimeTypeInfo(LOCAL.LOCAL_DATE_TIME),
    LocalTimeTypeInfo(LOCAL.LOCAL_DATE_TIME),
    BYTES,
    BYTES,
    Types.STRING(),
    Types.STRING(),
    BYTES,
    Types.INSTANT(),
]


def query(samples):
    """One stream."""
    return samples.map(lambda row: row, Types.ROW_NAMED(list(NAMES), TYPES))
