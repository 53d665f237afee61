"""Values are told as one would write them in a query."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from streamgauge.values.literals import literal


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "NULL"),
        ("NULL", "'NULL'"),
        ("", "''"),
        ("it's", "'it''s'"),
        ("\u00e9 \U0001f600", "'\u00e9 \U0001f600'"),
        ("two\nlines", "U&'two\\000Alines'"),
        ("it's \\ and \t", "U&'it''s \\\\ and \\0009'"),
        ("a\\b", "'a\\b'"),
        ("\u202eabc", "U&'\\202Eabc'"),
        ("\U000e0001", "U&'\\DB40\\DC01'"),
        ("\udc80", "U&'\\DC80'"),
        (True, "TRUE"),
        (False, "FALSE"),
        (-7, "-7"),
        (0.5, "0.5E0"),
        (1e300, "1E+300"),
        (float("nan"), "CAST('NaN' AS DOUBLE)"),
        (float("-inf"), "CAST('-Infinity' AS DOUBLE)"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.0000001"), "0.0000001"),
        (Decimal("1.50"), "1.50"),
        (datetime.fromisoformat("2024-02-29 12:00:00"), "TIMESTAMP '2024-02-29 12:00:00'"),
        (
            datetime.fromisoformat("2024-02-29 12:00:00.250"),
            "TIMESTAMP '2024-02-29 12:00:00.250000'",
        ),
        (date(2024, 2, 29), "DATE '2024-02-29'"),
        (time(12, 30), "TIME '12:30:00'"),
        (b"\x00\xff", "X'00FF'"),
        (b"", "X''"),
    ],
)
def test_value_is_its_literal(value, told):
    """In one line, whatever is in it."""
    assert told == literal(value)
