"""What a program's connectors are led by, before any of them is built."""

import pytest

from streamgauge.worker.led import Led, properties

TOPIC = {"connector": "kafka", "topic": "run_1", "properties.bootstrap.servers": "h:9"}
TABLES = {"theirs": TOPIC, "/data/in.d": {"connector": "filesystem", "path": "file:///run/1"}}


@pytest.fixture
def led():
    return Led(TABLES, set(), set())


def test_a_table_of_the_run_is_made(led):
    """By the program's name for it; others are known, and stay where they are."""
    assert TOPIC == led.options("KafkaSource", ["other", "theirs"], "topic")
    assert {} == led.options("KafkaSink", ["else"], "topic")

    assert ({"theirs"}, {"other", "theirs", "else"}) == (led._made, led._names)
    assert ["run_1", "other"] == [led.place(name, "topic") for name in ("theirs", "other")]


@pytest.mark.parametrize(
    ("name", "key", "told"),
    [
        ("theirs", "path", "FileSink: theirs is on kafka in this run, and no folder"),
        ("/data/in.d", "topic", "FileSink: /data/in.d is on filesystem in this run, and no topic"),
    ],
)
def test_what_is_on_another_connector_is_told(led, name, key, told):
    """And is not made."""
    with pytest.raises(RuntimeError, match=told):
        led.options("FileSink", [name], key)
    assert set() == led._made


def test_a_client_is_told_its_properties():
    assert {"bootstrap.servers": "h:9"} == properties(TOPIC)
