"""Attachments of one run together: fed in order of arrival, dropped whatever happens."""

import subprocess
import sys
from itertools import chain
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest

from streamgauge.attached import Attached
from streamgauge.attachments.database import Database
from streamgauge.bindings import KINDS, Place
from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import Sink, Source
from streamgauge.values.inputs import Entry
from streamgauge.values.schema import Schema

SCHEMA = Schema.of(id="BIGINT", at="TIMESTAMP(3)")
ROWS = Source("rows", SCHEMA, list, time="at")
CHANGES = Source("changes", SCHEMA, list, key=("id",))
COPIES = Sink("copies", SCHEMA, key=("id",))
EVENTS = Sink("events", SCHEMA)


@pytest.fixture
def place(tmp_path):
    """A place whose services are not there."""
    address = Endpoint("127.0.0.1", 1, "user", "secret")
    services = dict.fromkeys(("kafka", "mysql", "connect", "metastore"), address)
    return Place("sg_1", "streaming", tmp_path, services)


class Feeder:
    """Keeps what it is fed; has taken in what it is told."""

    def __init__(self, *, whole=True):
        self.fed = []
        self.whole = whole

    def feed(self, entries):
        self.fed.append(entries)

    def consumed(self, _):
        return self.whole


def attached(feeders):
    """Sources by name, with their feeders."""
    return Attached({name: SimpleNamespace(feeder=f) for name, f in feeders.items()}, {})


def test_tables_of_a_service_are_fed_together_in_order_of_arrival():
    """And every service once, be it with nothing."""
    broker, database, folder = Feeder(), Feeder(), Feeder()
    run = attached({"a": broker, "b": broker, "c": database, "d": folder})
    entries = [Entry(name, (number,)) for number, name in enumerate("acbac")]
    run.feed(entries)

    assert [[entries[0], entries[2], entries[3]]] == broker.fed
    assert [[entries[1], entries[4]]] == database.fed
    assert [[]] == folder.fed


def test_tables_of_several_services_are_fed_in_turns():
    """Portions that together are all, each with what is to each service at that time."""
    broker, database = Feeder(), Feeder()
    entries = [Entry(name, (number,)) for number in range(50) for name in "ab"]
    attached({"a": broker, "b": database}).feed(entries, in_turns=True)

    assert 20 == len(broker.fed) == len(database.fed)
    assert entries[::2] == [*chain(*broker.fed)]
    assert entries[1::2] == [*chain(*database.fed)]


def test_tables_of_one_service_need_no_turns():
    """One call is enough for their order."""
    broker = Feeder()
    attached({"a": broker, "b": broker}).feed([Entry("a", (1,)), Entry("b", (2,))], in_turns=True)

    assert 1 == len(broker.fed)


@pytest.mark.parametrize("whole", [True, False])
def test_all_is_consumed_when_each_service_says_so(whole):
    """One that has not is enough."""
    run = attached({"a": Feeder(), "b": Feeder(whole=whole)})

    assert whole == run.consumed({})


def test_all_are_dropped_whatever_fails():
    """In the opposite order; the first error is told."""
    dropped = []

    def drop(name):
        dropped.append(name)
        if name in ("b", "c"):
            raise OSError(name)

    tables = {name: SimpleNamespace(drop=lambda n=name: drop(n)) for name in "abcd"}
    with pytest.raises(OSError, match="c"):
        Attached({n: tables[n] for n in "ab"}, {n: tables[n] for n in "cd"}).drop()

    assert ["d", "c", "b", "a"] == dropped


def test_all_topics_are_made_and_deleted_by_one_call_each(place, monkeypatch):
    """The broker takes as long for one as for many; messages of sinks have its times."""
    asked, told = [], {}

    def call(_, topics, **more):
        asked.append([*topics])
        told.update(more)

    for name in ("create_topics", "delete_topics"):
        monkeypatch.setattr(f"streamgauge.attachments.topic.{name}", call)
    run = KINDS["kafka"].attach(place, [ROWS], [COPIES, EVENTS])
    run.create()
    run.drop()

    assert [["sg_1-rows", "sg_1-copies", "sg_1-events"]] * 2 == asked
    assert {"appended": {"sg_1-copies", "sg_1-events"}} == told


def test_all_tables_of_a_database_are_made_over_one_connection(place, monkeypatch):
    """To log in takes longer than to make a table."""
    server = MagicMock()
    connect = MagicMock(return_value=server)
    monkeypatch.setattr("streamgauge.attachments.database.connect", connect)
    monkeypatch.setattr(Database, "position", lambda _: ("binlog.000002", 157))
    others = Source("others", SCHEMA, list, key=("id",))
    KINDS["cdc"].attach(place, [CHANGES, others], []).create()
    cursor = server.__enter__().cursor().__enter__()

    assert 1 == connect.call_count
    assert ["CREATE DATABASE", "CREATE TABLE", "CREATE TABLE"] == [
        " ".join(call.args[0].split()[:2]) for call in cursor.execute.call_args_list
    ]


@pytest.mark.parametrize(
    ("binding", "source", "sinks"),
    [
        ("files", ROWS, ["FolderSink", "FolderSink"]),
        ("kafka", ROWS, ["TopicSink", "TopicSink"]),
        ("cdc", CHANGES, ["JdbcTable", "TopicSink"]),
        ("debezium", CHANGES, ["JdbcTable", "TopicSink"]),
        ("parquet", ROWS, ["JdbcTable", "TopicSink"]),
        ("hive", ROWS, ["JdbcTable", "TopicSink"]),
    ],
)
def test_a_binding_is_a_rule(place, binding, source, sinks):
    """By its key, each table has its way to attach; a job is told what they all need."""
    run = KINDS[binding].attach(place, [source], [COPIES, EVENTS])

    assert sinks == [type(sink).__name__ for sink in run.sinks.values()]
    topics = [KINDS[binding].is_topic(sink) for sink in (COPIES, EVENTS)]
    assert topics == [name == "TopicSink" for name in sinks]
    assert (binding == "files") == run.bounded
    assert run.bounded == ("execution.checkpointing.interval" not in run.settings)


def test_what_costs_is_imported_when_it_is_needed():
    """A command over files pays for no warehouse."""
    costly = {"pyarrow", "pymetastore"}
    asked = f"import sys, streamgauge.harness; print({costly} & {{*sys.modules}} or 'none')"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert "none" == told.stdout.strip()
