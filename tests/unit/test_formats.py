"""Messages of topics as their table's format has them."""

from datetime import datetime
from decimal import Decimal

import pytest

from streamgauge.attachments import formats, limits
from streamgauge.errors import ScenarioError, UsageError
from streamgauge.slices import encoded
from streamgauge.tables import Sink, Source
from streamgauge.values.inputs import Message, only_rows
from streamgauge.values.schema import Schema

THREE = Schema.of(a="INT", b="INT", c="STRING")
MORE = Schema.of(at="TIMESTAMP(3)", amount="DECIMAL(4, 2)", yes="BOOLEAN", scan="BYTES")
EMPTY = {"kafka": {"csv.null-literal": ""}}
SEMICOLONS = {"kafka": {"csv.field-delimiter": ";"}}


def source(schema=THREE, options=EMPTY, **more):
    return Source("lines", schema, rows=[], format="csv", options=options, **more)


@pytest.mark.parametrize(
    ("options", "row", "text"),
    [
        (EMPTY, (1, None, "x"), "1,,x"),
        (EMPTY, (1, 2, "a,b"), '1,2,"a,b"'),
        (EMPTY, (1, 2, "a\nb"), '1,2,"a\nb"'),
        (EMPTY, (1, 2, "a\rb"), '1,2,"a\rb"'),
        (EMPTY, (1, 2, 'say "№"'), '1,2,"say ""№"""'),
        ({}, (1, None, ""), r"1,\N,"),
        (SEMICOLONS, (1, None, "a;b,c"), r'1;\N;"a;b,c"'),
    ],
)
def test_row_of_csv_and_back(options, row, text):
    """In one message, with quotes where they are needed."""
    sink = Sink("seen", THREE, format="csv", options=options)

    assert [text.encode()] == formats.messages(source(options=options), [row])
    assert row == formats.of(sink).decode(THREE, text.encode())


def test_types_in_csv():
    """As Flink reads them there."""
    at = datetime.fromisoformat("2024-02-29 12:00:00.500")
    row = (at, Decimal("1.50"), True, b"\xff\x00")

    (message,) = formats.messages(source(MORE), [row])

    assert message == b"2024-02-29 12:00:00.500000,1.50,true,/wA="
    assert row == formats.of(source(MORE)).decode(MORE, message)


@pytest.mark.parametrize(("options", "text"), [({}, r"\N"), (EMPTY, "")])
def test_text_that_is_null_in_csv(options, text):
    """It would come as NULL, so it is told."""
    with pytest.raises(ValueError, match="is NULL in this CSV"):
        formats.messages(source(options=options), [(1, 2, text)])


@pytest.mark.parametrize("form", ["csv", "json"])
def test_message_by_hand(form):
    """As it is, among rows."""
    lines = Source("lines", THREE, rows=[(1, None, "x"), Message(b"\xff")], format=form)

    assert lines.check(lines.rows) is None
    assert b"\xff" == formats.messages(lines, lines.rows)[1]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"rows": [Message("x")]}, "record 0 is a message: 'x' are no bytes"),
        (
            {"rows": [Message(b"x")], "key": ("a",)},
            "record 0 is a message: they go among rows by hand, of no",
        ),
        ({"generate": lambda *_: []}, "record 0 is a message: they go among rows by hand"),
        ({"rows": [Message(b"x"), (1, 2)]}, "row 1: 2 columns"),
    ],
)
def test_message_where_it_cannot_be(more, told):
    """Told by source and index before anything starts."""
    lines = Source("lines", THREE, **more)

    with pytest.raises(ScenarioError, match=f"source lines: {told}"):
        lines.check(lines.rows or [Message(b"x")])


def test_message_that_nothing_but_kafka_has():
    """Files are absent for it, and nothing that needs rows passes it over."""
    lines = Source("lines", THREE, rows=[(1, 2, "x"), Message(b"x")])

    assert "files have no messages, such as lines has by hand" == limits.of_files(lines)
    assert limits.of_files(Source("lines", THREE, rows=[(1, 2, "x")])) is None
    with pytest.raises(UsageError, match="source lines: record 1 is a message by hand, not a row"):
        only_rows("lines", lines.rows)


def test_options_of_csv():
    """Those that the table has of its own are not said twice."""
    assert {"format": "csv", "csv.null-literal": r"\N"} == formats.of(source(options={})).options
    assert {"format": "csv"} == formats.of(source()).options


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"format": "cvs"}, "format 'cvs' is none of json, csv"),
        ({"format": "csv", "key": ("a",)}, "cannot have format csv: it has a key, and messages"),
        ({"format": "csv", "options": {"kafka": {"csv.field-delimiter": "||"}}}, "no single"),
        ({"format": "csv", "options": {"kafka": {"csv.quote-character": "'"}}}, "changes how rows"),
        ({"format": "csv", "options": {"filesystem": {"csv.null-literal": ""}}}, "is the run's"),
        (
            {"options": {"kafka": {"csv.null-literal": ""}}},
            "csv.null-literal of kafka is the run's",
        ),
    ],
)
@pytest.mark.parametrize("kind", [Source, Sink])
def test_format_is_checked_when_made(kind, more, told):
    """With the formats there are, and only where messages have one."""
    with pytest.raises(ScenarioError, match=told):
        kind("lines", THREE, rows=[], **more)


def test_raw_messages_have_no_other_format():
    """They are one column as it is."""
    with pytest.raises(ScenarioError, match="source lines: cannot have format csv: raw"):
        source(Schema.of(line="STRING"), raw=True)


@pytest.mark.parametrize("form", ["json", "csv"])
def test_keys_of_messages(form):
    """What is in the key is not in the value, whatever order the columns are in."""
    lines = Source("lines", THREE, rows=[], format=form, message_key=("c", "a"))
    value = {"json": b'{"b": null}', "csv": b"\\N"}[form]

    assert formats.keyer(lines)((1, None, "x")) == b'{"c": "x", "a": 1}'
    assert [value] == formats.messages(lines, [(1, None, "x")])
    assert formats.keyed(lines)["key.fields"] == "c;a"
    assert formats.keyed(source()) == {}
    assert formats.keyer(source())((1, 2, "x")) is None
    assert formats.keyer(lines)(Message(b"?", key=b"!")) == b"!"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"message_key": ("a", "b", "c;")}, "message_key: leaves no column for the value"),
        (
            {"message_key": ("a",), "key": ("a",)},
            "message_key: a source with a key has no messages",
        ),
        ({"message_key": ("c;",)}, "Flink lists its columns with ; between them"),
    ],
)
def test_keys_that_messages_cannot_have(more, told):
    """Told when the source is made."""
    with pytest.raises(ScenarioError, match=told):
        Source("lines", Schema.of(a="INT", b="INT", **{"c;": "INT"}), rows=[], **more)


def test_keys_are_of_a_run():
    """What sends values alone would lose columns."""
    lines = Source("lines", THREE, generate=lambda *_: [], message_key=("a",))

    with pytest.raises(UsageError, match="source lines: its messages have keys"):
        next(encoded(None, lines, 0, range(1)))
