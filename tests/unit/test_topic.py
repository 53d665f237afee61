"""Tables over topics and their messages, which need no broker."""

import json
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from streamgauge.attachments.json_rows import Inserts, Upserts, decode, encode, parsed
from streamgauge.attachments.place import Place
from streamgauge.attachments.topic import Topics, TopicSink, TopicSource
from streamgauge.scenario import Alignment
from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry
from streamgauge.values.schema import Schema

EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")
LINES = Schema.of(line="BYTES")
COUNTS = Schema.of(word="STRING", n="BIGINT")
ADDRESS = Endpoint("127.0.0.1", 9092, "user", "password")
NEVER = -1001


def topics(folder, runs_in="streaming", partitions=1):
    return Topics(Place("run_1", runs_in, folder, {"kafka": ADDRESS}, partitions))


def source(schema=EVENTS, **more):
    return Source("events", schema, generate=lambda *_: [], **more)


def message(value, key=None):
    """What a consumer gets, with JSON in it."""
    texts = [None if part is None else json.dumps(part).encode() for part in (key, value)]
    return SimpleNamespace(key=lambda: texts[0], value=lambda: texts[1])


@pytest.mark.parametrize(
    ("asked", "form"), [(source(), "json"), (source(LINES, raw=True), "raw")], ids=["rows", "raw"]
)
def test_format_of_a_source(tmp_path, asked, form):
    """A raw source has messages as they are, any other JSON."""
    (ddl,) = TopicSource(topics(tmp_path), asked).ddl()

    assert f"'format' = '{form}'" in ddl
    assert "'topic' = 'run_1-events'" in ddl


@pytest.mark.parametrize("time", [None, "at"])
def test_watermark_follows_each_row(tmp_path, time):
    """Only where there is an event time, and then with every row."""
    (ddl,) = TopicSource(topics(tmp_path), source(time=time)).ddl()

    assert (time is not None) == ("WATERMARK FOR `at`" in ddl)
    assert (time is not None) == ("'scan.watermark.emit.strategy' = 'on-event'" in ddl)


def test_partitions_are_idle_and_wait_for_others(tmp_path):
    """As the source says."""
    second = timedelta(seconds=1)
    asked = source(time="at", idle=second, alignment=Alignment("both", 5 * second))
    (ddl,) = TopicSource(topics(tmp_path), asked).ddl()

    assert "'scan.watermark.idle-timeout' = '1000 ms'" in ddl
    assert "'scan.watermark.alignment.group' = 'both'" in ddl
    assert "'scan.watermark.alignment.max-drift' = '5000 ms'" in ddl
    assert "'scan.watermark.alignment.update-interval' = '1000 ms'" in ddl


@pytest.mark.parametrize(("runs_in", "bounded"), [("batch", True), ("streaming", False)])
def test_end_of_the_input(tmp_path, runs_in, bounded):
    """A batch reads to the end that it finds; a stream takes checkpoints on its way."""
    attached = TopicSource(topics(tmp_path, runs_in), source())
    (ddl,) = attached.ddl()

    assert bounded == attached.bounded
    assert bounded == ("'scan.bounded.mode' = 'latest-offset'" in ddl)
    assert bounded == ("execution.checkpointing.interval" not in attached.settings)


def test_a_stream_that_is_given_an_end(tmp_path):
    """Its sinks are those of a stream."""
    shared = Topics(Place("run_1", "streaming", tmp_path, {"kafka": ADDRESS}, ends=True))
    (reads,) = TopicSource(shared, source()).ddl()
    (writes,) = TopicSink(shared, Sink("counts", COUNTS, key=("word",))).ddl()

    assert "'scan.bounded.mode' = 'latest-offset'" in reads
    assert "'connector' = 'upsert-kafka'" in writes


@pytest.mark.parametrize(
    ("runs_in", "key", "connector", "form"),
    [
        ("streaming", ("word",), "upsert-kafka", "value.format' = 'json"),
        ("streaming", (), "kafka", "'format' = 'json"),
        ("batch", ("word",), "kafka", "'format' = 'debezium-json"),
        ("batch", (), "kafka", "'format' = 'json"),
    ],
)
def test_connector_of_a_sink(tmp_path, runs_in, key, connector, form):
    """Only a stream with a primary key has something to upsert; the planner knows of any key."""
    attached = TopicSink(topics(tmp_path, runs_in), Sink("counts", COUNTS, key=key))
    (ddl,) = attached.ddl()

    assert f"'connector' = '{connector}'" in ddl
    assert form in ddl
    assert bool(key) == ("PRIMARY KEY (`word`) NOT ENFORCED" in ddl)
    assert "`counts`" == attached.target()


