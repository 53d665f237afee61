"""Impressions, clicks and profiles: in time, and with what makes joining them hard."""

import hashlib
from collections import Counter
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import features
from streamgauge.discovery import load
from streamgauge.paths import scenarios
from streamgauge.values.changelog import fold

# 634 years later.
FAR = 10**10
TEN_MINUTES = timedelta(minutes=10)
SOURCES = load(scenarios() / "feature_join").sources
EACH = pytest.mark.parametrize(
    "generate", [features.impressions, features.clicks, features.profiles]
)

seeds = st.integers(0, 2**64 - 1)


@EACH
@settings(deadline=None, max_examples=20)
@given(seed=seeds, first=st.sampled_from([0, FAR]), start=st.integers(0, 80), rest=st.data())
def test_slice_is_that_of_the_whole(generate, seed, first, start, rest):
    """A slice made alone has the records that the whole has there."""
    stop = rest.draw(st.integers(start, 80))
    whole = generate(seed, first, first + 80)

    assert whole[start:stop] == generate(seed, first + start, first + stop)


@EACH
def test_other_seeds_give_other_records(generate):
    """The seed matters, its upper half included."""
    made = [generate(seed, 0, 50) for seed in (0, 1, 2**32, 2**63)]

    assert all(one != other for one, other in combinations(made, 2))


@pytest.mark.parametrize("source", SOURCES[:2], ids=lambda source: source.name)
@settings(deadline=None, max_examples=5)
@given(seed=seeds, first=st.sampled_from([0, FAR]))
def test_rows_are_out_of_order_but_never_late(source, seed, first):
    """The watermark passes no row before it comes, though rows overtake others."""
    rows = source.generate(seed, first, first + 400)
    times = [row[0] for row in rows]

    assert not source.has_late(rows)
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
    shown = {row[1]: row for row in features.impressions(seed, 0, 600)}
    clicks = features.clicks(seed, 0, 600)
    known = [click for click in clicks if click[1] in shown]
    delays = Counter(click[0] - shown[click[1]][0] for click in known)

    assert {shown[click[1]][2] for click in known} == {click[2] for click in known}
    assert 5 < delays[TEN_MINUTES]
    assert 5 < delays[timedelta(0)]
    assert timedelta(0) == min(delays)
    assert TEN_MINUTES < max(delays)
    assert 1 < max(Counter(click[1] for click in known).values())
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


@pytest.mark.parametrize(
    ("generate", "digest"),
    [
        pytest.param(
            features.impressions,
            "b4002e1e13655885f4a52e30370d9191df28443739ba268f3dc516d051e32da6",
            id="impressions",
        ),
        pytest.param(
            features.clicks,
            "b16fcfee1b3eea41f5651ac824486aa66672ca67458473eb64359c906b5d00c1",
            id="clicks",
        ),
        pytest.param(
            features.profiles,
            "9c4780505f03e36e46753b4b34432520b80eb86b7d4642627f28bb26a017e338",
            id="profiles",
        ),
    ],
)
def test_seed_means_the_same_records_everywhere(generate, digest):
    """Seed 42 names the same records on every machine, Python and numpy."""
    made = repr(generate(42, 0, 600)).encode()

    assert digest == hashlib.sha256(made).hexdigest()
