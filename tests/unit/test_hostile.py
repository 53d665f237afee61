"""Hostile values are among generated rows, of each kind, as often as asked for, and no others."""

import inspect
from collections import Counter, defaultdict
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import clicks, features, hostile, orders, readings, syslog, weblogs, words
from streamgauge.attachments.formats import messages
from streamgauge.discovery import discover
from streamgauge.values.changelog import Change
from streamgauge.values.event_time import late
from streamgauge.values.kinds import microseconds
from tests.drawn import hostile_inputs

SCENARIOS = cache(discover)()
MINUTE = timedelta(minutes=1) // timedelta(microseconds=1)
SHORT = hostile.shorter(hostile.TEXTS, 100)
INTS = hostile.whole(-(2**31), 2**31 - 1)
UNSIGNED = hostile.whole(0, 2**32 - 1)
AMOUNTS = hostile.whole(-(2**40), 2**40)
# Of which column of which generator each kind is found among so many rows.
SENSORS = ("attic", "cellar", "étage", "garage", "大広間", "roof")
COLUMNS = [
    (words.rows, 0, {**hostile.without(hostile.TEXTS, "\\N"), "NULL": (None,)}),
    (features.impressions, 3, {**hostile.TEXTS, "NULL": (None,)}),
    (features.profiles, 1, SHORT),
    (features.profiles, 2, {**INTS, "NULL": (None,)}),
    (orders.changes, 1, SHORT),
    (orders.changes, 2, UNSIGNED),
    (orders.changes, 3, hostile.decimals(38, 10)),
    (orders.changes, 4, hostile.DOUBLES),
    (orders.changes, 9, hostile.BYTES),
    (orders.changes, 10, hostile.DATES),
    (orders.changes, 11, hostile.FINE_MOMENTS),
    (orders.items, 3, UNSIGNED),
    (orders.items, 4, hostile.decimals(12, 4)),
    (readings.rows, 1, hostile.TEXTS),
    (readings.rows, 3, AMOUNTS),
    (readings.timed, 1, {**hostile.TEXTS, "side by side": SENSORS, "NULL": (None,)}),
    (readings.timed, 2, {**AMOUNTS, "equal ones": (7,), "NULL": (None,)}),
]
OTHERS = [clicks.rows, features.clicks, syslog.rows, weblogs.rows]
TIME, KEY = "is the event time", "is of a primary key"
# What a stream is keyed by may be NULL, as sensors of `open_windows` are: PyFlink has it in a row.
# In a TUPLE, or as a key of a map, its coder says "TypeError: an integer is required" (1.20.5).
TUPLE = "is in a TUPLE in process, and PyFlink takes no NULL there"
STATE = "is a key of a MapState in process, and PyFlink takes no NULL there"
# The columns in which there is never a NULL, and why.
FULL = {
    "click_top10 clicks": {
        "ts": TIME,
        "user_id": "who clicked is known, and of equals it decides",
    },
    "feature_join clicks": {"ts": TIME, "impression_id": TUPLE},
    "feature_join impressions": {"ts": TIME, "impression_id": TUPLE, "user_id": TUPLE},
    "feature_join profiles": {"user_id": KEY, "updated_at": TIME},
    "log_sync logs": {"line": "a line is a whole message"},
    "open_windows readings": {"at": TIME},
    "orders_cdc items": {"order_id": KEY, "line": KEY},
    "orders_cdc orders": {"id": KEY},
    "state_zoo readings": {
        "id": STATE,
        "sensor": "is the key of its sinks",
        "amount": STATE,
    },
    "state_zoo weights": {"grade": "is looked up", "weight": "a grade has one"},
    "syslog_udf lines": {"received": TIME},
}
MAKERS = [*dict.fromkeys(maker for maker, *_ in COLUMNS), *OTHERS]


def name(maker):
    return f"{maker.__module__.rpartition('.')[2]}.{maker.__name__}"


EACH = pytest.mark.parametrize("maker", MAKERS, ids=map(name, MAKERS))


def column(made, at):
    rows = [record.row if isinstance(record, Change) else record for record in made]
    return [row[at] for row in rows]


def test_each_column_that_may_be_null_is():
    """In the rows of a plain run; the others have a reason."""
    full = {}
    for scenario in SCENARIOS.values():
        for source, made in zip(scenario.sources, scenario.sample(0).values()):
            rows = [record.row if isinstance(record, Change) else record for record in made]
            columns = zip(source.schema.names, zip(*rows))
            never = {name for name, values in columns if None not in values}
            full.update({f"{scenario.id} {source.name}": never} if never else {})

    assert {name: set(columns) for name, columns in FULL.items()} == full


def test_every_generator_has_them():
    """But the weights, which are looked up."""
    used = {s.generate for scenario in SCENARIOS.values() for s in scenario.sources}
    # Each root imports its own.
    without = {
        name(maker) for maker in used if "hostile" not in inspect.signature(maker).parameters
    }

    assert {"readings.weights"} == without
    assert {name(maker) for maker in used} - without == set(map(name, MAKERS))


