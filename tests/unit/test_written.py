"""Rows in files: NULL and the empty text apart, and what does not fit told by line and column."""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamgauge.discovery import load
from streamgauge.errors import ScenarioError
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema
from streamgauge.values.written import read_lines, read_rows

SCHEMA = Schema.of(id="INT", name="STRING", at="TIMESTAMP(3)")
NOON = datetime.fromisoformat("2026-01-31 12:00:00.250")
SCENARIO = """
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

ROWS = Schema.of(id="INT", name="STRING", at="TIMESTAMP(3)")
SCENARIO = Scenario(
    id="seen",
    version=1,
    question="Who was seen?",
    sources=(Source("people", ROWS, rows="{rows}"),),
    sinks=(Sink("seen_people", ROWS, rows="people.csv"),),
    bindings=("files",),
)
"""


@pytest.fixture
def file(tmp_path):
    """Writes a file."""

    def file(name, text):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return file


def test_an_empty_field_is_null_and_two_quotes_are_a_text(file):
    """Also in the last place, before either end of a line, and at the file's end."""
    text = '\ufeffid,name,at\r\n1,"",2026-01-31 12:00:00.25\r\n,"a ""b"",\nc",\n2,x\x0b,'

    assert read_rows(file("a.csv", text), SCHEMA) == [
        (1, "", NOON),
        (None, 'a "b",\nc', None),
        (2, "x\x0b", None),
    ]


def test_columns_stand_in_any_order(file):
    """By the names in the first line."""
    assert [(1, "x", NOON)] == read_rows(
        file("a.csv", "name,at,id\nx,2026-01-31T12:00:00.25,1"), SCHEMA
    )


def test_json_lines(file):
    """Numbers, texts and NULL as JSON has them."""
    rows = (
        '{"id": 1, "name": "", "at": "2026-01-31 12:00:00.250"}',
        '{"at": null, "name": null, "id": 2}',
    )
    text = "\n\n".join(rows)

    assert [(1, "", NOON), (2, None, None)] == read_rows(file("a.jsonl", text), SCHEMA)


def test_decimals_of_json_keep_their_digits(file):
    """More of them than a float has."""
    text = '{"price": 12345678901234567890.10}'

    assert read_rows(file("a.jsonl", text), Schema.of(price="DECIMAL(22, 2)")) == [
        (Decimal("12345678901234567890.10"),)
    ]


def test_changes_have_an_op(file):
    """Where the source has a key; without one a row is new."""
    rows = read_rows(file("a.csv", "op,id,name,at\n+I,1,x,\n-D,1,x,"), SCHEMA, changes=True)
    plain = read_rows(file("b.csv", "id,name,at\n1,x,"), SCHEMA, changes=True)

    assert [Change("+I", (1, "x", None)), Change("-D", (1, "x", None))] == rows
    assert rows[:1] == plain


texts = st.text('a",\n\r \u2028', min_size=1, max_size=4)


@given(st.lists(st.tuples(texts, texts), max_size=4))
def test_what_python_writes_is_read(tmp_path_factory, rows):
    """Quotes, commas and ends of lines within a field."""
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    path = tmp_path_factory.getbasetemp() / "drawn.csv"
    path.write_bytes(written.getvalue().encode())

    assert rows == [
        (line.fields["a"], line.fields["b"]) for line in read_lines(path, lambda *_: None)
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "", "a.csv: is empty: its first line has to name the columns"),
        ("a.csv", "id,id\n", "a.csv: line 1: column id twice"),
        ("a.csv", "id,\n", "a.csv: line 1: a column without a name"),
        ("a.csv", "id,name\n1,x", "a.csv: line 1: column at is missing"),
        (
            "a.csv",
            "id,name,at,x\n1,x,,",
            "a.csv: line 1: column x is not of the schema: id, name, at",
        ),
        ("a.csv", "id,name,at\n1,x", "a.csv: line 2: 2 fields, where 3 are named"),
        ("a.csv", "id,name,at\n1,x,,,", "a.csv: line 2: 5 fields, where 3 are named"),
        ("a.csv", 'id,name,at\n1,"a\nb",\n1.5,x,', "a.csv: line 4: column id: '1.5' is no INT"),
        ("a.csv", f"id,name,at\n{2**31},x,", "a.csv: line 2: column id: 2147483648 is no INT,"),
        ("a.csv", "id,name,at\n1,x,noon", "a.csv: line 2: column at: 'noon' is no TIMESTAMP(3)"),
        ("a.csv", 'id,name,at\n1,"x,', "a.csv: line 2: a quoted field has no end"),
        ("a.csv", 'id,name,at\n1,"x"y,', "a.csv: line 2: text behind a quoted field"),
        ("a.csv", b"id,name,at\n1,\xff,", "a.csv: is not UTF-8"),
        ("a.jsonl", "[1]", "a.jsonl: line 1: no JSON object"),
        ("a.jsonl", '{"id": 1', "a.jsonl: line 1: not JSON"),
        ("a.jsonl", '{"id": 1, "id": 2}', "a.jsonl: line 1: not JSON: 'id' is there twice"),
        ("a.jsonl", '{"id": NaN}', "a.jsonl: line 1: not JSON: it has no NaN"),
        ("a.jsonl", "[" * 100_000, "a.jsonl: line 1: not JSON"),
        (
            "a.jsonl",
            json.dumps({"id": 1, "name": {"a": 1}, "at": None}),
            "a.jsonl: line 1: column name: {'a': 1} is no STRING",
        ),
        (
            "a.csv",
            "id,name,at\n1,x,2026-01-31 12:00:00.0000001",
            "a.csv: line 2: column at: '2026-01-31 12:00:00.0000001' is no TIMESTAMP(3), such as",
        ),
        ("a.jsonl", json.dumps({"id": 1, "name": "x"}), "a.jsonl: line 1: column at is missing"),
        (
            "a.jsonl",
            json.dumps({"id": "x", "name": "x", "at": None}),
            "a.jsonl: line 1: column id: 'x' is no INT",
        ),
    ],
)
def test_what_does_not_fit_is_told(file, name, text, message):
    """By file, line and column."""
    with pytest.raises(ScenarioError) as error:
        read_rows(file(name, text), SCHEMA)

    assert str(error.value).startswith(message)


@pytest.fixture
def scenario(tmp_path):
    """Writes a scenario whose source and sink have a file; any other file lies beside it."""

    def scenario(rows="people.csv"):
        folder = tmp_path / "seen"
        folder.mkdir()
        (folder / "scenario.py").write_text(SCENARIO.format(rows=rows))
        (folder / "query.sql").write_text("SELECT * FROM people")
        (folder / "people.csv").write_text('id,name,at\n1,"",2026-01-31 12:00:00.250\n')
        (folder / "notes.csv").write_text("anything")
        return folder

    return scenario


def test_source_and_sink_have_the_rows_of_a_file(scenario):
    """Which may be one and the same."""
    found = load(scenario())

    assert {"people": [(1, "", NOON)]} == dict(found.sample(0))
    assert {"seen_people": [(1, "", NOON)]} == found.expected(found.sample(0))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("persons.csv", "missing file persons.csv, the rows of source people"),
        ("../people.csv", "source people: rows are no file NAME.csv or NAME.jsonl of its folder"),
        ("people.txt", "source people: rows are no file NAME.csv or NAME.jsonl of its folder"),
        ("notes.csv", "notes.csv: line 1: column anything is not of the schema"),
    ],
)
def test_wrong_file_is_told(scenario, rows, message):
    """Before anything starts."""
    with pytest.raises(ScenarioError, match=message):
        load(scenario(rows))
