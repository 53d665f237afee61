"""When what an entry leads to shows, how fresh it is, and what is told of many such times."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from streamgauge.attachments import Arrival
from streamgauge.measure.freshness import Timeline, fresh, pace
from streamgauge.measure.histogram import Histogram
from streamgauge.measure.visible import shown
from streamgauge.tables import Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

SCHEMA = Schema.of(ts="TIMESTAMP(3)")
NOON = datetime.fromisoformat("2024-02-29 12:00:00")


def came(op, *row, at):
    return Arrival(Change(op, row), at)


def test_the_nth_update_of_a_key_is_of_its_nth_entry():
    effects = [(0, ("a", 1)), (1, ("b", 1)), (2, ("a", 2))]
    arrivals = [came("+I", "a", 1, at=5.0), came("+U", "a", 2, at=6.0), came("+I", "b", 1, at=7.0)]

    assert {0: 5.0, 1: 7.0, 2: 6.0} == shown(effects, arrivals, key=[0])


def test_an_update_shows_those_that_it_left_out():
    """A sink that keeps the last of a key for a while tells no other."""
    effects = [(number, ("a", number)) for number in range(4)]
    arrivals = [came("+I", "a", 2, at=5.0), came("-U", "a", 2, at=6.0), came("+U", "a", 3, at=6.0)]

    assert {0: 5.0, 1: 5.0, 2: 5.0, 3: 6.0} == shown(effects, arrivals, key=[0])


def test_what_comes_again_shows_nothing_new():
    """And what no entry leads to shows nothing."""
    effects = [(0, ("a", 1)), (1, ("a", 2))]
    arrivals = [came("+I", "a", 1, at=5.0), came("+U", "a", 1, at=6.0), came("+U", "a", 9, at=7.0)]

    assert {0: 5.0} == shown(effects, arrivals, key=[0])


def test_rows_that_are_alike_come_in_the_order_of_their_entries():
    """Of a sink without a key each is there as often as it came."""
    effects = [(0, ("a",)), (1, ("b",)), (2, ("a",))]
    arrivals = [came("+I", "a", at=5.0), came("+I", "a", at=6.0), came("+I", "b", at=7.0)]

    assert {0: 5.0, 2: 6.0, 1: 7.0} == shown(effects, arrivals)


def test_percentiles_are_those_of_the_sorted_values():
    """To three digits, with those below 0."""
    values = np.random.default_rng(3).normal(0.05, 0.05, 20_000)
    spread = Histogram(values).spread()

    assert (20_000, int((values < 0).sum())) == (spread.count, spread.negative)
    assert (values.min(), values.max()) == (spread.least, spread.most)
    assert {"p50", "p90", "p99", "p99.9"} == spread.percentiles.keys()
    for name, value in spread.percentiles.items():
        wanted = np.quantile(values, float(name[1:]) / 100, method="inverted_cdf")
        assert wanted == pytest.approx(value, rel=0.002, abs=1e-5)


def test_a_percentile_may_be_below_0():
    spread = Histogram([-0.003] * 60 + [0.001] * 40).spread()

    assert -0.003 == pytest.approx(spread.percentiles["p50"], rel=0.002)
    assert 0.001 == pytest.approx(spread.percentiles["p90"], rel=0.002)


@pytest.mark.parametrize(
    ("count", "there"),
    [
        (1, set()),
        (19, set()),
        (20, {"p50"}),
        (999, {"p50", "p90"}),
        (9_999, {"p50", "p90", "p99"}),
        (10_000, {"p50", "p90", "p99", "p99.9"}),
    ],
)
def test_a_percentile_of_too_few_is_left_out(count, there):
    assert there == Histogram([0.001] * count).spread().percentiles.keys()


def test_what_is_older_than_an_hour_is_known_to_be():
    spread = Histogram([9999.0] * 20).spread()

    assert spread.percentiles["p50"] >= 3600 - 1
    assert 9999.0 == spread.most


# A record each 0.1 s of event time, half of that by the clock; each second comes 0.2 s late.
SOURCE = Source("clicks", SCHEMA, list, time="ts", disorder=timedelta(milliseconds=500))
SINK = Sink("ranks", SCHEMA, due="ts")
COUNT = 200


def records():
    delays = (0, 200)
    return [(NOON + timedelta(milliseconds=100 * n - delays[n % 2]),) for n in range(COUNT)]


def due(index):
    return 1000.0 + 0.05 * index


def seconds(number):
    return NOON + timedelta(seconds=number)


def test_pace_is_that_of_event_time():
    assert 0.1 == pytest.approx(pace(SOURCE, records()), rel=1e-3)


def test_the_age_of_the_newest_record_is_told_by_the_clock():
    """Of refreshes while it was fed, and of what happened since the warm-up."""
    line = Timeline(SOURCE, records(), due)
    # What happens at 4.0 is at 1002 by the clock: the newest before is of 3.9, of 5.0 that of 4.9.
    refreshes = [came("+I", seconds(n), at=1000.0 + n / 2 + 0.3) for n in (1, 4, 5, 19.4)]

    seen = fresh(SINK, line, refreshes, since=1001.5)

    assert [0.35, 0.35] == pytest.approx(seen.age, abs=0.01)
    assert [0.0] == pytest.approx(seen.jitter, abs=0.01)


def test_a_refresh_that_is_late_is_jitter():
    """It is whole with its last row; the next one comes sooner after it."""
    line = Timeline(SOURCE, records(), due)
    refreshes = [
        came("+I", seconds(4), at=1002.0),
        came("+I", seconds(4.2), at=1002.1),
        came("+I", seconds(4.2), at=1002.15),
        came("+I", seconds(4.4), at=1002.2),
    ]

    seen = fresh(SINK, line, refreshes, since=0.0)

    assert [0.05, -0.05] == pytest.approx(seen.jitter, abs=0.005)
