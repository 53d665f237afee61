"""A comparison sees what differs, also where the end state is right."""

from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace

import pytest

from streamgauge import versions
from streamgauge.cells import make_cell
from streamgauge.clusters.rest import JobError
from streamgauge.discovery import discover
from streamgauge.run import CellRun
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import STRICTNESS, compare

A, B = ("a", 1), ("b", 2)

both_strictnesses = pytest.mark.parametrize("strictness", STRICTNESS)


def inserts(*rows):
    return [Change("+I", row) for row in rows]


@both_strictnesses
def test_equal_rows_in_another_order_are_ok(strictness):
    """The order of rows with different keys does not matter."""
    seen = compare([A, B], inserts(B, A), strictness, key=(0,))

    assert seen.ok
    assert "equal" == str(seen)
    assert {A, B} == set(seen.rows)


@both_strictnesses
def test_nothing_is_equal_to_nothing(strictness):
    """No rows where none are expected is ok."""
    assert compare([], [], strictness, key=(0,)).ok


@both_strictnesses
def test_wrong_row_is_missing_and_extra(strictness):
    """A row with a wrong value is told with the row that should be there."""
    seen = compare([A, B], inserts(A, ("b", 3)), strictness, key=(0,))

    assert not seen.ok
    assert (B,) == seen.missing
    assert (("b", 3),) == seen.extra


@both_strictnesses
def test_lost_row_is_missing(strictness):
    """A row that never came is not ok."""
    seen = compare([A, B], inserts(A), strictness, key=(0,))

    assert not seen.ok
    assert (B,) == seen.missing


@both_strictnesses
def test_duplicate_is_not_ok(strictness):
    """A row that came twice is not ok, though folding would hide it."""
    assert not compare([A, B], inserts(A, B, A), strictness, key=(0,)).ok


def test_multiset_counts_rows():
    """A row that should come twice has to come twice."""
    assert compare([A, A], inserts(A, A), "multiset").ok
    assert (A,) == compare([A, A], inserts(A), "multiset").missing


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        pytest.param([("a", 2)], [("+I", A), ("+I", ("a", 2))], id="insert of present"),
        pytest.param([A], [("+U", A)], id="update of missing"),
        pytest.param([B], [("+I", B), ("-D", A)], id="delete of missing"),
        pytest.param([B], [("+I", B), ("-D", ("a", None))], id="tombstone of missing"),
        pytest.param(
            [("a", 2)], [("+I", A), ("-U", ("a", 9)), ("+U", ("a", 2))], id="-U of another row"
        ),
        pytest.param([], [("+I", A), ("-D", ("a", 9))], id="-D of another row"),
    ],
)
def test_invalid_change_is_not_ok_where_the_end_is_right(expected, changes):
    """The end state alone would be equal: the way to it is not valid."""
    seen = compare(expected, [Change(*change) for change in changes], "changelog", key=(0,))

    assert ((), ()) == (seen.missing, seen.extra)
    assert 1 == len(seen.invalid)
    assert not seen.ok


@pytest.mark.parametrize("op", ["-U", "+U", "-D"])
def test_multiset_takes_inserts_only(op):
    """Another change is not ok, even where its row is expected."""
    seen = compare([A, B], [Change("+I", A), Change(op, B)], "multiset")

    assert not seen.ok
    assert "only inserts" in str(seen)


def test_text_is_an_excerpt():
    """Many differences are counted, a few of them shown."""
    text = str(compare([(n,) for n in range(10)], [], "multiset"))

    assert text.startswith("missing 10: (0,)")
    assert text.endswith("and 7 more")


def test_text_shows_few_differences_whole():
    """Where all are shown, no more are promised."""
    text = str(compare([A], inserts(B), "multiset"))

    assert "missing 1: ('a', 1); extra 1: ('b', 2)" == text


WORDS = {"words": [("flink",), ("flink",), ("row",)]}
COUNTED = inserts(("flink", 2), ("row", 1))
TOO_MANY = [*COUNTED, Change("+I", ("ghost", 1))]
INVALID = [*COUNTED, Change("+I", ("row", 1))]


def cell_run(patience=10):
    line = versions.line(versions.default_line())
    cell = make_cell(discover()["word_count"], "sql", "streaming", "kafka", line)
    record = SimpleNamespace(rows_out=0, seconds={})
    return CellRun(SimpleNamespace(patience=patience), cell, WORDS, record)


def reads(*contents):
    """A sink that has each of `contents` in turn, and then the last one."""
    each = chain(contents, repeat(contents[-1]))
    return SimpleNamespace(read=lambda _: next(each))


def running(stop=lambda *_: None):
    """The REST interface of a cluster whose job runs until it is stopped."""
    return SimpleNamespace(check_alive=lambda _: None, stop=stop)


def engine(rest):
    """An engine of which nothing has died."""
    return SimpleNamespace(check=lambda: None, cluster=SimpleNamespace(rest=rest))


def hold(sink, rest):
    return cell_run()._hold(rest, "job", sink, SimpleNamespace(folder=Path()))


def test_rows_that_stay_equal_hold():
    """Equal before, during and after the stop is ok."""
    assert hold(reads(COUNTED), running()).ok


def test_late_row_is_not_ok():
    """A row that comes after equality is a failure that says so."""
    seen = hold(reads(COUNTED, TOO_MANY), running())

    assert not seen.ok
    assert "equal at first, then extra 1: ('ghost', 1)" == str(seen)


def test_row_written_at_the_stop_is_not_ok():
    """What the job still had to write when it was stopped counts as well."""
    content = list(COUNTED)
    sink = SimpleNamespace(read=lambda _: content)
    seen = hold(sink, running(stop=lambda *_: content.append(TOO_MANY[-1])))

    assert not seen.ok
    assert str(seen).startswith("equal at first, then ")


def test_settling_waits_for_rows_that_are_on_their_way():
    """A sink that is not equal yet gets time to become it."""
    assert cell_run()._settle(engine(running()), "job", reads([], COUNTED[:1], COUNTED), WORDS).ok


def test_settling_ends_at_an_invalid_change():
    """No time can make it right, so it is not waited for."""
    once = iter([INVALID])
    sink = SimpleNamespace(read=lambda _: next(once))

    assert cell_run()._settle(engine(running()), "job", sink, WORDS).invalid


def test_settling_tells_what_was_seen_last():
    """Once patience is over, what is there is the answer, and not an error."""
    seen = cell_run(patience=0.01)._settle(engine(running()), "job", reads(COUNTED[:1]), WORDS)

    assert (("row", 1),) == seen.missing


def test_settling_does_not_outlive_the_job():
    """A job that died ends the wait with its error, even where the rows are equal."""

    def check_alive(job):
        raise JobError("it died")

    dead = engine(SimpleNamespace(check_alive=check_alive))

    with pytest.raises(JobError, match="it died"):
        cell_run()._settle(dead, "job", reads(COUNTED), WORDS)
