"""A conformance test passes where the verdict and every sink's rows do."""

from dataclasses import replace

import pytest

from streamgauge.plugin import assert_matches
from streamgauge.records import Record
from streamgauge.run import Outcome

RECORD = Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass", udf="thread", seed=3, rows=2)
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
            "repeat: streamgauge run copy --dialect sql --udf thread .* --seed 3 --rows 2",
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
def test_difference_names_the_cell_and_how_to_repeat_it(record, rows, told):
    """A pass alone proves nothing where the rows are others."""
    with pytest.raises(AssertionError, match=told):
        assert_matches(EXPECTED, Outcome(record, rows))
