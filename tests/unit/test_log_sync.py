"""The oracle of log_sync: each way to be bad, each way to write a time, nothing lost."""

import json
from collections import Counter
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators import weblogs
from streamgauge.discovery import load
from streamgauge.paths import scenarios

SCENARIO = load(scenarios() / "log_sync")

GOOD = {
    "id": "w1",
    "time": "2026-01-31T23:59:59.125Z",
    "request": {"method": "GET", "path": "/søk?q=日本"},
    "status": "404",
    "bytes": "17",
    "user": {"id": 7},
    "client": {"ip": "10.0.0.1"},
}
REASONS = {
    "not JSON", "no id", "no time", "unknown time", "no method", "no path", "bad status",
    "bad bytes",
}  # fmt: skip
OPTIONAL = ("bytes", "user", "client")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
near_logs = st.fixed_dictionaries(
    {}, optional={name: st.just(value) | json_values for name, value in GOOD.items()}
)
lines = st.one_of(
    st.text(), json_values.map(json.dumps), near_logs.map(json.dumps), st.just(json.dumps(GOOD))
)


def answer(*given_lines):
    """The oracle's rows, by sink."""
    return SCENARIO.expected({"logs": [(line,) for line in given_lines]})


def changed(**fields):
    """The good line with other fields; one that is ... is not there."""
    return json.dumps({k: v for k, v in {**GOOD, **fields}.items() if v is not ...})


def reason(line):
    """Why a line is a dead letter; None where it is an event."""
    dead = answer(line)["dead_letters"]
    return dead[0][1] if dead else None


def test_good_line_is_an_event_and_a_request():
    """All fields, numbers out of texts, the partition out of the time."""
    at = datetime.fromisoformat("2026-01-31T23:59:59.125")
    request = ("w1", at, "GET", "/søk?q=日本", 404, 17, "7", "10.0.0.1")

    assert {
        "events": [(*request, "2026-01-31", "23")],
        "requests": [request],
        "dead_letters": [],
    } == answer(json.dumps(GOOD))


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-01-31T23:59:59Z", "2026-01-31T23:59:59"),
        ("2026-01-31T23:59:59.007Z", "2026-01-31T23:59:59.007"),
        ("2026-02-01T01:30:00+02:00", "2026-01-31T23:30:00"),
        ("2026-01-31T20:15:00.500-03:30", "2026-01-31T23:45:00.500"),
        ("28/Oct/2020:14:28:06 +0000", "2020-10-28T14:28:06"),
        ("01/Jan/2026:00:10:00 +0530", "2025-12-31T18:40:00"),
        ("29/Feb/2024:23:00:00 -0500", "2024-03-01T04:00:00"),
        (1769903999, "2026-01-31T23:59:59"),
        ("1769903999", "2026-01-31T23:59:59"),
        (1769903999125, "2026-01-31T23:59:59.125"),
        ("1769903999125", "2026-01-31T23:59:59.125"),
        # An hour that New York's clocks do not show.
        ("2026-03-08T02:30:00Z", "2026-03-08T02:30:00"),
    ],
)
def test_time_is_that_of_utc(written, at):
    """Every way to write a time comes to the same clock, and to the partition by it."""
    (event,) = answer(changed(time=written))["events"]

    assert datetime.fromisoformat(at) == event[1]
    assert (at[:10], at[11:13]) == event[-2:]


