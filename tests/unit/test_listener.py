"""What a run asks of a broker: of librdkafka's own mock of one, or of one that is played here."""

from contextlib import nullcontext
from itertools import chain
from types import SimpleNamespace

import pytest
from confluent_kafka import KafkaError, KafkaException, Producer, TopicPartition

from streamgauge.attachments.listener import Listener, in_metrics
from streamgauge.services.endpoint import Endpoint

ADDRESS = Endpoint("127.0.0.1", 9092, "ada", "secret")
NEVER = -1001


@pytest.fixture
def producer():
    """Sends to a broker that is in this process, with no JVM."""
    return Producer({"test.mock.num.brokers": 1, "log_level": 0})


@pytest.fixture
def listener(producer):
    """Listens to that broker."""
    (broker,) = producer.list_topics(timeout=10).brokers.values()
    made = Listener(Endpoint(broker.host, broker.port, "", ""), "sg_1")
    yield made
    made.close()


def send(producer, values):
    for value in values:
        producer.produce("words", value, partition=0)
    assert 0 == producer.flush(10)


def test_messages_are_read_on_from_where_reading_ended(producer, listener):
    """Each once, however many come at a time; none is fetched that is not asked for."""
    seen, at = [], 0
    for number in range(3):
        values = [b"%d %d" % (number, n) for n in range(50)]
        send(producer, values)
        messages, at = listener.messages("words", at, listener.end("words"))
        seen += [message.value() for message in messages]
        assert values == seen[-50:]

    assert 150 == len(seen) == at


class Partition:
    """Gives a consumer what it is asked for: offsets of messages, and an end."""

    def __init__(self, *parts, end):
        self.parts = [[told(offset) for offset in part] for part in parts]
        self.parts[-1].append(told(end, KafkaError._PARTITION_EOF))

    def assign(self, partitions):
        self.start = partitions[0].offset

    def unassign(self):
        pass

    def consume(self, most, seconds):
        assert self.parts, "nothing comes after the end"
        if most == 1:
            return [self.parts[0].pop(0)]
        return self.parts.pop(0)


def told(offset, error=None):
    return SimpleNamespace(
        offset=lambda: offset, error=lambda: None if error is None else KafkaError(error)
    )


@pytest.mark.parametrize(
    ("parts", "end"),
    [
        pytest.param([[0, 1]], 3, id="one"),
        pytest.param([[0, 1], [3, 4]], 6, id="two"),
        pytest.param([[0], [7]], 9, id="one between them was given up"),
    ],
)
def test_end_of_a_transaction_is_no_message(monkeypatch, parts, end):
    """It has an offset: reading goes on after it, and does not wait for a message there."""
    monkeypatch.setattr(Listener, "_consumer", Partition(*parts, end=end))
    messages, at = Listener(ADDRESS, "run_1").messages("words", 0, end)

    assert [*chain(*parts)] == [message.offset() for message in messages]
    assert end == at


def test_transaction_that_is_open_hides_what_comes_after(monkeypatch):
    """One that has come to its end, or none, hides nothing."""
    ends = {("words", 0): 3}
    monkeypatch.setattr(Listener, "_consumer", Broker(ends, {}))
    monkeypatch.setattr(Listener, "_of_all", Broker({("words", 0): 5}, {}))
    listener = Listener(ADDRESS, "run_1")

    assert listener.has_open("words")
    ends["words", 0] = 5
    assert not listener.has_open("words")


def test_what_a_job_has_read_and_what_it_has_not(producer, listener):
    """A group that has committed nothing has read what its job says."""
    send(producer, [b"flink", b"pyflink"])

    assert not listener.all_consumed({"words": 1}, {})
    assert not listener.all_consumed({"words": 1}, {("words", 0): 1})
    assert listener.all_consumed({"words": 1}, {("words", 0): 2})


