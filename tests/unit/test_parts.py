"""Sinks whose columns lie in keys and metadata of messages: how Flink is told, and read back."""

import json
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest
from confluent_kafka import TIMESTAMP_CREATE_TIME, TIMESTAMP_NOT_AVAILABLE

from streamgauge.attachments.ddl import options_of
from streamgauge.attachments.parts import Parts
from streamgauge.attachments.place import Place
from streamgauge.attachments.topic import Topics, TopicSink
from streamgauge.errors import StreamgaugeError
from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import Sink
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

TYPES = {
    "buyer": "STRING",
    "sent": "TIMESTAMP_LTZ(3)",
    "cents": "INT",
    "told": "MAP<STRING, BYTES>",
    "shop": "INT",
}
METADATA = {"sent": "timestamp", "told": "headers"}
AT = datetime(2024, 2, 29, 12, 0, 0, 125000, tzinfo=timezone.utc)


def sink(types=TYPES, message_key=("shop", "buyer"), metadata=METADATA, **more):
    """One whose columns lie everywhere."""
    schema = Schema.of(**types)
    return Sink("bills", schema, message_key=message_key, metadata=metadata, **more)


def message(value, key=None, headers=None, at=(TIMESTAMP_CREATE_TIME, 1_709_208_000_125)):
    """What a consumer gets."""
    texts = [None if part is None else json.dumps(part).encode() for part in (value, key)]
    return SimpleNamespace(
        value=lambda: texts[0],
        key=lambda: texts[1],
        headers=lambda: headers,
        timestamp=lambda: at,
        error=lambda: None,
    )


@pytest.mark.parametrize(
    ("came", "row"),
    [
        (
            message({"cents": 7}, {"shop": 3, "buyer": "Eve"}, [("a", b"1"), ("b", b"\xff")]),
            ("Eve", AT, 7, frozenset({("a", b"1"), ("b", b"\xff")}), 3),
        ),
        (message({"cents": None}, {"shop": 3}), (None, AT, None, None, 3)),
        (
            message({"cents": 1}, None, [], (TIMESTAMP_NOT_AVAILABLE, 0)),
            (None, None, 1, None, None),
        ),
    ],
)
def test_a_row_is_of_all_parts_of_its_message(came, row):
    """In the order of the columns, wherever each lies."""
    assert Change("+I", row) == Parts(sink())(came)


def test_the_value_is_of_the_format_of_the_sink():
    """The key is JSON, whatever that is."""
    csv = sink({"buyer": "STRING", "cents": "INT", "n": "INT"}, ("buyer",), {}, format="csv")
    came = message(None, {"buyer": "Eve"})
    came.value = lambda: b"7,3"

    assert Change("+I", ("Eve", 7, 3)) == Parts(csv)(came)


def test_flink_is_told_where_each_column_lies(tmp_path):
    """The columns stay in their order, for a query has them by place."""
    topics = Topics(Place("run_1", "streaming", tmp_path, {"kafka": Endpoint("h", 1, "u", "p")}))
    (ddl,) = TopicSink(topics, sink()).ddl()
    told = options_of(ddl)

    assert (
        "  `buyer` STRING,\n  `sent` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',\n  `cents` INT,\n"
        "  `told` MAP<STRING, BYTES> METADATA FROM 'headers',\n  `shop` INT\n"
    ) in ddl
    assert ("shop;buyer", "EXCEPT_KEY") == (told["key.fields"], told["value.fields-include"])


@pytest.mark.parametrize(
    ("metadata", "at"), [({}, 1_709_208_000.125), ({"sent": "timestamp"}, None)]
)
def test_a_time_that_the_job_says_is_not_when_a_row_came(tmp_path, monkeypatch, metadata, at):
    """So the broker keeps it, and nobody knows when it came."""
    made = {}
    monkeypatch.setattr(
        "streamgauge.attachments.topic.create_topics", lambda *_, appended: made.update(a=appended)
    )
    topics = Topics(Place("run_1", "streaming", tmp_path, {"kafka": Endpoint("h", 1, "u", "p")}))
    types = {"sent": "TIMESTAMP_LTZ(3)", "n": "INT"}
    attached = TopicSink(topics, sink(types, (), metadata))
    came = message({"sent": "2024-02-29 12:00:00.125Z", "n": 1})
    topics.listener = SimpleNamespace(end=lambda *_: 1, messages=lambda *_: ([came], 1))
    attached.create()
    (arrival,) = attached.read()

    assert (Change("+I", (AT, 1)), at) == arrival
    assert {"a": {"run_1-bills"} if at else set()} == made


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"metadata": {"sent": "offset"}}, "metadata of Kafka 'offset'; valid: timestamp, headers"),
        ({"metadata": {"cents": "timestamp"}}, "is a INT, and timestamp a TIMESTAMP_LTZ"),
        ({"metadata": {"when": "timestamp"}}, "when"),
        ({"message_key": ("nobody",)}, "nobody"),
        ({"message_key": ("sent",)}, "metadata sent: it is in the key too, or two"),
        (
            {
                "types": {**TYPES, "cents": "TIMESTAMP_LTZ(3)"},
                "metadata": {"sent": "timestamp", "cents": "timestamp"},
            },
            "two columns are its timestamp",
        ),
        (
            {"message_key": ("buyer", "cents", "shop")},
            "message_key: leaves no column for the value",
        ),
        (
            {
                "types": {"sent": "TIMESTAMP_LTZ(3)"},
                "metadata": {"sent": "timestamp"},
                "message_key": (),
            },
            "metadata sent: leaves no column for the value",
        ),
        ({"key": ("buyer",), "metadata": {}}, "message_key: a sink with a key has no messages of"),
        (
            {"key": ("buyer",), "message_key": ()},
            "metadata sent: a sink with a key has no messages",
        ),
        ({"types": {**TYPES, "a;b": "INT"}, "message_key": ("a;b",)}, "with ; between them"),
    ],
)
def test_a_sink_of_which_kafka_could_have_no_such_messages(more, told):
    """Named, with what there is instead where there is a choice."""
    with pytest.raises(StreamgaugeError, match=told):
        sink(**more)
