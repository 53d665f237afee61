"""Each oracle against a second one, by another hand and other means, over drawn inputs."""

import json
from collections import Counter
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.hostile import every, whole
from streamgauge.discovery import discover
from streamgauge.values.changelog import Change
from tests import second
from tests.drawn import MIDNIGHT, hostile_inputs, hostile_texts, joined, ms, one_of_all

SCENARIOS = cache(discover)()
EXAMPLES = settings().max_examples
CHEAP = settings(deadline=None, max_examples=EXAMPLES)
DEAR = settings(deadline=None, max_examples=max(EXAMPLES // 5, 1))


def differing(name, inputs):
    """What only one of the two oracles says, by sink; one row of each is enough to see."""
    first = SCENARIOS[name].oracle(inputs)
    other = getattr(second, name)(inputs)
    assert {*first} == {*other}
    pairs = {sink: (Counter(first[sink]), Counter(other[sink])) for sink in first}
    return {
        sink: ([*(one - two)][:1], [*(two - one)][:1])
        for sink, (one, two) in pairs.items()
        if one != two
    }


@pytest.mark.parametrize("name", sorted({*SCENARIOS} - {"syslog_udf"}))
@DEAR
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_agree_on_generated_rows(name, seed, size):
    """What the generators make, of any seed."""
    assert {} == differing(name, SCENARIOS[name].sample(seed, size))


@pytest.mark.parametrize("name", sorted({*SCENARIOS} - {"syslog_udf"}))
@DEAR
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_agree_on_hostile_rows(name, seed, size):
    """A fifth of the values of each column that can be."""
    assert {} == differing(name, hostile_inputs(SCENARIOS[name], seed, size))


def failures_agree(lines):
    """What lines say is held against another parser in test_syslog; here, what they add up to."""
    answer = SCENARIOS["syslog_udf"].expected({"lines": lines})
    told = [row for row in answer["alerts"] if row[0] == "many failures"]
    return Counter(told) == Counter(second.syslog_alerts(answer, lines))


@DEAR
@given(st.integers(0, 2**32), st.integers(1, 400))
def test_agree_on_failures_of_generated_lines(seed, size):
    """Enough of them for alerts."""
    assert failures_agree(SCENARIOS["syslog_udf"].sample(seed, size)["lines"])


def failed(after, status=1, client="c"):
    """A line that is received so many ms after midnight."""
    received = MIDNIGHT + ms(after)
    return received, f"<14>{received:%b %d %H:%M:%S} h t: {client} u u {status} x".encode()


# The minute is over for who comes when a line of 5 s after it has come, but for a millisecond.
lines = st.sampled_from((0, 59_999, 60_000, 64_998, 64_999, 65_000)).map(failed)
others = st.sampled_from((failed(0, status=0), failed(1, client="d"), (MIDNIGHT, b"none")))


@CHEAP
@given(st.lists(lines | others, max_size=6))
def test_agree_on_failures_about_the_turn_of_a_minute(drawn):
    """Five have failed before, so that each one more is told."""
    assert failures_agree([failed(0)] * 5 + drawn)


@CHEAP
@given(st.lists(st.tuples(st.text("aAéİ1٣ .,_\n\u0301", max_size=5) | hostile_texts), max_size=8))
def test_agree_on_words(texts):
    """Marks, digits that are not ASCII, and what is neither, at both ends."""
    assert {} == differing("word_count", {"words": texts})


@CHEAP
@given(joined())
def test_agree_on_features(inputs):
    """Equal times, versions of one time, clicks of another user, and those on nothing."""
    assert {} == differing("feature_join", inputs)


# About the edges of steps, of the minute and of the disorder.
TIMES = [MIDNIGHT + ms(at) for at in (-1000, -500, -499, -1, 0, 99, 100, 500, 1000)]
clicked = one_of_all(
    (ts, user, f"user {user}", ("f", "m", "f", None, "")[user], action)
    for ts, user, action in product(TIMES, range(5), ["click", "click", "is_delete", None])
)


@DEAR
@given(st.lists(clicked, min_size=1, max_size=8))
def test_agree_on_clicks(rows):
    """Ties, and clicks that are late."""
    assert {} == differing("click_top10", {"clicks": rows})


amounts = st.integers(-2, 2) | st.sampled_from(every(whole(-(2**40), 2**40)))
read = st.tuples(
    st.integers(0, 5),
    st.sampled_from("ab") | hostile_texts,
    st.sampled_from(("x", "y", None)),
    amounts,
)
weighed = st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3)).map(lambda w: [*w.items()])


