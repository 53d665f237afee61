"""The README's table of types has each type, with a value that it takes."""

import re
from datetime import date, datetime, time, timezone
from decimal import Decimal
from pathlib import Path

from streamgauge.values.nested import KINDS
from streamgauge.values.schema import Column

README = Path(__file__).parents[2] / "README.md"
ROW = re.compile(r"^\| `([A-Z_]+[^`]*)` \| `([^`]+)` \| `([^`]+)` \|$", re.MULTILINE)
NAMES = {known.__name__: known for known in (Decimal, date, datetime, time)}
NAMES["timezone"] = timezone
LENGTHS = ("CHAR", "VARCHAR", "BINARY", "VARBINARY")


def test_the_table_has_each_type():
    """In the order in which mistakes are told of them; a value that is shown fits."""
    rows = ROW.findall(README.read_text(encoding="utf-8"))
    columns = [Column("c", kind) for kind, _, _ in rows]

    assert list(KINDS) == [column.kind for column in columns]
    for column, (_, value, _) in zip(columns, rows):
        assert column.check(eval(value, NAMES), null=False) is None  # noqa: S307


def test_the_table_names_a_type_of_pyflink_once():
    """Each has its own, but for those that differ in length alone."""
    found = ROW.findall(README.read_text(encoding="utf-8"))
    of_pyflink = [kind for type_, _, kind in found if type_.partition("(")[0] not in LENGTHS]

    assert len(of_pyflink) == len(set(of_pyflink))
    assert all(kind.startswith(("Types.", "LocalTimeTypeInfo(")) for _, _, kind in found)
