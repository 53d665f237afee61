"""What is sent arrives, in order; what cannot arrive is told. Of librdkafka's mock of a broker."""

import time

import pytest

from streamgauge.attachments import broker
from streamgauge.attachments.broker import (
    MOST,
    Batch,
    Outgoing,
    produce,
    produce_all,
)
from streamgauge.attachments.follower import Follower
from streamgauge.attachments.listener import Listener
from streamgauge.errors import StreamgaugeError


@pytest.fixture
def values(address):
    """Gives what a partition holds."""
    listener = Listener(address, "sg_1")
    yield lambda topic, count: [m.value() for m in listener.messages(topic, 0, count)[0]]
    listener.close()


def test_messages_of_each_topic_are_in_order(address, values):
    """However they are mixed, and more of them than go together."""
    outgoing = [Outgoing("ab"[n % 3 == 0], 0, b"%d" % n) for n in range(1000)]

    produce(address, outgoing)

    for topic in "ab":
        sent = [message.value for message in outgoing if message.topic == topic]
        assert sent == values(topic, len(sent))


def test_more_than_the_producer_holds(address, values, monkeypatch):
    """It waits for room, so that nothing is left out or comes twice."""
    monkeypatch.setattr(broker, "_QUEUE", MOST + 1)
    blocks = [[b"%d" % n for n in range(at, at + MOST)] for at in range(0, 5 * MOST, MOST)]

    produce_all(address, (Batch("words", 0, block) for block in blocks))

    assert [value for block in blocks for value in block] == values("words", 5 * MOST)


def test_a_follower_tells_when_messages_came(address):
    """Those that were there before it, and those that come while it reads."""
    produce(address, [Outgoing("to-b", 0, b"0")])
    before = time.time()
    follower = Follower(address, "sg_1", {"a": "to-a", "b": "to-b"})
    (first,) = follower.seen("b", 1)
    produce(address, [Outgoing(topic, 0, b"1") for topic in ("to-a", "to-b")])

    times = [*follower.seen("b", 2), *follower.seen("a", 1)]

    follower.stop()
    assert first == times[0]
    assert before <= first <= min(times[1:])
    assert max(times) <= time.time()


def test_message_that_is_too_large_is_told(address):
    """One of many, in one line."""
    large = [b"a", b"b" * 2_000_000, b"c"]

    for times in ([], [1, 2, 3]):
        with pytest.raises(StreamgaugeError, match=f"^Kafka at {address} does not take records: "):
            produce_all(address, [Batch("words", 0, large, times)])


def test_partition_that_is_not_there_is_told(address):
    """The broker's word for it comes later than the message is taken."""
    produce(address, [Outgoing("words", 0, b"a")])

    with pytest.raises(StreamgaugeError, match="does not take records: "):
        produce(address, [Outgoing("words", 99, b"a")])


def test_a_broker_that_does_not_answer_is_told(address, monkeypatch):
    """The one in this process makes no topics by the admin client."""
    monkeypatch.setattr(broker, "SECONDS", 0.1)

    with pytest.raises(StreamgaugeError, match="topic words: no answer from Kafka"):
        broker.create_topics(address, {"words": 1})