@pytest.mark.parametrize(
    ("maker", "at", "kinds"), COLUMNS, ids=[f"{name(maker)}-{at}" for maker, at, _ in COLUMNS]
)
def test_each_kind_is_there(maker, at, kinds):
    """Among the rows of a run, where a tenth of them is hostile; no other value is changed.

    But a fifth are equal, or of the sensor before, where such are wanted, and a tenth NULL.
    """
    made = column(maker(0, 0, 1000, hostile=10), at)
    plain = column(maker(0, 0, 1000, hostile=0), at)
    texts = {(type(value), repr(value)) for value in made}

    assert [] == [
        kind
        for kind, values in kinds.items()
        if texts.isdisjoint((type(v), repr(v)) for v in values)
    ]
    changed = sum(one != other for one, other in zip(made, plain))
    many = {"equal ones", "side by side"}.intersection(kinds)
    assert 20 < changed < (400 if many else 130)
    assert all(value in hostile.every(kinds) for value, was in zip(made, plain) if value != was)


@EACH
@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**64 - 1), start=st.integers(0, 100), stop=st.integers(100, 200))
def test_slice_is_that_of_the_whole(maker, seed, start, stop):
    """As without them; in a plain run there are as many as is usual."""
    whole = maker(seed, 0, 200, hostile=30)

    assert whole[start:stop] == maker(seed, start, stop, hostile=30)
    assert list(maker(seed, 0, 200)) == list(maker(seed, 0, 200, hostile=hostile.USUAL))


@pytest.mark.parametrize("name", SCENARIOS)
def test_rows_fit_and_come_in_time(name):
    """Types hold them, messages are those of tuples, and borders make no row late."""
    scenario = SCENARIOS[name]
    inputs = hostile_inputs(scenario, 0, 1000)

    assert [] == [s.name for s in scenario.sources if late(s, list(inputs[s.name]))]
    for source in scenario.sources:
        made = source.generate(0, 0, 1000, **drawn_with(source.generate))
        rows = [r.row if isinstance(r, Change) else r for r in made]
        assert messages(source, rows) == messages(
            source, source.generate(0, 0, 1000, **drawn_with(source.generate))
        )


def drawn_with(maker):
    return {"hostile": 20} if "hostile" in inspect.signature(maker).parameters else {}


@pytest.mark.parametrize(
    ("maker", "border"),
    [(clicks.rows, MINUTE), (clicks.rows, MINUTE // 600), (readings.timed, MINUTE // 2)],
)
def test_times_are_on_borders_and_beside_them(maker, border):
    """A millisecond before, then and a millisecond behind, each more than once."""
    times = [microseconds(at) % border for at in column(maker(0, 0, 1000, hostile=10), 0)]

    assert all(times.count(off % border) > 1 for off in (-1000, 0, 1000))


def test_clicks_are_beside_the_border_of_ten_minutes():
    """Of their impressions, on both sides."""
    shown = {number: at for at, number, *_ in features.impressions(0, 0, 600)}
    clicked = [(at, number) for at, number, _ in features.clicks(0, 0, 600) if number in shown]
    after = [(at - shown[number]) // timedelta(milliseconds=1) for at, number in clicked]

    assert all(after.count(600_000 + off) > 1 for off in (-1, 0, 1))
    assert all(after.count(off) > 1 for off in (-1, 0, 1))


def test_impressions_are_beside_the_border_of_five_minutes():
    """Of earlier ones of the same user, on both sides; and beside the user's profiles.

    None is in the last millisecond of a second, which an outer join would tell too late.
    """
    shown = [(user, at) for at, _, user, _ in features.impressions(0, 0, 600)]
    known = [(change.row[0], change.row[3]) for change in features.profiles(0, 0, 600)]

    for others, border in ((shown, timedelta(minutes=5)), (known, timedelta(0))):
        beside = Counter(
            (at - other - border) // timedelta(milliseconds=1)
            for user, at in shown
            for its, other in others
            if its == user
        )
        assert all(beside[off] > 1 for off in (-2, 0, 2))
    assert {0, 2000, 998_000} == {at.microsecond for _, at in shown}


def test_windows_have_equal_amounts_and_great_sums():
    """So that who adds up distinct ones, or in an INT, is seen."""
    rows = SCENARIOS["open_windows"].sample(0)["readings"]
    minutes = defaultdict(list)
    for at, sensor, amount in rows:
        minutes[at.replace(second=0, microsecond=0), sensor] += [amount] * (amount is not None)

    assert any(len({*amounts}) < len(amounts) for amounts in minutes.values())
    assert any(abs(sum(amounts)) >= 2**31 for amounts in minutes.values())


def test_two_users_of_a_sex_have_one_name():
    """So that who ranks by names is seen; and no user has two."""
    made = list(clicks.rows(0, 0, 1000, hostile=2))
    users = {user: (named, sex) for _, user, named, sex, _ in made}

    assert users[3] == users[5]
    assert len(users) == len({(user, named) for _, user, named, *_ in made})


def test_decimals_are_what_they_say():
    """One that a float changes, and one that a smaller scale changes."""
    found = hostile.decimals(20, 4)

    assert all(type(value)(repr(float(value))) != value for value in found["a float changes"])
    assert all(value != round(value, 3) for value in found["a smaller scale changes"])
    assert all(len(value.as_tuple().digits) <= 20 for value in hostile.every(found))


def test_whole_numbers_are_within_their_type():
    """And past narrower ones, on both sides."""
    assert {-129, 128, 32768, -32769, 2**31 - 1, -(2**31), 0, -1} <= {*hostile.every(INTS)}
    assert all(0 <= number < 2**32 for number in hostile.every(UNSIGNED))
