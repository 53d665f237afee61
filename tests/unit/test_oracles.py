"""What the oracles' answers promise whatever the input: no engine, many small cases."""

from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamgauge.discovery import load
from streamgauge.paths import scenarios
from streamgauge.values.changelog import Change, fold
from tests.drawn import MIDNIGHT, ms, one_of_all

EXAMPLES = settings().max_examples
CHEAP = settings(deadline=None, max_examples=2 * EXAMPLES)
# Each click is in 600 windows.
DEAR = settings(deadline=None, max_examples=max(EXAMPLES // 4, 1))

STEP = timedelta(milliseconds=100)
MINUTE = timedelta(minutes=1)
DISORDER = timedelta(milliseconds=500)

loaded = cache(load)


def answer(scenario, **inputs):
    """The oracle's rows by sink; the columns that it does not look at may be fewer."""
    return loaded(scenarios() / scenario).oracle(inputs)


# click_top10: about the edges of steps, of the minute and of the disorder.

CLICK_TIMES = [MIDNIGHT + ms(at) for at in (-1000, -500, -499, -1, 0, 99, 100, 500, 1000)]


def clicks_of(users, actions):
    """Rows with the name and sex that a user always has."""
    return one_of_all(
        (ts, user, f"user {user}", "fm"[user % 2], action)
        for ts, user, action in product(CLICK_TIMES, users, actions)
    )


few = st.lists(clicks_of(range(5), ["click", "click", "is_delete", None]), min_size=1, max_size=8)
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
    in_order, as_they_came = ranks(sorted(rows, key=lambda row: row[:4])), ranks(rows)

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

        assert all(told.pending for told in folded.invalid)
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
