"""What the oracles' answers promise whatever the input: no engine, many small cases."""

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamgauge.discovery import load
from streamgauge.paths import scenarios
from streamgauge.values.changelog import Change, fold

EXAMPLES = settings().max_examples
CHEAP = settings(deadline=None, max_examples=2 * EXAMPLES)
# Each click is in 600 windows.
DEAR = settings(deadline=None, max_examples=max(EXAMPLES // 4, 1))

STEP = timedelta(milliseconds=100)
MINUTE = timedelta(minutes=1)
DISORDER = timedelta(milliseconds=500)
MIDNIGHT = datetime(2024, 3, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone

loaded = cache(load)


def one_of_all(values):
    """One draw for a whole row: five draws would take most of the time."""
    return st.sampled_from(list(values))


def ms(number):
    """A time or a span, in ms."""
    return timedelta(milliseconds=number)


def answer(scenario, **inputs):
    """The oracle's rows by sink."""
    return loaded(scenarios() / scenario).expected(inputs)


# click_top10: about the edges of steps, of the minute and of the disorder.

CLICK_TIMES = [MIDNIGHT + ms(at) for at in (-1000, -500, -499, -1, 0, 99, 100, 500, 1000)]


def clicks_of(users, actions):
    """Rows with the name and sex that a user always has."""
    return one_of_all(
        (ts, user, f"user {user}", "fm"[user % 2], action)
        for ts, user, action in product(CLICK_TIMES, users, actions)
    )


few = st.lists(
    clicks_of(range(5), ["click", "click", "click", "is_delete"]), min_size=1, max_size=8
)
crowds = st.lists(
    clicks_of(range(0, 26, 2), ["click"]), min_size=11, max_size=13, unique_by=lambda row: row[1]
)


def arriving(rows):
    """The rows in any order in which none is late: each comes less than 0.5 s after its time."""
    delays = st.lists(st.sampled_from((0, 100, 499)), min_size=len(rows), max_size=len(rows))
    return delays.map(
        lambda late_by: [
            row for row, _ in sorted(zip(rows, late_by), key=lambda pair: pair[0][0] + ms(pair[1]))
        ]
    )


some_or_many = few | st.tuples(few, crowds).map(lambda both: both[0] + both[1])
in_time = some_or_many.flatmap(arriving)


def ranks(rows):
    """The answer to clicks."""
    return answer("click_top10", clicks=rows)


AGREE = ([], [])


def differing(expected, actual):
    """The first row that only one of them has: all 1,200 would take pytest minutes to show."""
    one, other = Counter(expected), Counter(actual)
    return sorted(one - other)[:1], sorted(other - one)[:1]


def step_begin(time):
    """The begin of the step of 0.1 s that a time is in."""
    return time - timedelta(microseconds=time.microsecond % 100_000)


def minute_begin(end):
    """The begin of the calendar minute that the step before `end` is in."""
    return (end - STEP).replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("sink", "begin"),
    [("last_minute", lambda end: end - MINUTE), ("this_minute", minute_begin)],
    ids=["last_minute", "this_minute"],
)
@DEAR
@given(rows=in_time)
def test_each_window_has_its_ten_best_in_order(sink, begin, rows):
    """Most clicks first, then the smaller user id; ten at most; no better one is left out."""
    recount = []
    first, last = min(rows)[0], max(rows)[0]
    for number in range((last - first + MINUTE) // STEP + 2):
        end = step_begin(first) + number * STEP
        counted = Counter(
            row[1:4] for row in rows if row[4] == "click" and begin(end) <= row[0] < end
        )
        for its in "fm":
            best = sorted((-n, *user) for (*user, sex), n in counted.items() if sex == its)[:10]
            recount += [(end, its, at, *user, -n) for at, (n, *user) in enumerate(best, 1)]

    assert AGREE == differing(recount, ranks(rows)[sink])


@pytest.mark.parametrize(
    ("span", "sinks"),
    [(STEP, ["last_minute"]), (MINUTE, ["last_minute", "this_minute"])],
    ids=["step", "minute"],
)
@DEAR
@given(rows=few)
def test_shifted_clicks_give_shifted_ranks(span, sinks, rows):
    """All times a step or a minute later: so are the windows, and what is late."""
    before = ranks(rows)
    after = ranks([(row[0] + span, *row[1:]) for row in rows])

    for sink in [*sinks, "late"]:
        shifted = [(row[0] + span, *row[1:]) for row in before[sink]]
        assert AGREE == differing(shifted, after[sink])


@DEAR
@given(in_time)
def test_disorder_within_the_bound_changes_nothing(rows):
    """Whatever order clicks come in, if none is late the answer is that of the sorted ones."""
    in_order, as_they_came = ranks(sorted(rows)), ranks(rows)

    for sink, expected in in_order.items():
        assert AGREE == differing(expected, as_they_came[sink])


@DEAR
@given(few)
def test_clicks_are_counted_or_late(rows):
    """A row is late if one newer by the disorder came before; all other clicks are counted."""
    found = ranks(rows)
    late = [
        row
        for at, row in enumerate(rows)
        if any(row[0] <= before[0] - DISORDER for before in rows[:at])
    ]
    whole_minutes = [
        row[5] for row in found["this_minute"] if row[0] == minute_begin(row[0]) + MINUTE
    ]
    clicks = Counter(row for row in rows if row[4] == "click")

    assert late == found["late"]
    assert sum((clicks - Counter(late)).values()) == sum(whole_minutes)


@DEAR
@given(few.flatmap(arriving))
def test_who_stops_clicking_is_gone_after_a_minute(rows):
    """The last window a user is in ends a minute after the step of the last click began."""
    clicks = sorted(row for row in rows if row[4] == "click")
    gone = {user: step_begin(ts) + MINUTE for ts, user, *_ in clicks}
    listed = sorted(ranks(rows)["last_minute"])

    assert gone == {user: end for end, _, _, user, *_ in listed}


@DEAR
@given(in_time)
def test_a_sex_is_ranked_without_the_other(rows):
    """The answer to all clicks has, for women, the answer to women's clicks."""
    together, alone = ranks(rows), ranks([row for row in rows if row[3] == "f"])

    for sink in ("last_minute", "this_minute"):
        of_women = [row for row in together[sink] if row[1] == "f"]
        assert AGREE == differing(of_women, alone[sink])


# feature_join: about the edges of five and ten minutes.

MOMENTS = [MIDNIGHT + ms(at) for at in (0, 1, 299_999, 300_000, 300_001, 600_000, 600_001)]
USERS = range(3)
shown = st.lists(one_of_all(product(MOMENTS, USERS, "xy")), min_size=1, max_size=5).map(
    lambda drawn: [(ts, number, user, item) for number, (ts, user, item) in enumerate(drawn)]
)
clicked = st.lists(one_of_all(product(MOMENTS, range(7), USERS)), max_size=5)


def history(versions):
    """Profile changes in order of time: each user's first is an insert."""
    seen, changes = set(), []
    for updated_at, user, city, level in sorted(versions, key=lambda version: version[:2]):
        row = (user, city, level, updated_at)
        changes.append(Change("+U" if user in seen else "+I", row))
        seen.add(user)
    return changes


profiles = st.lists(
    one_of_all(product(MOMENTS, USERS, ("Ulm", None), range(5))),
    max_size=5,
).map(history)
joined = st.fixed_dictionaries({"impressions": shown, "clicks": clicked, "profiles": profiles})


def features(inputs):
    """The answer to impressions, clicks and profiles, in order of impressions' ids."""
    return sorted(answer("feature_join", **inputs)["features"], key=lambda row: row[0])


@CHEAP
@given(joined)
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
@given(joined, st.randoms(use_true_random=False))
def test_rows_may_come_in_any_order(inputs, random):
    """Impressions and clicks in any order, profiles in any that keeps each user's."""
    shuffled = {name: random.sample(rows, len(rows)) for name, rows in inputs.items()}
    shuffled["profiles"] = sorted(inputs["profiles"], key=lambda change: change.row[0])

    assert features(inputs) == features(shuffled)


@CHEAP
@given(joined)
def test_the_profile_is_that_of_the_impressions_time(inputs):
    """City and level are those of the table that the changes until then fold into."""
    changes = inputs["profiles"]
    rows = features(inputs)
    tables = [fold((c for c in changes if c.row[3] <= row[1]), (0,)).table for row in rows]

    assert [table.get((row[2],), (None, None, None))[1:3] for row, table in zip(rows, tables)] == [
        row[4:6] for row in rows
    ]


@CHEAP
@given(joined, st.sampled_from(MOMENTS))
def test_a_later_profile_changes_no_earlier_features(inputs, moment):
    """Without the changes after a moment, impressions up to it have the same features."""
    known = [change for change in inputs["profiles"] if change.row[3] <= moment]
    until = [row for row in features(inputs) if row[1] <= moment]

    assert until == [row for row in features({**inputs, "profiles": known}) if row[1] <= moment]


@CHEAP
@given(joined, st.integers(0, 4), st.sampled_from((-1, 0, 1, 599_999, 600_000, 600_001)))
def test_a_click_labels_its_own_impression_within_ten_minutes(inputs, which, delay):
    """One more click changes no other impression's row, and nothing if it is early or late."""
    ts, number, user, _ = inputs["impressions"][which % len(inputs["impressions"])]
    more = {**inputs, "clicks": [*inputs["clicks"], (ts + ms(delay), number, user)]}
    label = int(0 <= delay <= 600_000)

    assert [
        (*row[:7], max(row[7], label)) if row[0] == number else row for row in features(inputs)
    ] == features(more)


@CHEAP
@given(joined, st.sets(st.sampled_from(USERS)))
def test_users_are_joined_without_the_others(inputs, some):
    """The answer to all has, for some users, the answer to what is theirs."""
    theirs = {row[1] for row in inputs["impressions"] if row[2] in some}
    alone = {
        "impressions": [row for row in inputs["impressions"] if row[1] in theirs],
        "clicks": [row for row in inputs["clicks"] if row[1] in theirs],
        "profiles": [change for change in inputs["profiles"] if change.row[0] in some],
    }

    assert features(alone) == [row for row in features(inputs) if row[0] in theirs]


# word_count

texts = st.lists(st.tuples(st.text("aAé1 .,", max_size=4)), max_size=10)


def counts(rows):
    """The answer to words."""
    return Counter(dict(answer("word_count", words=rows)["counts"]))


@CHEAP
@given(texts, st.randoms(use_true_random=False))
def test_words_are_counted_in_any_order(rows, random):
    """The counts are those of any permutation."""
    assert counts(rows) == counts(random.sample(rows, len(rows)))


@CHEAP
@given(texts, texts)
def test_counts_add_up(some, others):
    """The counts of two inputs together are their sums; so no word matters to another."""
    assert counts(some) + counts(others) == counts(some + others)


# orders_cdc: what happens to a key, told in each way that a connector may tell it.

TABLES = pytest.mark.parametrize(("source", "width"), [("orders", 1), ("items", 2)])
KEYS = list(product(range(3), range(2)))
KINDS = ("upsert", "update", "delete", "move")
drawn_steps = st.lists(one_of_all(product(KEYS, range(3), KINDS, KEYS)), max_size=12)


def transactions(steps, width):
    """Changes that belong together, of a table with a primary key of `width` columns."""
    table, made = {}, []
    for key, value, kind, other in steps:
        old, moved = table.pop(key[:width], None), kind == "move" and other[:width] not in table
        new = (*(other if old and moved else key)[:width], value)
        if old is None:
            made.append([Change("+I", new)])
        elif kind == "delete":
            made.append([Change("-D", old)])
            continue
        else:
            made.append([Change("-U", old), Change("+U", new)][kind == "upsert" :])
        table[new[:width]] = new
    return made


def changes_of(steps, width):
    """The transactions' changes in a row."""
    return [change for transaction in transactions(steps, width) for change in transaction]


def copied(source, changes):
    """The copy of a table after changes of it."""
    inputs = {"orders": [], "items": [], source: changes}
    return sorted(answer("orders_cdc", **inputs)[f"{source}_copy"])


@TABLES
@CHEAP
@given(steps=drawn_steps)
def test_the_copy_is_what_any_prefix_folds_into(source, width, steps):
    """Every prefix of a history is valid, and copied right."""
    changes = changes_of(steps, width)
    for stop in range(len(changes) + 1):
        folded = fold(changes[:stop], tuple(range(width)))

        assert [] == folded.invalid
        assert sorted(folded.table.values()) == copied(source, changes[:stop])


@TABLES
@CHEAP
@given(steps=drawn_steps, start=st.integers(0, 12))
def test_changes_that_come_again_change_nothing(source, width, steps, start):
    """Neither all of them nor the last ones, taken as upserts and deletes."""
    changes = changes_of(steps, width)
    copy = copied(source, changes)
    table = {row[:width]: row for row in copy}
    for op, row in changes[start:]:
        table.pop(row[:width], None)
        table.update({row[:width]: row} if op in ("+I", "+U") else {})

    assert copy == sorted(table.values())
    assert copy == copied(source, [*changes, *changes])


@TABLES
@CHEAP
@given(steps=drawn_steps, others=drawn_steps, random=st.randoms(use_true_random=False))
def test_keys_are_copied_without_the_others(source, width, steps, others, random):
    """Changes of other keys in between leave a key's row as it is."""
    alone = changes_of(steps, width)
    between = [
        [Change(op, (row[0] + 10, *row[1:])) for op, row in transaction]
        for transaction in transactions(others, width)
    ]
    mixed, left = [], transactions(steps, width)
    while left or between:
        mixed += (random.choice([left, between]) if left and between else left or between).pop(0)

    assert copied(source, alone) == [row for row in copied(source, mixed) if row[0] < 10]