@pytest.mark.parametrize(
    "written",
    [
        "yesterday", "2026-02-30T10:00:00Z", "29/Feb/2025:10:00:00 +0000", "2026-01-01 10:00:00",
        "2026-01-01T24:00:00Z", "2026-01-01T10:00:60Z", "2026-1-1T10:00:00Z", "2026-01-01T10:00:00",
        "31/Foo/2026:10:00:00 +0000", "31/jan/2026:10:00:00 +0000", "2026-01-01T10:00:00+0200",
        "31/Jan/2026:10:00:00 +02:00", "2026-01-01T10:00:00+15:00", "2026-01-01T10:00:00.12Z",
        "2126-01-01T10:00:00Z", 12345, "17699039999", -1769903999, 1769903999.5, True,
        "2026-01-01T10:00:00Z\n", "١٧٦٩٩٠٣٩٩٩",
    ],
)  # fmt: skip
def test_other_times_are_unknown(written):
    """What looks like a time and is none, or could be more than one."""
    assert "unknown time" == reason(changed(time=written))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("-- MARK --", "not JSON"),
        ("", "not JSON"),
        (json.dumps(GOOD)[:-1], "not JSON"),
        (json.dumps(GOOD) + "}", "not JSON"),
        ("[1, 2]", "not JSON"),
        ("null", "not JSON"),
        ('{"id": NaN}', "not JSON"),
        (changed(id=...), "no id"),
        (changed(id=None), "no id"),
        (changed(id=""), "no id"),
        (changed(id=["w1"]), "no id"),
        (changed(time=...), "no time"),
        (changed(time={"ms": 1}), "no time"),
        (changed(request="GET /"), "no method"),
        (changed(request={"path": "/"}), "no method"),
        (changed(request={"method": "GET"}), "no path"),
        (changed(request={"method": "GET", "path": ""}), "no path"),
        (changed(status=...), "bad status"),
        (changed(status="OK"), "bad status"),
        (changed(status=99), "bad status"),
        (changed(status=600), "bad status"),
        (changed(status=200.5), "bad status"),
        (changed(status="0200"), "bad status"),
        (changed(bytes="many"), "bad bytes"),
        (changed(bytes=-5), "bad bytes"),
        (changed(bytes=""), "bad bytes"),
        (changed(bytes=10**18), "bad bytes"),
    ],
)
def test_bad_line_is_a_dead_letter(line, why):
    """Each way to be bad has its reason, and the line is told as it came."""
    assert {"events": [], "requests": [], "dead_letters": [(line, why)]} == answer(line)


def test_first_reason_is_told():
    """A line that is bad in several ways has the first of the reasons."""
    assert "no id" == reason(changed(id=None, time="yesterday", status=None))
    assert "unknown time" == reason(changed(time="yesterday", status=None))
    assert "bad status" == reason(changed(status=None, bytes="many"))


@pytest.mark.parametrize("lacking", [..., None, {}])
def test_optional_fields_may_lack(lacking):
    """A field that nobody needs is NULL."""
    (request,) = answer(changed(**dict.fromkeys(OPTIONAL, lacking)))["requests"]

    assert (None, None, None) == request[-3:]


@pytest.mark.parametrize(("written", "size"), [(0, 0), ("17", 17), ("-", None), (2**50, 2**50)])
def test_bytes_are_a_number_or_nothing(written, size):
    """A dash is how web servers write nothing."""
    (request,) = answer(changed(bytes=written))["requests"]

    assert size == request[5]


@given(st.lists(lines, max_size=8))
def test_no_line_is_lost_or_told_twice(given_lines):
    """Lines in = events + dead letters, whatever the lines; events and requests are the same."""
    told = answer(*given_lines)
    dead = [line for line, _ in told["dead_letters"]]

    assert len(given_lines) == len(told["events"]) + len(dead)
    assert [row[:-2] for row in told["events"]] == told["requests"]
    assert not Counter(dead) - Counter(given_lines)
    assert REASONS >= {why for _, why in told["dead_letters"]}


@pytest.fixture(scope="module")
def generated():
    """The answer to 5,000 generated lines."""
    return SCENARIO.expected({"logs": weblogs.rows(42, 0, 5000)})


def test_generated_lines_have_every_reason(generated):
    """A seventh of them is bad, in each of the ways."""
    dead = generated["dead_letters"]

    assert 5000 == len(generated["events"]) + len(dead)
    assert 600 < len(dead) < 850
    assert REASONS == {why for _, why in dead}


def test_generated_events_fill_few_partitions(generated):
    """Some hours, at the ends of days, months and years, each with many events."""
    sizes = Counter(event[-2:] for event in generated["events"])

    assert {("2024-02-29", "23"), ("2025-12-31", "23"), ("2026-01-01", "00")} < set(sizes)
    assert 8 <= len(sizes) <= 16
