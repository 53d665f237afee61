"""Types made of other types: which values they have, and how JSON has those."""

import json
from decimal import Decimal

import pytest

from streamgauge.errors import ScenarioError
from streamgauge.tables import Sink
from streamgauge.values.nested import known, rendered
from streamgauge.values.schema import Column, Schema

DEEP = "ARRAY<ROW<`a b` INT NOT NULL, select MAP<VARCHAR(5), DECIMAL(10, 2)>>>"
PRICES = frozenset({"a": Decimal("1.50"), "b": None}.items())


@pytest.mark.parametrize(
    ("type_", "fit", "misfit"),
    [
        ("ARRAY<INT>", [(), (1, None)], [[1], (1, "a"), (2**31,), 1]),
        ("ARRAY<INT NOT NULL>", [(), (1,)], [(None,)]),
        ("MAP<STRING, INT>", [frozenset({("a", 1), ("b", None)})], [{"a": 1}, frozenset({1})]),
        ("MAP<STRING, INT>", [frozenset()], [frozenset({("a", 1), ("a", 2)})]),
        ("ROW<a INT, b STRING>", [(1, "a"), (None, None)], [(1,), (1, 2), (1, "a", 2), [1, "a"]]),
        ("ARRAY<ARRAY<INT>>", [((1,), ())], [(1,)]),
        (DEEP, [((1, PRICES), (2, None), None)], [((None, PRICES),), ((1, {}),)]),
    ],
)
def test_values_of_a_type(type_, fit, misfit):
    """Tuples, and of a map pairs: a row can be part of a set then."""
    column = Column("c", type_)

    assert [None] * len(fit) == [column.check(value, null=False) for value in fit]
    assert all(column.check(value, null=True) for value in misfit)
    assert len(fit) == len({*fit})


@pytest.mark.parametrize(
    ("type_", "value", "in_json"),
    [
        ("ARRAY<DOUBLE>", (0.5, None), "[0.5, null]"),
        ("ARRAY<BYTES>", (b"a",), '["YQ=="]'),
        ("ROW<a INT, b ROW<c DATE>>", (1, (None,)), '{"a": 1, "b": {"c": null}}'),
        (DEEP, ((1, PRICES), None), '[{"a b": 1, "select": {"a": "1.50", "b": null}}, null]'),
    ],
)
def test_values_in_json(type_, value, in_json):
    """As Flink's format reads them; and as it writes them they are read."""
    schema = Schema.of(c=type_)

    assert f'{{"c": {in_json}}}' == json.dumps(schema.to_json((value,)))
    assert [in_json] == schema.texts((value,))
    assert (value,) == schema.from_json(json.loads(f'{{"c": {in_json}}}', parse_float=Decimal))
    assert (value,) == schema.parse([in_json])


def test_field_that_json_lacks_is_null():
    """As a column is."""
    assert ((None, 1),) == Schema.of(c="ROW<a INT, b INT>").from_json({"c": {"b": 1, "x": 2}})


def test_names_in_a_type_are_quoted():
    """Where Flink reads it: they may be words of SQL."""
    told = "ARRAY<ROW<`a b` INT NOT NULL, `select` MAP<VARCHAR(5), DECIMAL(10, 2)>>>"

    assert told == rendered(DEEP)
    assert f"{told} NOT NULL" == Column("c", f"{DEEP} NOT NULL").declared
    assert "ARRAY" == Column("c", DEEP).kind


@pytest.mark.parametrize(
    "wrong",
    [
        "ARRAY",
        "ARRAY<>",
        "ARRAY<INT",
        "ARRAY<INT>>",
        "ARRAY<INT, INT>",
        "ARRAY<INTT>",
        "MAP<STRING>",
        "ROW<a>",
        "ROW<INT>",
        "ROW<a INT,>",
        "ROW<a INT b INT>",
        "ARRAY<DECIMAL(40, 1)>",
        "ARRAYS<INT>",
        "ARRAY<INT> x",
    ],
)
def test_what_is_no_type_is_told(wrong):
    """In one line, with those that there are."""
    with pytest.raises(ScenarioError, match=r"^column c: .*; valid: STRING, [^\n]*, MAP, ROW$"):
        Column("c", wrong)


def test_keys_of_maps_are_texts():
    """In JSON; Flink's format refuses others when the job runs."""
    with pytest.raises(ValueError, match="MAP<INT, INT>: in JSON keys are texts: STRING, CHAR, V"):
        known("MAP<INT, INT>")


@pytest.mark.parametrize("type_", ["ARRAY<INT>", "MAP<STRING, INT>", "ROW<a INT>"])
@pytest.mark.parametrize("in_json", [1, "[1]", True, [{"a": "x"}], {"a": "x"}])
def test_another_value_in_json_is_refused(type_, in_json):
    """As one of a plain type is."""
    with pytest.raises(ValueError, match=r"is no (list|dict|single value) of JSON|invalid literal"):
        Schema.of(c=type_).from_json({"c": in_json})


def test_csv_has_no_values_made_of_others():
    """Told when the table is made."""
    with pytest.raises(ScenarioError, match="sink a: cannot have format csv: it has no values ma"):
        Sink("a", Schema.of(tags="ARRAY<STRING>"), format="csv")