@CHEAP
@given(st.lists(read, max_size=8), weighed)
def test_agree_on_readings(readings, weights):
    """Equal amounts, less than nothing, grades without a weight; what is sent again is equal."""
    first = {row[0]: row for row in reversed(readings)}
    rows = [first[row[0]] for row in readings]

    assert {} == differing("state_zoo", {"readings": rows, "weights": weights})


# Of which the last three pass, or all but pass, what ends at the first minute.
SPANS = (0, 1, 29_999, 30_000, 30_001, 34_999, 59_999, 60_000, 60_001, 64_998, 64_999, 65_000)
reading = st.tuples(st.sampled_from(SPANS), st.sampled_from("ab"), st.sampled_from((1, None)))


def timed(drawn):
    """Rows of drawn ones, which have ms since midnight."""
    return {"readings": [(MIDNIGHT + ms(at), *row) for at, *row in drawn]}


@CHEAP
@given(st.lists(st.tuples(reading, st.integers(0, 4_999)), min_size=1, max_size=8))
def test_agree_on_windows(drawn):
    """On the edges of windows and a gap's length apart, each less than 5 s after its time."""
    arriving = [row for row, _ in sorted(drawn, key=lambda pair: pair[0][0] + pair[1])]

    assert {} == differing("open_windows", timed(arriving))


@CHEAP
@given(st.lists(reading, min_size=1, max_size=8))
def test_agree_on_windows_with_late_rows(drawn):
    """What is closed stays so; the second oracle has sessions of no late rows."""
    found = differing("open_windows", timed(drawn))

    assert {} == {sink: rows for sink, rows in found.items() if sink != "sessions"}


STAMPS = (
    *("2026-01-31T23:59:59.125Z", "1999-12-31T23:59:59-14:59", "2000-02-29T00:00:00+00:30"),
    *("31/Jan/2026:23:59:59 +0130", "31/jan/2026:23:59:59 +0130", "30/Feb/2026:00:00:00 +0000"),
    *("1234567890", "1234567890123", "123456789", "2026-01-31T24:00:00Z", "2026-01-31 23:59:59Z"),
    *(
        "2026-01-31T23:59:59+15:00",
        "2126-01-31T23:59:59Z",
        "\u0662026-01-31T23:59:59Z",
        "",
        None,
        17,
    ),
)
GOOD = {"id": "a", "time": STAMPS[0], "request": {"method": "GET", "path": "/"}, "status": "200"}
SPOILT = {
    "id": ("", 1, 1.5, None, True, []),
    "time": STAMPS,
    "request": ({"method": "", "path": 1}, {"method": 1.5, "path": ""}, "GET", None),
    "status": (404, 600, "20", "2\u06600", 200.0, "099", None),
    "bytes": ("-", "17", 0, -1, "", "1" * 18, "1" * 19, True, None),
    "user": ({"id": 7}, {"id": None}, {}, "ada", None),
}
spoilt = one_of_all((name, value) for name, values in SPOILT.items() for value in values)
logs = st.lists(spoilt, max_size=2).map(lambda some: json.dumps({**GOOD, **dict(some)}))
no_logs = st.sampled_from(("", "{}", "[]", "NaN", '{"id": NaN}', "[" * 100_000))


def test_agree_on_logs_with_one_fault():
    """Each value in turn in a line that is good else."""
    spoilt_ones = [{**GOOD, name: value} for name, values in SPOILT.items() for value in values]

    assert {} == differing("log_sync", {"logs": [(json.dumps(log),) for log in spoilt_ones]})


@CHEAP
@given(st.lists((logs | no_logs).map(lambda line: (line,)), max_size=8))
def test_agree_on_logs(lines):
    """What is nearly a log, and times that are nearly ones."""
    assert {} == differing("log_sync", {"logs": lines})


def table(changes):
    """Changes that a table with a key of one column can have had."""
    rows, told = {}, []
    for key, value in changes:
        old = rows.pop(key, None)
        told += [Change("-U" if value else "-D", old)] if old else []
        if value:
            rows[key] = (key, value)
            told.append(Change("+U" if old else "+I", rows[key]))
    return told


@CHEAP
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=10))
def test_agree_on_changes(changes):
    """Rows that go and come again."""
    assert {} == differing("orders_cdc", {"orders": table(changes), "items": []})
