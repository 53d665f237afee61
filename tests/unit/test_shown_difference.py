"""What differs can be read on any screen, and in full in a file."""

import io
import os
import resource
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from streamgauge import records
from streamgauge.discovery import load
from streamgauge.records import Record, Recorder
from streamgauge.report import terminal
from streamgauge.report.difference import lines, text
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import Answer, compare
from streamgauge.values.difference import differences
from tests.unit.world import COPIED, GHOST, TOO_MANY, World

CHECKOUT = Path(__file__).resolve().parents[2]
COLUMNS = ("total", "id", "name")
KEY = (1,)


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """A folder of one's own to keep records in."""
    monkeypatch.chdir(tmp_path)


def row(number, name="Ann", total="1.50"):
    return (Decimal(total), number, name)


def inserts(*rows):
    return [Change("+I", each) for each in rows]


def difference(expected, changes, key=KEY, columns=COLUMNS):
    """In the one sink of an answer, which comes with it."""
    answer = Answer({"totals": compare(expected, changes, key)})
    return (answer, differences(answer, {"totals": columns}))


def failed(answer, found, **more):
    first = [each.first() for each in found]
    more = {"dialect": "sql", "run": "r1", **more}
    return Record(
        scenario="copy",
        version=1,
        mode="batch",
        binding="files",
        flink="1.20.5",
        verdict="fail",
        reason=str(answer),
        brief=answer.counts,
        differences=first,
        **more,
    )


def kept(record, found):
    """The record after it was appended, with its file."""
    Recorder("r1").append(record, text(record, (each.whole() for each in found)))
    return record


def within(record):
    """The path of its file, as seen from here."""
    return Path(record.whole).relative_to(Path.cwd())


def of_one(expected, changes, key=KEY, columns=COLUMNS, longest=None):
    """The lines about the one sink."""
    _, (found,) = difference(expected, changes, key, columns)
    return list(lines(found.first(), longest))


def test_columns_that_differ_stand_below_each_other():
    """What rows have in common is said once, the key first; a row alone has its sign."""
    expected = [row(1), row(2), row(3, "it's")]
    came = inserts(row(1, "Bob", "1.05"), row(3, "it's", "2"), row(4, None))

    assert [
        "totals, rows of the same id side by side:",
        "  id = 1",
        "    - total = 1.50",
        "    + total = 1.05",
        "    - name = 'Ann'",
        "    + name = 'Bob'",
        "  - total = 1.50, id = 2, name = 'Ann'",
        "  id = 3, name = 'it''s'",
        "    - total = 1.50",
        "    + total = 2",
        "  + total = 1.50, id = 4, name = NULL",
    ] == of_one(expected, came)


def test_without_a_key_the_nearest_stand_together():
    """Which is said; where there are very many, also that not all were tried."""
    many = [(n, n + 1, "x") for n in range(501)]

    assert [
        "totals, the nearest rows side by side:",
        "  total = 1.50, name = 'Ann'",
        "    - id = 1",
        "    + id = 2",
    ] == of_one([row(1)], inserts(row(2)), ())
    assert (
        "totals, the nearest rows side by side, sought among the first 500:"
        == of_one(many, [], ())[0]
    )


def test_ten_are_shown_and_the_others_counted():
    """Invalid changes too."""
    told = of_one([row(n) for n in range(12)], [Change("-D", row(n)) for n in range(13)])

    assert 10 == sum(line.startswith("  - ") for line in told)
    assert 10 == sum(line.startswith("  ! ") for line in told)
    assert "  and 2 more" == told[11]
    assert "  and 3 more invalid" == told[-1]


def test_invalid_change_is_told_with_those_of_its_key_before_it():
    """The last of them, where there are many."""
    twelve = [Change(op, row(1)) for _ in range(6) for op in ("+I", "-D")]
    told = of_one([], [*inserts(row(2)), *twelve, Change("-D", row(1)), Change("-D", row(2))])

    assert "  ! delete of a missing row: change 13, -D total = 1.50, id = 1" == told[1][:-14]
    assert "    after 2 more" == told[2]
    assert "    after change 3, +I total = 1.50, id = 1, name = 'Ann'" == told[3]
    assert "    after change 12, -D total = 1.50, id = 1, name = 'Ann'" == told[-1]


