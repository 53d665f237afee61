"""Generated columns in Kafka and MySQL are the rows that were to be there."""

import time
import uuid

import pytest
from confluent_kafka import (
    TIMESTAMP_CREATE_TIME,
    TIMESTAMP_LOG_APPEND_TIME,
    Consumer,
    TopicPartition,
)

from streamgauge.attachments.broker import Batch, create_topics, delete_topics, produce_all
from streamgauge.attachments.database import Database, table_ddl
from streamgauge.attachments.formats import messages
from streamgauge.attachments.listener import Listener
from streamgauge.discovery import discover
from streamgauge.services.kafka import client_settings
from streamgauge.slices import blocks, encoded, slices

ROWS = 3000


@pytest.fixture
def name():
    """What nobody else has."""
    return f"generated_{uuid.uuid4().hex[:8]}"


def test_parts_of_a_stream_fill_a_topic(streamgauge_harness, name):
    """A partition each; who comes second finds the topic."""
    address = streamgauge_harness.services(["kafka"])["kafka"]
    scenario = discover()["click_top10"]
    (source,) = scenario.sources
    consumer = Consumer({**client_settings(address), "group.id": name})
    parts = slices(ROWS, 2)
    for partition, rows in enumerate(parts):
        create_topics(address, {name: 2}, anew=False)
        values = encoded(scenario, source, 3, rows)
        produce_all(address, (Batch(name, partition, each) for each in values))

    found = []
    for partition, rows in enumerate(parts):
        consumer.assign([TopicPartition(name, partition, 0)])
        found += [consumer.poll(30).value() for _ in rows]
    consumer.close()
    delete_topics(address, [name])

    assert messages(source, source.generate(3, 0, ROWS)) == found


@pytest.mark.parametrize("count", [1, ROWS])
def test_changes_are_in_mysql(streamgauge_harness, name, count):
    """Those of a key replace each other, block by block; how many there were is known."""
    address = streamgauge_harness.services(["mysql"])["mysql"]
    source = discover()["feature_join"].sources[2]
    database = Database(address, name)
    database.add(table_ddl(source))
    database.create()
    parts = (source.generate(3, rows.start, rows.stop) for rows in blocks(range(count), 1000))
    database.load(source, parts)

    there = database.ask(f"SELECT * FROM {name}.{source.name}")
    database.drop()

    expected = {row[0]: row for _, row in source.generate(3, 0, count)}
    assert expected == {row[0]: row for row in there}
    assert {source.name: 2 * count - len(there)} == database.changes


def test_messages_of_a_sink_have_the_broker_s_time(streamgauge_harness, name):
    """Whatever time they were sent with, which those of a source keep."""
    address = streamgauge_harness.services(["kafka"])["kafka"]
    topics = [f"{name}-from", f"{name}-to"]
    create_topics(address, dict.fromkeys(topics, 1), appended=topics[1:])
    before = time.time() * 1000
    produce_all(address, [Batch(topic, 0, [b"x"], [1000]) for topic in topics])

    listener = Listener(address, name)
    ((sent,), (appended,)) = (listener.messages(topic, 0, 1)[0] for topic in topics)
    listener.close()
    delete_topics(address, topics)

    assert (TIMESTAMP_CREATE_TIME, 1000) == sent.timestamp()
    kind, at = appended.timestamp()
    assert TIMESTAMP_LOG_APPEND_TIME == kind
    # In whole milliseconds.
    assert before - 1 <= at <= time.time() * 1000
