"""Columns of MySQL's own types, and the type of Flink that has their values."""

from datetime import date, datetime, time
from decimal import Decimal

from streamgauge.values.changelog import Change

at = datetime.fromisoformat
# Each column's name, MySQL's type, Flink's, and its values in three rows.
COLUMNS = (
    ("tiny", "TINYINT", "TINYINT", (-128, 127, None)),
    ("tiny_u", "TINYINT UNSIGNED", "SMALLINT", (0, 255, None)),
    ("small", "SMALLINT", "SMALLINT", (-(2**15), 2**15 - 1, None)),
    ("small_u", "SMALLINT UNSIGNED", "INT", (0, 2**16 - 1, None)),
    ("medium", "MEDIUMINT", "INT", (-(2**23), 2**23 - 1, None)),
    ("medium_u", "MEDIUMINT UNSIGNED", "INT", (0, 2**24 - 1, None)),
    ("whole", "INT", "INT", (-(2**31), 2**31 - 1, None)),
    ("whole_u", "INT UNSIGNED", "BIGINT", (0, 2**32 - 1, None)),
    ("big", "BIGINT", "BIGINT", (-(2**63), 2**63 - 1, None)),
    ("big_u", "BIGINT UNSIGNED", "DECIMAL(20, 0)", (Decimal(0), Decimal(2**64 - 1), None)),
    ("single", "FLOAT", "FLOAT", (0.5, -1.25, None)),
    ("double_", "DOUBLE", "DOUBLE", (0.1, -2.5e300, None)),
    ("dec", "DECIMAL(38, 10)", "DECIMAL(38, 10)", (Decimal("1.5000000000"), Decimal(-2), None)),
    ("bit1", "BIT(1)", "BOOLEAN", (True, False, None)),
    ("truth", "BOOLEAN", "BOOLEAN", (True, False, None)),
    ("day", "DATE", "DATE", (date(2024, 2, 29), date(1000, 1, 1), None)),
    ("clock", "TIME", "TIME", (time(12, 30), time(23, 59, 59), None)),
    ("dt0", "DATETIME", "TIMESTAMP(0)", (at("2024-02-29T23:59:59"), at("1970-01-01"), None)),
    ("dt3", "DATETIME(3)", "TIMESTAMP(3)", (at("2024-02-29T23:59:59.250"), at("9999-12-31"), None)),
    (
        "dt6",
        "DATETIME(6)",
        "TIMESTAMP(6)",
        (at("2024-02-29T12:00:00.000001"), at("1970-01-01"), None),
    ),
    ("year_", "YEAR", "INT", (1901, 2155, None)),
    ("char_", "CHAR(3)", "CHAR(3)", ("äöü", "a b", None)),
    ("varchar_", "VARCHAR(20)", "VARCHAR(20)", ("straße 😀", "", None)),
    ("tinytext_", "TINYTEXT", "STRING", ("x", "", None)),
    ("text_", "TEXT", "STRING", ('it\'s "quoted", \\ and\ttabbed', "", None)),
    ("longtext_", "LONGTEXT", "STRING", ("y" * 1000, "", None)),
    ("enum_", "ENUM('a', 'b')", "STRING", ("a", "b", None)),
    ("set_", "SET('a', 'b')", "STRING", ("a,b", "b", None)),
    ("json_", "JSON", "STRING", ("[]", "true", None)),
    ("binary_", "BINARY(3)", "BYTES", (b"\x01\xff\x02", b"abc", None)),
    ("varbinary_", "VARBINARY(4)", "BYTES", (b"\x00\xff\x00", b"", None)),
    ("blob_", "BLOB", "BYTES", (b"\x00\xff", b"", None)),
)
NAMES = tuple(name for name, *_ in COLUMNS)
TYPES = tuple(type_ for _, _, type_, _ in COLUMNS)
STORED = {name: stored for name, stored, _, _ in COLUMNS}
ROWS = tuple(zip(*(values for *_, values in COLUMNS)))


def rows(seed, start, stop):
    """New rows, with a number before the values."""
    return [Change("+I", (number, *ROWS[number % len(ROWS)])) for number in range(start, stop)]
