"""What feature_join's oracle promises whatever the input: no engine, many small cases."""

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from streamgauge.discovery import load
from streamgauge.paths import scenarios
from streamgauge.values.changelog import fold
from tests.drawn import MOMENTS, USERS, joined, ms

CHEAP = settings(deadline=None, max_examples=2 * settings().max_examples)
MINUTE = timedelta(minutes=1)
SCENARIO = load(scenarios() / "feature_join")


def features(inputs):
    """The answer to impressions, clicks and profiles, in order of impressions' ids."""
    return sorted(SCENARIO.expected(inputs)["features"], key=lambda row: row[0])


@CHEAP
@given(joined())
def test_each_impression_gives_one_row(inputs):
    """And `seen` counts each other one of the five minutes before it, and itself."""
    shown = inputs["impressions"]
    seen = Counter(
        number
        for ts, number, user, _ in shown
        for before, _, other, _ in shown
        if other == user and ms(0) <= ts - before <= 5 * MINUTE
    )

    assert [(number, ts, user, item, seen[number]) for ts, number, user, item in shown] == [
        (*row[:4], row[6]) for row in features(inputs)
    ]


@CHEAP
@given(joined(), st.randoms(use_true_random=False))
def test_rows_may_come_in_any_order(inputs, random):
    """Impressions and clicks in any order, profiles in any that keeps each user's."""
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in inputs.items()}
    shuffled["profiles"] = sorted(inputs["profiles"], key=lambda change: change.row[0])

    assert features(inputs) == features(shuffled)


@CHEAP
@given(joined())
def test_the_profile_is_that_of_the_impressions_time(inputs):
    """City and level are those of the table that the changes until then fold into."""
    changes = inputs["profiles"]
    rows = features(inputs)
    tables = [fold((c for c in changes if c.row[3] <= row[1]), (0,)).table for row in rows]

    assert [table.get((row[2],), (None, None, None))[1:3] for row, table in zip(rows, tables)] == [
        row[4:6] for row in rows
    ]


@CHEAP
@given(joined(), st.sampled_from(MOMENTS))
def test_a_later_profile_changes_no_earlier_features(inputs, moment):
    """Without the changes after a moment, impressions up to it have the same features."""
    known = [change for change in inputs["profiles"] if change.row[3] <= moment]
    until = [row for row in features(inputs) if row[1] <= moment]

    assert until == [row for row in features({**inputs, "profiles": known}) if row[1] <= moment]


@CHEAP
@given(joined(), st.integers(0, 4), st.sampled_from((-1, 0, 1, 599_999, 600_000, 600_001)))
def test_a_click_labels_its_own_impression_within_ten_minutes(inputs, which, delay):
    """One more click changes no other impression's row, and nothing if it is early or late."""
    ts, number, user, _ = inputs["impressions"][which % len(inputs["impressions"])]
    more = {**inputs, "clicks": [*inputs["clicks"], (ts + ms(delay), number, user)]}
    label = int(0 <= delay <= 600_000)

    assert [
        (*row[:7], max(row[7], label)) if row[0] == number else row for row in features(inputs)
    ] == features(more)


@CHEAP
@given(joined(), st.sets(st.sampled_from(USERS)))
def test_users_are_joined_without_the_others(inputs, some):
    """The answer to all has, for some users, the answer to what is theirs."""
    theirs = {row[1] for row in inputs["impressions"] if row[2] in some}
    alone = {
        "impressions": [row for row in inputs["impressions"] if row[1] in theirs],
        "clicks": [row for row in inputs["clicks"] if row[1] in theirs],
        "profiles": [change for change in inputs["profiles"] if change.row[0] in some],
    }

    assert features(alone) == [row for row in features(inputs) if row[0] in theirs]
