"""Rows are held against their schema: columns, types, ranges, NULLs."""

import time as clock
from datetime import date, datetime, time, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamgauge.errors import ScenarioError
from streamgauge.values.changelog import Change
from streamgauge.values.fitting import check_changes, check_rows
from streamgauge.values.schema import Column, Schema
from streamgauge.values.text import to_text

NOON = datetime.fromisoformat("2024-02-29 12:00:00")
FIT = {
    "STRING": st.text(st.characters(exclude_categories=["Cs"])),
    "BOOLEAN": st.booleans(),
    "TINYINT": st.integers(-(2**7), 2**7 - 1),
    "SMALLINT": st.integers(-(2**15), 2**15 - 1),
    "INT": st.integers(-(2**31), 2**31 - 1),
    "BIGINT": st.integers(-(2**63), 2**63 - 1),
    "FLOAT": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "DOUBLE": st.floats(allow_nan=False, allow_infinity=False),
    "DECIMAL(12, 4)": st.decimals(-99_999_999, 99_999_999, places=4),
    "DECIMAL(38, 38)": st.decimals(Decimal("-0.99"), Decimal("0.99"), places=2),
    "DECIMAL": st.integers(-(10**10) + 1, 10**10 - 1).map(Decimal),
    "DATE": st.dates(),
    "TIME": st.times().map(lambda drawn: drawn.replace(microsecond=0)),
    "TIMESTAMP(3)": st.datetimes().map(
        lambda drawn: drawn.replace(microsecond=drawn.microsecond // 1000 * 1000)
    ),
    "TIMESTAMP": st.datetimes(),
    "TIMESTAMP(9)": st.datetimes(),
    "BYTES": st.binary(),
}
INTEGERS = {"TINYINT", "SMALLINT", "INT", "BIGINT"}
EACH = pytest.mark.parametrize("kind", FIT)


def columns(*kinds):
    return Schema(tuple(Column(f"c{number}", kind) for number, kind in enumerate(kinds)))


@EACH
@given(st.data())
def test_value_of_a_type_fits(kind, data):
    """And NULL does, where nothing needs a value."""
    value = data.draw(FIT[kind])

    assert columns(kind).check((value,)) is None
    assert columns(kind).misfit([(value,), (None,)]) is None


@EACH
@given(st.data())
def test_value_that_fits_survives_being_text(kind, data):
    """What the schema takes is what it reads: both know the same types."""
    value = data.draw(FIT[kind])
    column = Column("c", kind)

    assert column.check(column.parse(to_text(value)), null=False) is None


@settings(deadline=None)
@given(st.sampled_from(sorted(FIT)), st.sampled_from(sorted(FIT)), st.data())
def test_value_of_another_type_does_not_fit(kind, other, data):
    """Nothing of one type passes for another, but numbers in the range of both."""
    value = data.draw(FIT[other])
    alike = {kind.partition("(")[0], other.partition("(")[0]}

    fits = columns(kind).check((value,)) is None
    assert not fits or len(alike) == 1 or alike <= INTEGERS


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("STRING", "\ud800"),
        ("STRING", b"text"),
        ("BOOLEAN", 1),
        ("TINYINT", 2**7),
        ("TINYINT", True),
        ("SMALLINT", -(2**15) - 1),
        ("INT", True),
        ("INT", 2**31),
        ("INT", -(2**31) - 1),
        ("INT", 1.0),
        ("BIGINT", 2**63),
        ("BIGINT", Decimal(1)),
        ("FLOAT", 1),
        ("FLOAT", 0.1),
        ("FLOAT", 3.5e38),
        ("FLOAT", float("nan")),
        ("DOUBLE", 1),
        ("DOUBLE", float("nan")),
        ("DOUBLE", float("-inf")),
        ("DECIMAL(4, 2)", Decimal(100)),
        ("DECIMAL(4, 2)", Decimal("1.001")),
        ("DECIMAL(4, 2)", Decimal("NaN")),
        ("DECIMAL(4, 2)", 1),
        ("DECIMAL", Decimal("0.5")),
        ("DATE", NOON),
        ("TIME", time(12, 0, 0, 1)),
        ("TIME", time(12, tzinfo=timezone.utc)),
        ("TIMESTAMP(3)", NOON.replace(microsecond=1)),
        ("TIMESTAMP(0)", NOON.replace(microsecond=500_000)),
        ("TIMESTAMP(3)", NOON.replace(tzinfo=timezone.utc)),
        ("TIMESTAMP(3)", date(2024, 2, 29)),
        ("TIMESTAMP(3)", "2024-02-29 12:00:00"),
        ("BYTES", "text"),
    ],
)
def test_misfit_is_told_with_column_and_value(kind, value):
    """What it should be, too."""
    told = columns("INT", kind).check((1, value))

    assert told.startswith(f"column c1: {value!r} is no {kind}, ")
    assert (1, told) == columns("INT", kind).misfit([(1, None), (1, value), (1, value)])


