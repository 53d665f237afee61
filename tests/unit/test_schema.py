"""Values survive being text, and a schema refuses what Flink would not know."""

from datetime import datetime, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamgauge.errors import ScenarioError, UsageError
from streamgauge.values.schema import Column, Schema, as_bytes
from streamgauge.values.text import to_text

VALUES = {
    "STRING": st.text(),
    "BOOLEAN": st.booleans(),
    "TINYINT": st.integers(-(2**7), 2**7 - 1),
    "SMALLINT": st.integers(-(2**15), 2**15 - 1),
    "INT": st.integers(-(2**31), 2**31 - 1),
    "BIGINT": st.integers(-(2**63), 2**63 - 1),
    "FLOAT": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "DOUBLE": st.floats(allow_nan=False, allow_infinity=False),
    "DECIMAL(12, 4)": st.decimals(-99_999_999, 99_999_999, places=4),
    "DATE": st.dates(),
    "TIMESTAMP(6)": st.datetimes(),
    "BYTES": st.binary(),
    "BINARY(3)": st.binary(min_size=3, max_size=3),
    "VARBINARY(9)": st.binary(max_size=9),
    "CHAR(4)": st.text(min_size=4, max_size=4),
    "VARCHAR(9)": st.text(max_size=9),
    "TIMESTAMP_LTZ(6)": st.datetimes(timezones=st.just(timezone.utc)),
}


@pytest.mark.parametrize("name", sorted(VALUES))
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_value_survives_being_text(name, data):
    """What is written is read as the same value of the same type."""
    value = data.draw(VALUES[name])
    read = Column("c", name).parse(to_text(value))

    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize("name", sorted(VALUES))
@settings(deadline=None, max_examples=40)
@given(st.data())
def test_value_survives_being_json(name, data):
    """What JSON has no value for it has as a text, and any type may be one."""
    value, schema = data.draw(VALUES[name]), Schema.of(c=name)
    as_it_is = Decimal(str(value)) if isinstance(value, float) else value
    jsons = [to_text(value), *([as_it_is] if isinstance(value, (bool, int, float)) else [])]

    for in_json in jsons:
        (read,) = schema.from_json({"c": in_json, "more": 1})
        assert value == read
        assert type(value) is type(read)


@pytest.mark.parametrize(("name", "in_json"), [("BIGINT", True), ("BOOLEAN", 1), ("INT", "x")])
def test_value_of_another_type_in_json_is_refused(name, in_json):
    """A truth is no number, which Python takes it for."""
    with pytest.raises(ValueError, match=r"invalid literal|not true or false"):
        Schema.of(c=name).from_json({"c": in_json})


def test_what_json_has_not_is_null():
    """Whether it says so or leaves it out."""
    assert (None, None) == Schema.of(a="INT", b="STRING").from_json({"b": None})


@pytest.mark.parametrize("name", sorted(VALUES))
def test_null_stays_null(name):
    """NULL is no text, in any type."""
    assert to_text(None) is None
    assert Column("c", name).parse(None) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-02-29 23:59:59", datetime(2024, 2, 29, 23, 59, 59)),  # noqa: DTZ001
        ("2024-02-29T23:59:59.5", datetime(2024, 2, 29, 23, 59, 59, 500_000)),  # noqa: DTZ001
        ("2024-02-29 23:59:59.000001", datetime(2024, 2, 29, 23, 59, 59, 1)),  # noqa: DTZ001
        ("2024-02-29 23:59:59.000001000", datetime(2024, 2, 29, 23, 59, 59, 1)),  # noqa: DTZ001
    ],
)
def test_timestamp_as_flink_writes_it(text, value):
    """Flink leaves trailing zeros of the fraction out, or writes nine digits."""
    assert value == Column("c", "TIMESTAMP(6)").parse(text)


def test_bytes_are_base64():
    """Flink's CSV and JSON formats write a BYTES value so, with its padding."""
    assert "/wA=" == to_text(b"\xff\x00")
    assert b"\xff\x00" == Column("c", "BYTES").parse("/wA=")


@pytest.mark.parametrize("wrong", ["/wA", "_wA=", "/w A=", "naïve"])
def test_text_that_is_no_base64_is_refused(wrong):
    """What is not base64 is not read as far as it goes."""
    with pytest.raises(ValueError):  # noqa: PT011 - the text is the library's
        Column("c", "BYTES").parse(wrong)


@pytest.mark.parametrize(
    ("value", "message"), [("naïve", b"na\xc3\xafve"), (b"\xff\x00", b"\xff\x00"), ("", b"")]
)
def test_raw_message_of_a_value(value, message):
    """A text is UTF-8 in a raw message, and bytes are as they are."""
    assert message == as_bytes(value)


