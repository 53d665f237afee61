"""Impressions, clicks and profiles: in time, and with what makes joining them hard."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import features
from streamgauge.discovery import load
from streamgauge.paths import scenarios
from streamgauge.values.changelog import Change, fold
from streamgauge.values.event_time import late

# 634 years later.
FAR = 10**10
TEN_MINUTES = timedelta(minutes=10)
SCENARIO = load(scenarios() / "feature_join")
SOURCES = SCENARIO.sources

seeds = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize("source", SOURCES[:2], ids=lambda source: source.name)
@settings(deadline=None, max_examples=5)
@given(seed=seeds, first=st.sampled_from([0, FAR]))
def test_rows_are_out_of_order_but_never_late(source, seed, first):
    """The watermark passes no row before it comes, though rows overtake others."""
    rows = source.generate(seed, first, first + 400)
    times = [row[0] for row in rows]

    assert [] == late(source, rows)
    assert sorted(times) != times


@settings(deadline=None, max_examples=5)
@given(seeds, st.integers(0, 400))
def test_profiles_are_a_valid_history_in_order_of_time(seed, stop):
    """Any prefix folds without complaint, and no two changes are of the same time."""
    changes = features.profiles(seed, 0, stop)
    times = [change.row[3] for change in changes]

    assert [] == fold(changes, (0,)).invalid
    assert sorted(set(times)) == times


@settings(deadline=None, max_examples=5)
@given(seeds)
def test_clicks_come_at_the_last_moment_too_late_and_on_nothing(seed):
    """Delays of exactly ten minutes, none and more; several on one impression; unknown ones."""
    shown = {row[1]: row for row in features.impressions(seed, 0, 600, hostile=0)}
    clicks = features.clicks(seed, 0, 600, hostile=0)
    known = [click for click in clicks if click[1] in shown]
    delays = Counter(click[0] - shown[click[1]][0] for click in known)

    assert {shown[click[1]][2] for click in known} == {click[2] for click in known}
    assert 5 < delays[TEN_MINUTES]
    assert 5 < delays[timedelta(0)]
    assert timedelta(0) == min(delays)
    assert TEN_MINUTES < max(delays)
    assert 1 < max(Counter(click[1] for click in known).values())
    assert any(shown[click[1]][2] != click[2] for click in known)
    # Before that, a click may be too late for any impression there is.
    assert any(click[1] not in shown for click in clicks[330:])


@settings(deadline=None, max_examples=5)
@given(seeds)
def test_impressions_are_to_users_with_every_kind_of_profile(seed):
    """None at all, one without city, and one that changes between impression and click."""
    shown = {row[1]: row for row in features.impressions(seed, 0, 600)}
    profiles = [change.row for change in features.profiles(seed, 0, 600)]
    spans = [
        (shown[impression][0], ts, user)
        for ts, impression, user in features.clicks(seed, 0, 600)
        if impression in shown
    ]

    assert {row[2] for row in shown.values()} > {row[0] for row in profiles}
    assert {None} < {city for _, city, _, _ in profiles}
    assert any(
        begin < updated < end and whose == user
        for begin, end, user in spans
        for whose, _, _, updated in profiles
    )


def test_impressions_are_clicked_by_nobody_known():
    """And by nobody else in time."""
    inputs = SCENARIO.sample(0)
    known = {**inputs, "clicks": [row for row in inputs["clicks"] if row[2] is not None]}
    labels = [sum(row[-1] for row in SCENARIO.expected(i)["features"]) for i in (inputs, known)]

    assert labels[0] - labels[1] > 5


@pytest.mark.parametrize("seed", range(5))
def test_entries_of_all_sources_arrive_by_event_time(seed):
    """Within the disorder, as they would have: a profile between impressions at any point."""
    times = {source.name: source.schema.names.index(source.time) for source in SOURCES}
    latest = None
    for source, record in SCENARIO.sample(seed).entries:
        row = record.row if isinstance(record, Change) else record
        at = row[times[source]]
        latest = max(at, latest or at)
        assert latest - at <= features.DISORDER