def test_who_was_never_asked_has_nothing_to_close():
    """As where DDL alone is wanted, of a broker that is not there."""
    Listener(ADDRESS, "sg_1").close()


class Broker:
    """Answers as a consumer is answered: where topics end, what a group has committed."""

    def __init__(self, ends, committed):
        self.ends = ends
        self.offsets = committed

    def get_watermark_offsets(self, at, _):
        return 0, self.ends[at.topic, at.partition]

    def committed(self, partitions, _):
        return [
            TopicPartition(at.topic, at.partition, self.offsets[at.topic, at.partition])
            for at in partitions
        ]


def by_partition(topic, offsets):
    return {(topic, number): offset for number, offset in enumerate(offsets)}


@pytest.mark.parametrize(
    ("ends", "committed", "read", "whole"),
    [
        pytest.param((3, 2), (NEVER, NEVER), (), False, id="nothing known yet"),
        pytest.param((3, 2), (NEVER, NEVER), (3, 2), True, id="read since the start"),
        pytest.param((3, 2), (NEVER, NEVER), (3, 1), False, id="a record short"),
        pytest.param((3, 2), (NEVER, NEVER), (3,), False, id="a partition short"),
        pytest.param((3, 2), (3, 2), (), True, id="read before it was restored"),
        pytest.param((3, 2), (2, 2), (3,), True, id="read on since it was restored"),
        pytest.param((3, 2), (3, 1), (3, 0), False, id="not read on since it was restored"),
        pytest.param((0, 0), (NEVER, NEVER), (), True, id="nothing to read"),
        pytest.param((1, 0), (NEVER, NEVER), (1,), True, id="nothing in one of two"),
    ],
)
def test_all_is_consumed_at_the_end_of_each_partition(monkeypatch, ends, committed, read, whole):
    """By what the job says that it has read, or had read when it was stopped."""
    broker = Broker(by_partition("a.b", ends), by_partition("a.b", committed))
    monkeypatch.setattr(Listener, "_consumer", broker)

    assert whole == Listener(ADDRESS, "run_1").all_consumed({"a.b": 2}, by_partition("a_b", read))


@pytest.mark.parametrize(
    ("ends", "committed", "lag"),
    [
        pytest.param((0, 0), (NEVER, NEVER), 0, id="nothing to read"),
        pytest.param((3, 2), (NEVER, NEVER), 5, id="nothing committed yet"),
        pytest.param((3, 2), (1, 2), 2, id="one behind"),
    ],
)
def test_lag_is_what_the_group_has_not_committed(monkeypatch, ends, committed, lag):
    """Of all partitions together."""
    broker = Broker(by_partition("a.b", ends), by_partition("a.b", committed))
    monkeypatch.setattr(Listener, "_consumer", broker)

    assert lag == Listener(ADDRESS, "run_1").lag({"a.b": 2})


@pytest.mark.parametrize(
    ("topic", "written"),
    [
        ("sg_1-events", "sg_1-events"),
        ("sg_1.sg_1_from.orders", "sg_1_sg_1_from_orders"),
        ("a b:c,d", "a_b_c_d"),
    ],
)
def test_topic_in_metrics(topic, written):
    """Flink takes characters that part the names of metrics for an underscore."""
    assert written == in_metrics(topic)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (KafkaError.COORDINATOR_LOAD_IN_PROGRESS, False),
        (KafkaError.NOT_COORDINATOR, False),
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, True),
    ],
)
def test_a_coordinator_that_is_not_ready_is_waited_for(monkeypatch, code, told):
    """Nothing is consumed yet then; any other error of the broker is one."""

    def fail(*_):
        raise KafkaException(KafkaError(code))

    broker = Broker(by_partition("t", (1, 0)), {})
    broker.committed = fail
    monkeypatch.setattr(Listener, "_consumer", broker)

    with pytest.raises(KafkaException) if told else nullcontext():
        assert not Listener(ADDRESS, "run_1").all_consumed({"t": 2}, {})
