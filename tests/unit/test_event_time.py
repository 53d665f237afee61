"""Event time: which rows come late, how far it has come, and what is due by then."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamgauge.errors import UsageError
from streamgauge.tables import Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.event_time import due, in_time, late, refuse_undecidable, watermark
from streamgauge.values.inputs import Message
from streamgauge.values.schema import Schema

EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")
NOON = datetime.fromisoformat("2024-02-29 12:00:00")


def source(name="events", **more):
    return Source(name, EVENTS, generate=lambda *_: [], **more)


def after(seconds, n):
    """A row of an event so many seconds after noon."""
    return (NOON + timedelta(seconds=seconds), n)


def late_ones(seconds, disorder):
    """The rows that the watermark has reached when they come: it moves on with each row."""
    watermark, late = float("-inf"), []
    for at in seconds:
        if at <= watermark:
            late.append(at)
        watermark = max(watermark, at - disorder)
    return late


@given(st.lists(st.integers(0, 5), max_size=8), st.integers(0, 6))
def test_late_is_what_the_watermark_has_reached(seconds, disorder):
    """Whatever the order and the disorder, as a loop over the rows finds it."""
    timed = source(time="at", disorder=timedelta(seconds=disorder))
    rows = [after(at, n) for n, at in enumerate(seconds)]

    assert late_ones(seconds, disorder) == [seconds[index] for index in late(timed, rows)]


def test_messages_by_hand_have_no_time():
    """They come late never, and make no other row late; indices are those of all records."""
    timed = source(time="at")
    records = [after(1, 0), Message(b"?"), after(2, 2), after(1, 3), Message(b"?")]

    assert [3] == late(timed, records)
    assert after(2, 2)[0] == watermark(timed, [records], 1)
    assert watermark(timed, [records[:2]], 2) is None
    assert [after(1, 0), after(1, 3), after(2, 2)] == list(in_time(timed, records))


def test_instants_are_the_same_in_each_zone():
    """Late, and due, is what they say, whatever zone a row's datetime has."""
    schema = Schema.of(at="TIMESTAMP_LTZ(3)", n="BIGINT")
    timed = Source("events", schema, generate=lambda *_: [], time="at")
    ahead = NOON.replace(tzinfo=timezone(timedelta(hours=8)))
    utc = ahead.astimezone(timezone.utc)
    is_due = due([timed], [Sink("out", schema, due="at")], [{"events": [(utc, 0)]}], 1)

    assert [1] == late(timed, [(utc, 0), (ahead, 1)])
    assert is_due("out", (ahead, 1))
    assert not is_due("out", (ahead + timedelta(milliseconds=1), 1))


@pytest.mark.parametrize(
    ("seconds", "disorder", "found"),
    [
        pytest.param([0, 1, 2], 0, [], id="in order"),
        pytest.param([0, 0], 0, [1], id="at the watermark"),
        pytest.param([2, 1], 2, [], id="within the disorder"),
        pytest.param([2, 0], 2, [1], id="at the end of the disorder"),
        pytest.param([3, 2, 1], 2, [2], id="behind the greatest, not the last"),
    ],
)
def test_late_is_what_comes_when_its_time_is_over(seconds, disorder, found):
    """The watermark is a time that is over: a row of that very time is late."""
    timed = source(time="at", disorder=timedelta(seconds=disorder))

    assert found == late(timed, [after(at, 0) for at in seconds])


@pytest.mark.parametrize(
    ("more", "records"),
    [
        pytest.param({}, [after(2, 1), after(0, 1)], id="no event time"),
        pytest.param(
            {"time": "at", "key": ("n",)},
            [Change("+I", after(2, 1)), Change("-D", after(0, 1))],
            id="changes",
        ),
    ],
)
def test_nothing_is_late_where_nothing_is_dropped(more, records):
    """Without an event time no row is, and a change counts whenever it comes."""
    assert [] == late(source(**more), records)


@pytest.mark.parametrize(
    ("parts", "partitions", "seconds"),
    [
        pytest.param([[9, 4]], 1, 7, id="behind the newest"),
        pytest.param([[9, 4]], 2, 2, id="that of the slowest partition"),
        pytest.param([[9, 4], [3, 8]], 2, 6, id="each part begins at the first partition"),
        pytest.param([[9, 4]], 3, None, id="a partition without rows"),
        pytest.param([[], [9]], 1, 7, id="a part without rows"),
        pytest.param([[]], 1, None, id="no rows"),
    ],
)
def test_watermark_of_a_source(parts, partitions, seconds):
    """Partitions go their own ways, and event time goes with the last of them."""
    asked = source(time="at", disorder=timedelta(seconds=2))
    rows = [[after(second, 0) for second in part] for part in parts]

    reached = None if seconds is None else NOON + timedelta(seconds=seconds)
    assert reached == watermark(asked, rows, partitions)


