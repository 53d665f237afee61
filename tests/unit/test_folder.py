"""Folders: the harness writes what Flink reads, and reads what Flink writes."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from streamgauge.attachments.folder import FolderSink, FolderSource
from streamgauge.attachments.place import Place
from streamgauge.tables import Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry
from streamgauge.values.schema import Schema

TEXTS = Schema.of(id="BIGINT", text="STRING", more="STRING")
TYPES = Schema.of(
    id="BIGINT",
    yes="BOOLEAN",
    ratio="DOUBLE",
    amount="DECIMAL(12, 4)",
    day="DATE",
    at="TIMESTAMP(6)",
    image="BYTES",
)
COUNTS = Schema.of(word="STRING", n="BIGINT")


def place(folder, runs_in="batch"):
    return Place("run_1", runs_in, folder / "run_1", {})


def fed(folder, asked, *rows):
    """A source with rows in it."""
    attached = FolderSource(place(folder), asked)
    attached.create()
    attached.feed([Entry(asked.name, row) for row in rows])
    return attached


def contents(folder, sink, runs_in="batch"):
    """The changes that are read of a sink."""
    return [arrival.change for arrival in FolderSink(place(folder, runs_in), sink).read()]


def source(schema, **more):
    return Source("rows", schema, generate=lambda *_: [], **more)


def round_trip(folder, schema, rows):
    """What is read back of rows fed to a source."""
    fed(folder, source(schema), *rows)
    return contents(folder, Sink("rows", schema))


def written(folder, parts, runs_in="batch"):
    """What is read of a sink whose part files have these texts."""
    folder = folder / "run_1" / "counts"
    folder.mkdir(parents=True)
    for name, text in parts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return contents(folder.parents[1], Sink("counts", COUNTS, key=("word",)), runs_in)


def envelope(op, before=None, after=None):
    """A line as Flink's debezium-json writes it."""
    return json.dumps({"before": before, "after": after, "op": op}, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "plain",
        "a,b",
        'say "hi"',
        '"',
        "two\nlines",
        "tab\t",
        "NULL",
        "№ 李小龍 🦑",
        "'",
        "\\",
    ],
)
def test_text_survives(tmp_path, text):
    """NULL, the empty string and all that CSV has to quote come back as they were."""
    rows = [(1, text, "x"), (2, "x", text)]

    assert [Change("+I", row) for row in rows] == round_trip(tmp_path, TEXTS, rows)


def test_only_column_may_be_empty(tmp_path):
    """A row of one empty string is a row, and no blank line."""
    rows = [("",), (None,), ("x",)]
    changes = round_trip(tmp_path, Schema.of(text="STRING"), rows)

    assert [Change("+I", row) for row in rows] == changes