def test_row_from_one_text_a_column():
    """Each text becomes a value of its column's type."""
    schema = Schema.of(word="STRING", n="BIGINT", price="DECIMAL(10, 2)")

    assert ("flink", 3, Decimal("1.50")) == schema.parse(["flink", "3", "1.50"])
    assert ("word", "n", "price") == schema.names


@pytest.mark.parametrize("texts", [[], ["flink"], ["flink", "3", "4"]])
def test_row_with_another_number_of_fields_is_refused(texts):
    """Neither a lost field nor one too many is read in silence."""
    with pytest.raises(ValueError, match="2 are expected"):
        Schema.of(word="STRING", n="BIGINT").parse(texts)


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("STRIN", "STRING"), ("BIGNT", "BIGINT"), ("DECIMALS(10, 2)", "DECIMAL"), ("DAT", "DATE")],
)
def test_unknown_type_is_told_with_the_nearest(wrong, near):
    """A misspelt type is refused when the schema is made."""
    with pytest.raises(ScenarioError) as caught:
        Schema.of(price=wrong)

    assert f"column price: unknown type {wrong!r} (did you mean {near}?)" in str(caught.value)
    assert "valid: STRING, CHAR, VARCHAR, BOOLEAN, TINYINT" in str(caught.value)


@pytest.mark.parametrize("wrong", ["DECIMAL(10", "DECIMAL(a)", "DECIMAL()", "INT x", "int", ""])
def test_malformed_type_is_refused(wrong):
    """Parameters are numbers in parentheses, and nothing follows."""
    with pytest.raises(ScenarioError, match="column price: unknown type"):
        Schema.of(price=wrong)


@pytest.mark.parametrize("name", ["Word", "1st", "a-b", "a b", "naïve", "`it's`", "a.b", "select"])
def test_column_has_a_name_of_any_spelling(name):
    """It is quoted wherever it stands."""
    assert (7,) == Schema((Column(name, "INT"),)).from_json({name: 7})


@pytest.mark.parametrize("wrong", ["", "a\nb", "a\0", "\ud800", "a\u200b"])
def test_name_of_a_column_that_nobody_could_see_is_refused(wrong):
    """It would be told in one line, and not as it is."""
    with pytest.raises(ScenarioError, match="names of columns can be seen, every character"):
        Column(wrong, "STRING")


def test_name_of_a_column_has_an_end():
    """MySQL takes no longer one with what is made beside it."""
    with pytest.raises(ScenarioError, match="at most 48 characters, not 49"):
        Column("a" * 49, "STRING")


def test_column_that_may_not_be_null_is_told_where_it_is():
    """Be it in rows or in one row alone; others may be."""
    schema = Schema.of(id="BIGINT NOT NULL", price="DECIMAL(10, 2) NOT NULL", note="STRING")
    rows = [(1, Decimal(1), None), (2, None, "x")]

    told = "column price: NULL, where a value is needed"
    assert (1, told) == schema.misfit(rows)
    assert told == schema.check(rows[1])
    assert schema.misfit(rows[:1]) is None


def test_column_that_may_not_be_null_has_its_type_apart():
    """What a type is does not depend on it."""
    column = Column("price", "DECIMAL(10, 2) NOT NULL")

    assert ("DECIMAL(10, 2)", "DECIMAL", True) == (column.type, column.kind, column.required)
    assert "DECIMAL(10, 2) NOT NULL" == column.declared
    with pytest.raises(ScenarioError, match="unknown type 'INT NOT NULL'"):
        Column("price", "INT NOT NULL NOT NULL")


def test_columns_have_names_of_their_own():
    """Of two with one name, nobody could tell which is meant."""
    with pytest.raises(ScenarioError, match="column word is there 2 times"):
        Schema((Column("word", "STRING"), Column("n", "INT"), Column("word", "STRING")))


@pytest.mark.parametrize(
    "ask", [lambda s: s.indices(["wrd"]), lambda s: s.column("wrd")], ids=["indices", "column"]
)
def test_unknown_column_is_told_with_the_nearest(ask):
    """A name that no column has is refused."""
    with pytest.raises(
        UsageError, match=r"unknown column 'wrd' \(did you mean word\?\); valid: wo"
    ):
        ask(Schema.of(word="STRING", n="BIGINT"))


def test_column_of_a_name():
    """A column is had by its name."""
    assert Column("n", "BIGINT") == Schema.of(word="STRING", n="BIGINT").column("n")


def test_indices_are_in_the_order_asked_for():
    """A key's columns may stand anywhere."""
    assert (2, 0) == Schema.of(a="INT", b="INT", c="INT").indices(["c", "a"])