@pytest.mark.parametrize(
    ("clicks", "sink", "seconds", "there"),
    [
        pytest.param([9], "copies", 5, True, id="reached by both"),
        pytest.param([9], "copies", 6, False, id="reached by one"),
        pytest.param([9], "others", 5, False, id="a sink that may wait"),
        pytest.param([], "copies", 5, False, id="a source without rows"),
    ],
)
def test_rows_are_due_where_all_sources_have_come_to(clicks, sink, seconds, there):
    """And only in sinks that say so."""
    sinks = Sink("copies", EVENTS, due="at"), Sink("others", EVENTS)
    sources = source(time="at"), source(name="clicks", time="at")
    fed = {"events": [after(5, 0)], "clicks": [after(second, 0) for second in clicks]}

    assert there == due(sources, sinks, [fed], 1)(sink, after(seconds, 0))


def found_late(order, seconds, disorder, partitions):
    """The rows that Flink finds late where it reads partitions in this order."""
    newest, late = [float("-inf")] * partitions, set()
    queues = [list(range(number, len(seconds), partitions)) for number in range(partitions)]
    for number in order:
        if queues[number]:
            row = queues[number].pop(0)
            late |= {row} if seconds[row] <= min(newest) - disorder else set()
            newest[number] = max(newest[number], seconds[row])
    return late


@given(st.data(), st.lists(st.integers(0, 5), max_size=8), st.integers(0, 3), st.integers(1, 3))
def test_what_is_in_time_is_so_however_partitions_are_read(data, seconds, disorder, partitions):
    """So inputs without late rows have one answer; of one partition, all inputs have."""
    each = [number for number in range(partitions) for _ in seconds]
    order = data.draw(st.permutations(each))
    timed = source(time="at", disorder=timedelta(seconds=disorder))
    behind = set(late(timed, [after(at, 0) for at in seconds]))
    found = found_late(order, seconds, disorder, partitions)

    assert found <= behind
    assert partitions > 1 or found == behind


@pytest.mark.parametrize("partitions", [2, 3])
@given(st.lists(st.integers(0, 5), max_size=8), st.integers(0, 3))
def test_what_is_late_is_so_or_not_as_partitions_are_read(partitions, seconds, disorder):
    """Nothing of one is that is read before all others: so such inputs are refused."""
    each = [number for number in range(partitions) for _ in seconds]
    timed = source(time="at", disorder=timedelta(seconds=disorder))
    fed = {"events": [after(at, 0) for at in seconds]}
    found = found_late(each, seconds, disorder, partitions)

    assert not [row for row in found if row % partitions == 0]
    if late(timed, fed["events"]):
        with pytest.raises(UsageError, match=f"source events: row .* over {partitions} part"):
            refuse_undecidable([timed], [fed], partitions)
    else:
        refuse_undecidable([timed], [fed], partitions)


@pytest.mark.parametrize(
    ("parts", "refused"),
    [
        pytest.param([[2, 0, 3]], False, id="no restart"),
        pytest.param([[2, 0], [3]], False, id="late before the restart"),
        pytest.param([[2], [3, 0]], False, id="late again after it"),
        pytest.param([[2], [0, 3]], True, id="late by what came before"),
        pytest.param([[2], [3]], False, id="in time"),
    ],
)
def test_lateness_that_a_restart_forgets_is_refused(parts, refused):
    """A source that is restored knows event time by what it reads from then on."""
    fed = [{"events": [after(at, 0) for at in part]} for part in parts]
    asked = [source(time="at")]

    if refused:
        with pytest.raises(UsageError, match="source events: a row comes late by what was read"):
            refuse_undecidable(asked, fed, 1)
    else:
        refuse_undecidable(asked, fed, 1)


def test_rows_in_order_of_event_time():
    """Of rows at one time, the first to come stays the first; changes stay as they came."""
    rows = [after(1, 9), after(0, 5), after(1, 1), after(0, 7)]
    changes = [Change("+I", row) for row in rows]

    assert [rows[1], rows[3], rows[0], rows[2]] == in_time(source(time="at"), rows)
    assert rows == in_time(source(), rows)
    assert changes == in_time(source(time="at", key=("n",)), changes)