@pytest.mark.parametrize("key", [("word",), ()], ids=["upserts", "inserts"])
@pytest.mark.parametrize(
    ("delivery", "commits"), [("at-least-once", False), ("exactly-once", True)]
)
def test_delivery_of_a_sink(tmp_path, delivery, commits, key):
    """Its transactions have names of their own, and are committed with checkpoints."""
    place = Place("run_1", "streaming", tmp_path, {"kafka": ADDRESS}, delivery=delivery)
    attached = TopicSink(Topics(place), Sink("counts", COUNTS, key=key))
    (ddl,) = attached.ddl()

    assert commits == ("'sink.delivery-guarantee' = 'exactly-once'" in ddl)
    assert commits == ("'sink.transactional-id-prefix' = 'run_1-counts'" in ddl)
    assert commits == ("'properties.transaction.timeout.ms'" in ddl)
    assert commits == ("execution.checkpointing.interval" in attached.settings)


def test_nothing_made_is_nothing_to_drop(tmp_path):
    """A run that ended before its topics were there needs no broker to end."""
    shared = topics(tmp_path)

    assert TopicSource(shared, source()).drop() is None
    assert TopicSink(shared, Sink("counts", COUNTS)).drop() is None


def test_login_is_quoted_for_java_and_for_sql(tmp_path):
    """Whatever characters a password has."""
    address = Endpoint("127.0.0.1", 9092, 'us"er', 'it\'s \\ "secret"')
    shared = Topics(Place("run_1", "streaming", tmp_path, {"kafka": address}))
    (ddl,) = TopicSource(shared, source()).ddl()

    assert r"""username="us\"er" password="it''s \\ \"secret\"";'""" in ddl


def test_rows_go_in_turn_to_each_partition_in_order_of_arrival(tmp_path, monkeypatch):
    """Of each topic by itself, and beginning with the first each time."""
    sent = []
    monkeypatch.setattr(
        "streamgauge.attachments.topic.produce", lambda _, messages: sent.extend(messages)
    )
    shared = topics(tmp_path, partitions=2)
    for name in ("a", "b"):
        shared.add_source(Source(name, LINES, generate=lambda *_: [], raw=True))
    for part in ("a1", "b1", "a2", "a3"), ("a4",):
        shared.feed([Entry(text[0], (text.encode(),)) for text in part])

    assert [
        *[("run_1-a", 0, b"a1"), ("run_1-b", 0, b"b1"), ("run_1-a", 1, b"a2")],
        *[("run_1-a", 0, b"a3"), ("run_1-a", 0, b"a4")],
    ] == [message[:3] for message in sent]


def test_row_as_a_message():
    """Numbers, truth and NULL are JSON's own, the rest is text as Flink reads it."""
    schema = Schema.of(
        n="BIGINT", ratio="DOUBLE", yes="BOOLEAN", none="STRING", text="STRING", scan="BYTES"
    )
    exact = Schema.of(at="TIMESTAMP(3)", amount="DECIMAL(4, 2)")
    at = datetime.fromisoformat("2024-02-29 12:00:00.500")

    assert '{"n": 1, "ratio": 0.5, "yes": true, "none": null, "text": "№", "scan": "/wA="}' == (
        encode(schema, (1, 0.5, True, None, "№", b"\xff\x00")).decode()
    )
    assert '{"at": "2024-02-29 12:00:00.500000", "amount": "1.50"}' == (
        encode(exact, (at, Decimal("1.50"))).decode()
    )


def test_plain_topic_has_inserts():
    """Each message is a row."""
    assert Change("+I", ("flink", 3)) == Inserts(COUNTS, decode)(message({"word": "flink", "n": 3}))


@pytest.mark.parametrize("text", ['{"n": 3, "word": "flink"}', ' {"word":"flink","n":3}\n'])
def test_json_may_have_space_around_it(text):
    """As of a program that is somebody's own."""
    told = SimpleNamespace(value=text.encode)

    assert Change("+I", ("flink", 3)) == Inserts(COUNTS, decode)(told)


@pytest.mark.parametrize("text", ['{"n": 3} {"n": 4}', "{} x", "nothing", ""])
def test_what_is_no_json_is_refused(text):
    """All of a message is one value."""
    with pytest.raises(ValueError, match="line 1"):
        parsed(text)


def test_upsert_topic_has_changes():
    """The first value of a key inserts, the next updates, none deletes; then it is new again."""
    decode = Upserts(COUNTS)
    values = [1, 2, None, 3]
    key = {"word": "flink"}
    changes = [decode(message(None if n is None else {**key, "n": n}, key)) for n in values]

    assert [
        Change("+I", ("flink", 1)),
        Change("+U", ("flink", 2)),
        Change("-D", ("flink", None)),
        Change("+I", ("flink", 3)),
    ] == changes