def test_moment_with_a_zone_is_told_what_to_write():
    """The same moment in UTC, without the zone; a date is not told of zones."""
    told = columns("TIMESTAMP(3)").check((NOON.replace(tzinfo=timezone.utc),))

    assert told.endswith("; write value.astimezone(timezone.utc).replace(tzinfo=None)")
    assert "astimezone" not in columns("TIMESTAMP(3)").check((NOON.date(),))
    assert "astimezone" not in columns("DATE").check((NOON,))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("DECIMAL(4, 2)", Decimal("1.5000")),
        ("DECIMAL(4, 2)", Decimal("1E+1")),
        ("DECIMAL(4, 2)", Decimal("-0.000")),
        ("DECIMAL(4, 2)", Decimal("-99.99")),
        ("DECIMAL(38, 0)", Decimal("9" * 38)),
        ("TIMESTAMP(3)", NOON.replace(microsecond=999_000)),
    ],
)
def test_value_at_the_edge_of_its_type_fits(kind, value):
    """Digits count that are needed."""
    assert columns(kind).check((value,)) is None


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ((1,), "1 columns, not 2: (1,)"),
        ((1, "a", None), "3 columns, not 2: (1, 'a', None)"),
        ([1, "a"], "[1, 'a'] is no tuple"),
        (None, "None is no tuple"),
        ((1, b"x" * 200), f"column c1: b'{'x' * 98}... is no STRING, a str that UTF-8 has"),
    ],
)
def test_row_of_another_shape_is_told(row, told):
    """No column is lost in silence; what is long is cut."""
    assert told == columns("INT", "STRING").check(row)


def test_null_is_told_where_a_value_is_needed():
    """As in a key."""
    schema = columns("INT", "STRING")

    assert schema.check((None, None)) is None
    assert "column c1: NULL, where a value is needed" == schema.check((1, None), ["c1"])
    assert schema.misfit([(None, "a")], ["c1"]) is None


def test_error_names_table_and_row():
    """The first one that does not fit."""
    with pytest.raises(ScenarioError, match=r"^sink counts: row 1: column c0: 'b' is no INT, an "):
        check_rows("sink counts", columns("INT"), [(1,), ("b",), ("c",)])


def test_rows_and_changes_are_told_apart():
    """A source has a key, and then gives changes, or it has none."""
    row, change = (1,), Change("+I", (1,))

    with pytest.raises(ScenarioError, match=r"sink s: record 1 is a change, not a row: Change"):
        check_rows("sink s", columns("INT"), [row, change])
    with pytest.raises(ScenarioError, match=r"source s: record 1 is a row, not a change: \(1,\)"):
        check_changes("source s", columns("INT"), [change, row], ["c0"], [])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change("+X", (1, NOON, "a")), "record 0: '+X' is none of +I, -U, +U, -D"),
        (Change("-D", (None, NOON, "a")), "row 0: column c0: NULL, where a value is needed"),
        (Change("+I", (1, None, "a")), "row 0: column c1: NULL, where a value is needed"),
        (Change("+U", (1, None, "a")), "row 0: column c1: NULL, where a value is needed"),
        (Change("-D", (1, None, 3)), "row 0: column c2: 3 is no STRING"),
        (Change("-D", (1, None, None)), None),
        (Change("-U", (1, None, None)), None),
    ],
)
def test_change_has_a_key_and_what_comes_a_time(change, told):
    """A tombstone knows its key alone."""
    schema = columns("INT", "TIMESTAMP(3)", "STRING")
    if told is None:
        check_changes("source s", schema, [change], ["c0"], ["c1"])
        return
    with pytest.raises(ScenarioError) as caught:
        check_changes("source s", schema, [change], ["c0"], ["c1"])

    assert str(caught.value).startswith(f"source s: {told}")


def test_many_rows_take_no_time():
    """100,000 of twelve columns: well under a second, if the machine has no more to do."""
    kinds = ["BIGINT", "STRING", "TIMESTAMP(3)", "DECIMAL(12, 4)", "DOUBLE", "BOOLEAN"] * 2
    row = (1, "naïve", NOON, Decimal("1.2345"), 0.5, None) * 2
    begun = clock.process_time()
    check_rows("source s", columns(*kinds), [row] * 100_000, ["c0"])

    assert clock.process_time() - begun < 2


@pytest.mark.parametrize("wrong", ["DECIMAL(39, 2)", "DECIMAL(4, 5)", "TIMESTAMP(10)", "TIME(3)"])
def test_type_that_flink_has_not_is_told(wrong):
    """With what it may be."""
    with pytest.raises(ScenarioError, match=r"column c0: (DECIMAL|TIMESTAMP|TIME)\(.*\): "):
        columns(wrong)


def test_parameters_of_a_type_that_has_none_are_told():
    """They would mean nothing."""
    with pytest.raises(ScenarioError, match=r"column c0: unknown type 'INT\(3\)': too many param"):
        columns("INT(3)")