def test_long_values_are_cut_to_where_they_differ():
    """Only on a screen."""
    one, other = "x" * 500 + "a" + "y" * 500, "x" * 500 + "b" + "y" * 500
    told = of_one([row(1, one)], inserts(row(1, other)), longest=30)

    assert f"    - name = ...{'x' * 20}a{'y' * 9}... (1003 characters)" == told[-2]
    assert f"    + name = ...{'x' * 20}b{'y' * 9}... (1003 characters)" == told[-1]
    assert f"    + name = '{other}'" == of_one([row(1, one)], inserts(row(1, other)))[-1]


def test_file_has_all_of_it():
    """Next to the records, by the umask, with what it is about; its path is in the record."""
    answer, found = difference([row(n) for n in range(30)], inserts(row(5, "\u00e9\udc80")))
    before = os.umask(0o027)
    record = kept(failed(answer, found), found)
    os.umask(before)
    path = Path(record.whole)
    told = path.read_text(encoding="utf-8").splitlines()

    assert Path.cwd() / ".streamgauge" / "records" / "r1" / f"{record.cell}.diff" == path
    assert [record] == records.read(records.find("r1"))
    assert 0o640 == path.stat().st_mode & 0o777
    assert [f"{record.cell}, run r1", "fail: totals: missing 30, extra 1"] == told[:2]
    assert 29 == sum(line.startswith("  - ") for line in told)
    assert "    + name = U&'\u00e9\\DC80'" in told


def test_cell_that_runs_again_has_another_file():
    """In tests a cell runs many times in one run."""
    answer, found = difference([row(1)], [])
    paths = {kept(failed(answer, found), found).whole for _ in range(3)}

    assert 3 == len(paths)
    assert all(Path(path).is_file() for path in paths)


def test_nothing_is_kept_of_what_does_not_differ():
    """A passing cell has no file."""
    passed = Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass")
    Recorder("r1").append(passed, text(passed, []))

    assert ("", "") == (passed.whole, passed.lost)
    assert ["r1.jsonl"] == [path.name for path in Path(".streamgauge/records").iterdir()]


