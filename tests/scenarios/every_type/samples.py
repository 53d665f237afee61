"""Values of every type, under names that have to be quoted."""

from datetime import date, datetime, time
from decimal import Decimal

at = datetime.fromisoformat
# One in another zone, and the last that MySQL has.
INSTANTS = ("2024-02-29T23:59:59.250000+05:30", "2038-01-19T03:14:07+00:00")
# Each column's name, its type, and its values in three rows.
COLUMNS = (
    ("order id", "BIGINT", (-(2**63), 0, 2**63 - 1)),
    ("größe", "STRING NOT NULL", ("straße 😀", "", 'it\'s "quoted", \\ and\ttabbed')),
    ("Select", "BOOLEAN", (True, False, None)),
    ("a.b", "TINYINT", (-128, 127, None)),
    ("it's", "SMALLINT", (-(2**15), 2**15 - 1, None)),
    ('say "hi"', "INT", (-(2**31), 2**31 - 1, None)),
    ("100%", "FLOAT", (0.5, -1.25, None)),
    ("%s", "DOUBLE", (0.1, -2.5e300, None)),
    ("ключ", "DECIMAL(10, 2)", (Decimal("1.50"), Decimal("-99999999.99"), None)),
    ("{}", "DATE", (date(2024, 2, 29), date(1970, 1, 1), None)),
    ("$(id)", "TIME", (time(12, 30), time(23, 59, 59), None)),
    ("value", "TIMESTAMP(3)", (at("2024-02-29T23:59:59.250000"), at("1970-01-01"), None)),
    ("--", "TIMESTAMP(6)", (at("2024-02-29T12:00:00.000001"), at("2038-01-19T03:14:08"), None)),
    ("名前", "BYTES", (b"\x00\xff", b"", None)),
    ("BYTES", "VARBINARY(4)", (b"\x00\xff\x00", b"", None)),
    ("a:b", "CHAR(3)", ("äöü", "a b", None)),
    ("?", "VARCHAR(20)", ("straße", "", None)),
    ("#", "BINARY(3)", (b"\x00\xff\x00", b"abc", None)),
    (
        "[0]",
        "TIMESTAMP_LTZ(3)",
        (*map(at, INSTANTS), None),
    ),
)
NAMES = tuple(name for name, _, _ in COLUMNS)
TYPES = tuple(type_ for _, type_, _ in COLUMNS)
ROWS = tuple(zip(*(values for _, _, values in COLUMNS)))
