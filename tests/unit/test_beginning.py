"""Where a job begins to read a topic, which needs no broker."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from confluent_kafka import KafkaError, KafkaException

from streamgauge.attachments import broker, limits
from streamgauge.attachments.beginning import Beginning
from streamgauge.attachments.listener import Listener
from streamgauge.attachments.place import Place
from streamgauge.attachments.sending import Sending
from streamgauge.attachments.topic import Topics, TopicSource
from streamgauge.discovery import load
from streamgauge.errors import ScenarioError, UsageError
from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import STARTS, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Message
from streamgauge.values.schema import Schema

PAGES = Schema.of(page="STRING")
OLD = [("a",), ("b",), ("c",)]


def source(start="specific-offsets", earlier=OLD, **more):
    return Source("visits", PAGES, rows=[], start=start, earlier=earlier, **more)


def test_offsets_are_those_after_the_earlier_rows():
    """Of each partition: those that are filled have them in turn."""
    told = Beginning(source(), 3, 2).options

    assert (
        "partition:0,offset:2;partition:1,offset:1;partition:2,offset:0"
        == (told["scan.startup.specific-offsets"])
    )


def test_a_group_has_read_the_earlier_rows():
    """On each partition, where the job begins by that; else it has read nothing."""
    assert [2, 1, 0] == Beginning(source("group-offsets"), 3, 2).committed
    assert [] == Beginning(source(), 3, 2).committed


@pytest.mark.parametrize("broken", [None, KafkaError.COORDINATOR_NOT_AVAILABLE])
def test_offsets_of_a_group_are_committed_when_the_broker_is_ready(monkeypatch, broken):
    """A new one is not, at first; all else that it says is an error."""
    left, told = [broken, KafkaError.UNKNOWN_TOPIC_OR_PART if not broken else None], []

    def commit(offsets, asynchronous):
        told.append([(at.topic, at.partition, at.offset) for at in offsets])
        assert not asynchronous
        if code := left.pop(0):
            raise KafkaException(KafkaError(code))

    listener = Listener(Endpoint("h", 1, "u", "p"), "g")
    monkeypatch.setattr(Listener, "_consumer", SimpleNamespace(commit=commit))
    listener.commit("t", [])
    listener.commit("t", [2, 0])
    assert [[("t", 0, 2), ("t", 1, 0)]] * (2 if broken else 1) == told
    if not broken:
        with pytest.raises(KafkaException):
            listener.commit("t", [1])


def test_earlier_rows_are_of_a_time_before():
    """So that one to begin by is between them and all others; with their keys."""
    visits = source("timestamp", [("a",), Message(b"{", b"k"), ("c",)])
    begun, sending = Beginning(visits, 2, 2), Sending(2)
    sending.add(visits, "t")

    batches = list(begun.batches(sending))

    assert [0, 1] == [batch.partition for batch in batches]
    assert [[b'{"page": "a"}', b'{"page": "c"}'], [b"{"]] == [batch.values for batch in batches]
    assert [[None, None], [b"k"]] == [batch.keys for batch in batches]
    start = int(begun.options["scan.startup.timestamp-millis"])
    assert all(time < start - 1000 for batch in batches for time in batch.times)


def test_messages_with_times_have_their_keys():
    """One by one, as the client takes them."""
    sent = []
    producer = type("Producer", (), {"produce": lambda _, *a, **k: sent.append((a[:4], k))})()

    refused = list(broker._each(producer, broker.Batch("t", 0, [b"v"], [7], [b"k"]), None))

    assert [] == refused
    assert [(("t", b"v", b"k", 0), {"timestamp": 7})] == sent


@pytest.mark.parametrize("start", STARTS[1:])
def test_a_table_says_where_it_begins(tmp_path, start):
    place = Place("run_1", "streaming", tmp_path, {"kafka": Endpoint("h", 1, "u", "p")})
    (ddl,) = TopicSource(Topics(place), source(start)).ddl()

    assert f"'scan.startup.mode' = '{start}'" in ddl


@pytest.mark.parametrize(
    ("more", "error", "told"),
    [
        ({"start": "latest-offset"}, ScenarioError, "what is read then goes by when a job starts"),
        ({"start": "sometime"}, UsageError, "unknown start of source visits 'sometime'"),
        ({"start": "timestamp", "earlier": []}, ScenarioError, "start='timestamp' with earlier="),
        ({"start": "earliest-offset"}, ScenarioError, "start='earliest-offset' with earlier="),
        ({"earlier": [(1,)]}, ScenarioError, "earlier: row 0: column page: 1 is no STRING"),
        ({"key": ("page",)}, ScenarioError, "earlier is of a source of rows"),
        (
            {"options": {"kafka": {"scan.startup.mode": "latest-offset"}}},
            ScenarioError,
            "is said by start= and earlier= of the source",
        ),
    ],
)
def test_start_that_a_source_cannot_have(more, error, told):
    """With what to say in its place."""
    with pytest.raises(error, match=told):
        source(**more)


def test_what_has_no_offsets():
    assert "files have no offset to start from, as visits does" == limits.of_files(source())


def test_no_oracle_is_given_the_earlier_rows():
    scenario = load(Path(__file__).parents[1] / "scenarios" / "from_an_offset")

    assert 4 == len(scenario.sample(0)["visits"])


def test_changes_begin_where_they_begin():
    """All that a source with a key was is needed."""
    with pytest.raises(ScenarioError, match="earlier is of a source of rows"):
        source(key=("page",), earlier=[Change("+I", ("a",))], format="canal-json")