@contextmanager
def full_disk(size):
    """No file may grow beyond this size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_full_disk_costs_the_file_alone(streamgauge):
    """The verdict is recorded, and the reason shown in its place; no part of it is left."""
    answer, found = difference([row(n) for n in range(2000)], [])
    record = failed(answer, found)
    with full_disk(50_000):
        kept(record, found)
    _, out, _ = streamgauge("records", "show")

    path = Path.cwd() / ".streamgauge" / "records" / "r1" / f"{record.cell}.diff"
    assert f"cannot write {path}: File too large" == record.lost
    assert "" == record.whole
    assert [] == list(Path(".streamgauge/records/r1").iterdir())
    assert [record] == records.read(records.find())
    assert record.lost in out.splitlines()
    assert "in full" not in out


def test_what_a_program_printed_is_named(streamgauge):
    """Below the reasons, by its cell."""
    answer, found = difference([row(1)], [])
    record = replace(failed(answer, found), printed=str(Path.cwd() / "logs" / "a.printed"))
    kept(record, found)
    _, out, _ = streamgauge("records", "show")

    assert "copy-sql-batch-files-1.20.5 printed: logs/a.printed" in out.splitlines()


def test_difference_is_shown_with_its_cells(streamgauge):
    """Once for all that have it, with each file's path; not as Python's rows."""
    answer, found = difference([row(1)], inserts(row(1, "Bob")))
    other, others = difference([row(1)], inserts(row(1, "Cy")))
    first = kept(failed(answer, found), found)
    second = kept(failed(other, others, dialect="table"), others)
    third = kept(failed(answer, found, dialect="process"), found)
    _, out, _ = streamgauge("records", "show")

    assert "Decimal(" not in out
    assert (
        "\nfail: totals: missing 1, extra 1\n"
        "  copy-sql-batch-files-1.20.5\n"
        "  copy-process-batch-files-1.20.5\n"
        "\n"
        "- is missing, + came and is not expected, ! is not valid\n"
        "\n"
        "totals, rows of the same id side by side:\n"
        "  id = 1, total = 1.50\n"
        "    - name = 'Ann'\n"
        "    + name = 'Bob'\n"
        f"in full: {within(first)}\n"
        f"in full: {within(third)}\n"
        "\nfail: totals: missing 1, extra 1\n"
        "  copy-table-batch-files-1.20.5\n"
    ) in out
    assert f"    + name = 'Cy'\nin full: {within(second)}\n" in out


@pytest.mark.parametrize("color", [True, False])
def test_narrow_screen_without_colour(monkeypatch, color):
    """Lines are folded where they stand, and signs tell what colours would; a path stays whole."""
    screen = io.StringIO()
    console = Console(
        width=40, force_terminal=True, no_color=not color, file=screen, highlight=False
    )
    monkeypatch.setattr(terminal, "stdout", lambda: console)
    answer, found = difference([row(1)], inserts(row(1, "[b]" + "long " * 20)))
    record = kept(failed(answer, found), found)
    terminal.verdicts([record])
    told = screen.getvalue().splitlines()
    plain = [line.rstrip() for line in told]

    assert color == any("\033[3" in line for line in told)
    assert f"in full: {within(record)}" in plain
    if not color:
        at = plain.index("    - name = 'Ann'")
        assert "    + name = '[b]long long long long" == plain[at + 1]
        assert plain[at + 2].startswith("    long ")
        assert max(len(line) for line in plain[at:-3]) <= 40


def test_tolerance_is_told_with_what_differs():
    """In the line above; a number that is close is what both rows have in common."""
    seen = compare([(1, 0.5, "a")], inserts((1, 0.505, "b")), (0,), {1: 0.01})
    (found,) = differences(Answer({"totals": seen}), {"totals": ("id", "ratio", "name")})

    assert {"ratio": 0.01} == found.first()["tolerance"]
    assert [
        "totals, rows of the same id side by side, ratio within 0.01:",
        "  id = 1, ratio = 0.5E0",
        "    - name = 'a'",
        "    + name = 'b'",
    ] == list(lines(found.first()))


def test_run_tells_what_differs(tmp_path, monkeypatch):
    """As data in the record, in full in the outcome; the reason without rows is beside it."""
    outcome = World(tmp_path, COPIED[:2], COPIED, TOO_MANY).run(monkeypatch)
    record = outcome.record
    (told,) = record.differences
    (whole,) = outcome.differences

    assert ("fail", f"equal at first, then copies: {GHOST}") == (record.verdict, record.reason)
    assert "equal at first, then copies: extra 1" == record.brief
    assert ("copies", ["at", "n"], []) == (told["sink"], told["columns"], told["key"])
    assert [None] == [pair["missing"] for pair in told["pairs"]["first"]]
    assert ["TIMESTAMP '2024-02-29 12:00:00'", "99"] == told["pairs"]["first"][0]["extra"]
    assert told == whole.first()


def test_run_that_passes_tells_nothing(tmp_path, monkeypatch):
    """No difference, and no other reason."""
    outcome = World(tmp_path, COPIED[:2], COPIED).run(monkeypatch)

    assert ((), [], "") == (
        tuple(outcome.differences),
        outcome.record.differences,
        outcome.record.brief,
    )


def wrong_counts(texts):
    """What comes of a count that is wrong: in case, and in what it takes back."""
    counts = {}
    for word in (each.strip(",!") for each in texts):
        if word in counts:
            yield Change("-D", (word, counts[word] if word == "it's" else counts[word] + 1))
        counts[word] = counts.get(word, 0) + 1
        yield Change("+I", (word, counts[word]))


def test_readme_shows_what_a_failing_cell_prints(streamgauge):
    """With the scenario's own oracle and sink."""
    texts = ["Flink", "flink,", "it's", "Stra\u00dfe", "flink!", "it's"]
    asked = load(CHECKOUT / "jobs" / "word_count")
    (sink,) = asked.sinks
    expected = asked.expected({"words": [(text,) for text in texts]})[sink.name]
    seen = compare(expected, list(wrong_counts(texts)), sink.key_indices)
    answer = Answer({sink.name: seen})
    found = differences(answer, {sink.name: sink.schema.names})
    told = {"scenario": asked.id, "dialect": "process", "mode": "streaming", "run": "RUN"}
    record = replace(failed(answer, found), **told)
    Recorder("RUN").append(record, text(record, (each.whole() for each in found)))
    _, out, _ = streamgauge("records", "show")
    shown = out[out.index("fail: ") : out.index("\n\n1 cells:")]

    assert f"```\n{shown}\n```\n" in (CHECKOUT / "README.md").read_text(encoding="utf-8"), shown
