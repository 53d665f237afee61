"""Windows of Python keep rows of all types, and close when the watermark says so."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches

SESSIONS = load(Path(__file__).with_name("scenarios") / "sessions")
BUNDLE = "python.fn-execution.bundle"
MODES = [(mode, binding) for mode in SESSIONS.modes for binding in SESSIONS.bindings]


@pytest.mark.parametrize(("mode", "binding"), MODES)
def test_windows_keep_rows_whole(flink, mode, binding):
    """Days, microseconds and decimals come out of a window's state as they went in."""
    inputs = SESSIONS.sample(flink.seed)

    outcome = flink.run(SESSIONS, "datastream", mode, binding, inputs)

    assert_matches(SESSIONS.expected(inputs, mode), outcome)


def test_windows_close_at_the_watermark_each_time(flink):
    """Another meter's row closes a session that the next row would prolong: 10 times in 6 runs."""
    outcomes = [
        flink.run(SESSIONS, "datastream", "streaming", "kafka", {"readings": closing()})
        for _ in range(6)
    ]

    assert ["pass"] * 6 == [outcome.record.verdict for outcome in outcomes]
    assert "1" == outcomes[0].record.settings[f"{BUNDLE}.size"]


def test_windows_of_one_bundle_do_not_close_in_time(flink):
    """What bundles of a row are for: else the next row prolongs what the watermark had closed."""
    settings = {f"{BUNDLE}.size": "1000", f"{BUNDLE}.time": "600000"}
    whole = replace(SESSIONS, settings=settings)

    record = flink.run(whole, "datastream", "streaming", "files", {"readings": closing()}).record

    assert "fail" == record.verdict, record.reason


def closing():
    """Sessions that close, ten times."""
    return [row for number in range(10) for row in closed(number)]


def closed(number):
    """A reading of one meter, one of another 3 ms later, and the first's 1 ms after that."""
    (row,) = SESSIONS.sources[0].generate(0, 0, 1)
    begin = row[0] + timedelta(milliseconds=100 * number)
    for meter, late in ((1, 0), (2, 3), (1, 4)):
        yield begin + timedelta(milliseconds=late), meter, *row[2:]