def test_types_survive(tmp_path):
    """Each type comes back as itself, and as NULL."""
    at = datetime(2024, 2, 29, 23, 59, 59, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
    rows = [
        (2**62, True, 1e-7, Decimal("-10000000.0000"), date(2024, 2, 29), at, b"\n\xff"),
        (0, False, -0.5, Decimal("0.1000"), date(1, 1, 1), at.replace(microsecond=0), b""),
        (None,) * 7,
    ]

    assert [Change("+I", row) for row in rows] == round_trip(tmp_path, TYPES, rows)


def test_parts_are_read_in_the_order_of_writing(tmp_path):
    """Counters are numbers: part 10 comes after part 2."""
    parts = {f"part-5ca-1234-0-{n}": f"w,{n}\n" for n in (10, 2, 0)}
    parts["part-5ca-1234-1-1"] = "v,1\n"

    assert [("w", 0), ("w", 2), ("w", 10), ("v", 1)] == [c.row for c in written(tmp_path, parts)]


def test_parts_of_a_batch_are_read_in_order_too(tmp_path):
    """A batch job names its files after the task."""
    parts = {f"part-5ca-task-0-file-{n}": f"w,{n}\n" for n in (10, 2)}

    assert [("w", 2), ("w", 10)] == [change.row for change in written(tmp_path, parts)]


def test_unfinished_files_are_not_read(tmp_path):
    """What Flink hides is not committed yet."""
    parts = {
        "part-x-0-0": "flink,3\n",
        ".part-x-0-1.inprogress.5f": "flink,4\n",
        "_SUCCESS": "",
        ".staging_1": "",
    }

    assert [Change("+I", ("flink", 3))] == written(tmp_path, parts)


def test_sink_that_got_nothing_has_no_rows(tmp_path):
    """A job without output makes no folder."""
    assert [] == contents(tmp_path, Sink("counts", COUNTS))


def test_changelog_of_a_stream(tmp_path):
    """In streaming, a row comes with `c` and goes with `d`."""
    one, two = {"word": "naïve, № 1", "n": 1}, {"word": "naïve, № 1", "n": 2}
    lines = envelope("c", after=one) + envelope("d", before=one) + envelope("c", after=two)

    assert [
        Change("+I", ("naïve, № 1", 1)),
        Change("-D", ("naïve, № 1", 1)),
        Change("+I", ("naïve, № 1", 2)),
    ] == written(tmp_path, {"part-x-0-0": lines}, "streaming")


@pytest.mark.parametrize(
    ("lines", "changes"),
    [
        pytest.param(
            [("c", 1), ("c", 2), ("d", 1), ("d", 2)],
            [("+I", 1), ("+U", 2), ("-D", 2)],
            id="the next comes before the last goes",
        ),
        pytest.param(
            [("c", 1), ("c", 2), ("d", 2), ("d", 1)],
            [("+I", 1), ("+U", 2), ("+U", 1), ("-D", 1)],
            id="the next goes first",
        ),
        pytest.param([("c", 1), ("c", 1), ("d", 1)], [("+I", 1), ("+U", 1), ("+U", 1)], id="twice"),
        pytest.param([("d", 1)], [("-D", 1)], id="what was never there goes"),
        pytest.param(
            [("c", 1), ("d", 2), ("c", 3)],
            [("+I", 1), ("-D", 2), ("+I", 3)],
            id="another one goes",
        ),
    ],
)
def test_of_several_rows_of_a_key_the_last_is_there(tmp_path, lines, changes):
    """The files have what comes and what goes, in the order in which Flink tells it."""
    side = {"c": "after", "d": "before"}
    text = "".join(envelope(op, **{side[op]: {"word": "a", "n": n}}) for op, n in lines)

    assert [Change(op, ("a", n)) for op, n in changes] == written(
        tmp_path, {"part-x-0-0": text}, "streaming"
    )


def test_changelog_has_nulls_and_exact_decimals(tmp_path):
    """JSON's null is NULL, and a decimal is never a float on the way."""
    schema = Schema.of(id="BIGINT", amount="DECIMAL(20, 4)", note="STRING")
    folder = tmp_path / "run_1" / "orders"
    folder.mkdir(parents=True)
    line = '{"before":null,"after":{"id":1,"amount":1234567890123456.7001,"note":null},"op":"c"}\n'
    (folder / "part-x-0-0").write_text(line)
    (change,) = contents(tmp_path, Sink("orders", schema, key=("id",)), "streaming")

    assert Change("+I", (1, Decimal("1234567890123456.7001"), None)) == change


@pytest.mark.parametrize(
    ("runs_in", "key", "form"),
    [
        ("batch", ("word",), "'csv'"),
        ("streaming", (), "'csv'"),
        ("streaming", ("word",), "'debezium-json'"),
    ],
)
def test_format_of_a_sink(tmp_path, runs_in, key, form):
    """Only a stream with a primary key has updates to tell."""
    (ddl,) = FolderSink(place(tmp_path, runs_in), Sink("counts", COUNTS, key=key)).ddl()

    assert f"'format' = {form}" in ddl
    assert bool(key) == ("PRIMARY KEY (`word`) NOT ENFORCED" in ddl)
    assert f"'path' = 'file://{tmp_path}/run_1/counts'" in ddl


@pytest.mark.parametrize(("raw", "form"), [(False, "csv"), (True, "raw")])
def test_format_of_a_source(tmp_path, raw, form):
    """A raw source has lines as they are, any other CSV."""
    (ddl,) = FolderSource(place(tmp_path), source(Schema.of(line="BYTES"), raw=raw)).ddl()

    assert f"'format' = '{form}'" in ddl
    assert raw == ("csv.null-literal" not in ddl)


def test_source_with_a_time_has_a_watermark(tmp_path):
    """Event time is declared where the table is."""
    (ddl,) = FolderSource(place(tmp_path), source(Schema.of(at="TIMESTAMP(3)"), time="at")).ddl()

    assert "WATERMARK FOR `at`" in ddl


def test_raw_lines_are_written_as_they_are(tmp_path):
    """Neither quoted nor encoded: bytes need not be a text at all."""
    lines = source(Schema.of(line="BYTES"), raw=True)
    fed(tmp_path, lines, ('say "hi", №',), (b"\xff\x00",), ("",))
    (written,) = (tmp_path / "run_1" / "rows").iterdir()

    assert b'say "hi", \xe2\x84\x96\n\xff\x00\n\n' == written.read_bytes()


@pytest.mark.parametrize("line", ["two\nlines", b"two\nlines", "\n", "end\r", b"end\r\n"])
def test_raw_line_that_a_file_cannot_hold_is_refused(tmp_path, line):
    """Flink would read two lines of it, or one without its end."""
    with pytest.raises(ValueError, match="a line of a file cannot hold"):
        fed(tmp_path, source(Schema.of(line="BYTES"), raw=True), ("good",), (line,))


def test_carriage_return_within_a_raw_line_stays(tmp_path):
    """Only one just before the line's end would be taken for a part of that."""
    fed(tmp_path, source(Schema.of(line="STRING"), raw=True), ("one\rtwo",))

    assert b"one\rtwo\n" == (tmp_path / "run_1" / "rows" / "rows.csv").read_bytes()


def test_what_is_fed_later_comes_after(tmp_path):
    """Nothing that is there is lost."""
    attached = fed(tmp_path, source(COUNTS), ("one", 1))
    attached.feed([Entry("rows", ("two", 2))])

    assert [("one", 1), ("two", 2)] == [
        change.row for change in contents(tmp_path, Sink("rows", COUNTS))
    ]


def test_file_that_comes_later_is_read_after_the_others(tmp_path):
    """What was read is not read again; all that is there is counted."""
    folder = tmp_path / "run_1" / "counts"
    folder.mkdir(parents=True)
    sink = FolderSink(place(tmp_path), Sink("counts", COUNTS))
    seen = []
    for name in ("part-x-1-0", "part-x-0-0"):
        (folder / name).write_text(f"{name},1\n")
        seen.append([arrival.change.row for arrival in sink.read()])

    assert [[("part-x-1-0", 1)], [("part-x-1-0", 1), ("part-x-0-0", 1)]] == seen
    came = [(folder / name).stat().st_ctime for name in ("part-x-1-0", "part-x-0-0")]
    assert came == [arrival.at for arrival in sink.read()]
    assert 2 == sink.count()


def test_the_same_bytes_are_known_again(tmp_path):
    """In the same order; what is another byte is other bytes."""

    def raw(folder, *texts):
        (tmp_path / folder / "run_1" / "counts").mkdir(parents=True)
        for at, text in enumerate(texts):
            (tmp_path / folder / "run_1" / "counts" / f"part-x-0-{at}").write_text(text)
        return FolderSink(place(tmp_path / folder), Sink("counts", COUNTS)).raw()

    first, same, turned, more = (
        raw("a", "x,1\n", "y,1\n"),
        raw("b", "x,1\n", "y,1\n"),
        raw("c", "y,1\n", "x,1\n"),
        raw("d", "x,1\n", "y,11\n"),
    )

    assert 2 == first.changes
    assert first.digest == same.digest
    assert 3 == len({each.digest for each in (first, turned, more)})
    assert first.first <= same.first


def test_drop_leaves_nothing(tmp_path):
    """The table's folder goes, and nothing beside it; one that was never made may go too."""
    attached = fed(tmp_path, source(COUNTS), ("flink", 3))
    (tmp_path / "run_1" / "neighbour").touch()
    attached.drop()
    FolderSink(place(tmp_path), Sink("counts", COUNTS)).drop()

    assert ["neighbour"] == [path.name for path in (tmp_path / "run_1").iterdir()]
