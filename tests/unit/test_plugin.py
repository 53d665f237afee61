"""A conformance test passes where verdict and rows do, and tells how to repeat a failure."""

from dataclasses import replace

import pytest

from streamgauge.plugin import assert_matches
from streamgauge.records import Record
from streamgauge.run import Outcome

RECORD = Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass", udf="thread", seed=3)
EXPECTED = {"ones": [(1,), (2,)], "twos": [(2,), (2,)]}


def test_rows_of_every_sink_in_any_order():
    """Each as often as expected."""
    assert_matches(EXPECTED, Outcome(RECORD, {"ones": [(2,), (1,)], "twos": [(2,), (2,)]}))


@pytest.mark.parametrize(
    ("record", "rows", "told"),
    [
        pytest.param(
            replace(RECORD, verdict="unknown", reason="it broke"),
            EXPECTED,
            r"\[copy-sql-thread-batch-files-1\.20\.5\] unknown: it broke",
            id="unknown",
        ),
        pytest.param(
            replace(RECORD, verdict="fail", reason="twos: missing"),
            EXPECTED,
            "fail: twos: missing",
            id="fail",
        ),
        pytest.param(
            RECORD, {"ones": [(1,), (2,)], "twos": [(2,)]}, "twos differs", id="pass without rows"
        ),
        pytest.param(
            RECORD,
            {"ones": [(1,), (2,), (2,)], "twos": [(2,), (2,)]},
            "ones differs",
            id="too many",
        ),
    ],
)
def test_difference_names_the_cell(record, rows, told):
    """A pass alone proves nothing where the rows are others."""
    with pytest.raises(AssertionError, match=told):
        assert_matches(EXPECTED, Outcome(record, rows))


def failing(pytester, test, *options):
    """What pytest prints of a test that fails."""
    pytester.makepyfile(test_own=test)
    return pytester.runpytest_inprocess(*options, plugins=["streamgauge.plugin"]).stdout


@pytest.mark.parametrize(
    "options",
    [
        ["--seed=7"],
        ["--flink=1.20", "--flink=2.3", "--seed=0"],
        ["--seed=7", "--hypothesis-profile=default"],
    ],
)
def test_failure_tells_how_to_repeat_it(pytester, options):
    """One line that can be pasted, whatever the inputs were."""
    told = f"* -m pytest 'test_own.py::test_wrong[[]1.20]' {' '.join(options)}"

    output = failing(pytester, "def test_wrong(flink): assert False", *options)

    output.fnmatch_lines(["*- repeat -*", told])


def test_failure_without_flink_is_left_alone(pytester):
    """Other tests are not ours."""
    failing(pytester, "def test_wrong(): assert False").no_fnmatch_line("*- repeat -*")
