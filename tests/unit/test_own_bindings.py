"""Tables that attach each in their own way, beside others."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from rich.console import Console

from streamgauge import fed
from streamgauge.attached import Attached
from streamgauge.attachments.database import table_ddl
from streamgauge.attachments.folder import FolderSource
from streamgauge.attachments.scanned import Scanned
from streamgauge.bindings import KINDS, Place, check, of_tables
from streamgauge.cells import ended, make_cell
from streamgauge.errors import ScenarioError
from streamgauge.lifecycle import once, restart
from streamgauge.records import GIVEN, Origin, Record, bound
from streamgauge.report.verdict_table import verdict_table
from streamgauge.run import Run, planned, run_cells
from streamgauge.scenario import CUT, Scenario, Sink, Source
from streamgauge.services.endpoint import Endpoint
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Entry, Inputs, Message
from streamgauge.values.schema import Schema
from streamgauge.versions import Line
from tests.unit.world import LINE, World

SCHEMA = Schema.of(id="BIGINT", at="TIMESTAMP(3)")
ORDERS = Source("orders", SCHEMA, list, key=("id",), binding="cdc")
CLICKS = Source("clicks", SCHEMA, list)
PRICES = Source("prices", SCHEMA, list, binding="jdbc", options={"jdbc": {"lookup.cache": "NONE"}})
NAMES = Source("names", SCHEMA, list, binding="files")
COPIES = Sink("copies", SCHEMA, key=("id",))
NO_CDC = Line("9.1", "9.1.0", ">=3.9", (), {}, absent={"cdc": "no connector is released"})


@pytest.fixture
def place(tmp_path):
    """A place whose services are not there."""
    address = Endpoint("127.0.0.1", 1, "user", "secret")
    services = dict.fromkeys(("kafka", "mysql", "connect"), address)
    return Place("sg_1", "streaming", tmp_path, services)


def question(*sources, sinks=(COPIES,), bindings=("kafka",), **more):
    """A scenario of these tables."""
    return Scenario(
        id="each",
        version=1,
        question="What does each give?",
        sources=sources,
        sinks=sinks,
        bindings=bindings,
        folder=Path(__file__).with_name("copying"),
        **more,
    )


def connectors(statements):
    """By table."""
    lines = [statement.splitlines() for statement in statements]
    return {
        text[0].split("`")[1]: next(line for line in text if "'connector'" in line).split("'")[3]
        for text in lines
    }


def test_each_table_attaches_in_its_own_way(place):
    """What one does not say its scenario's binding does."""
    sinks = (COPIES, replace(COPIES, name="mine", binding="jdbc"))
    sources = (ORDERS, CLICKS, PRICES, NAMES)
    kind = of_tables("kafka", (*sources, *sinks))

    assert {
        "orders": "mysql-cdc",
        "clicks": "kafka",
        "prices": "jdbc",
        "names": "filesystem",
        "copies": "upsert-kafka",
        "mine": "jdbc",
    } == connectors(kind.attach(place, sources, sinks).ddl())


def test_a_cell_needs_what_any_of_its_tables_does():
    """And files, which the cluster has to see, where one of them lies in such."""
    kind = of_tables("kafka", (ORDERS, CLICKS, NAMES, COPIES))

    assert {"kafka", "mysql"} == set(kind.services)
    assert {"kafka", "cdc", "jdbc"} == set(kind.connectors)
    assert kind.files
    assert not kind.bounded
    assert of_tables("kafka", (PRICES, NAMES)).bounded
    assert of_tables("kafka", (CLICKS, COPIES)) is KINDS["kafka"]


def test_sinks_of_their_own_are_topics_or_not():
    """As an asked delivery needs to know."""
    mine = replace(COPIES, name="mine", binding="kafka")
    kind = of_tables("cdc", (ORDERS, COPIES, mine))

    assert [False, True] == [kind.is_topic(sink) for sink in (COPIES, mine)]


@pytest.mark.parametrize(
    ("mode", "line", "told"),
    [("streaming", NO_CDC, "no connector is released"), ("batch", LINE, "a binlog has no end")],
)
def test_a_cell_is_absent_where_one_of_its_tables_cannot_be(mode, line, told):
    """On a line without its connector, or as a batch."""
    scenario = question(ORDERS, CLICKS)

    assert told in make_cell(scenario, "sql", mode, "kafka", line).absent


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            replace(CLICKS, binding="cdc"),
            "source clicks: binding 'cdc' is none of those that it may have: files, kafka, jdbc",
        ),
        (replace(CLICKS, binding="kafak"), "binding 'kafak' is none of .*: files, kafka, jdbc"),
        (replace(ORDERS, binding="kafka"), "is none of .*: cdc, debezium, jdbc"),
        (
            replace(COPIES, binding="debezium"),
            "sink copies: binding 'debezium' is none of those that it may have: files, kafka, jdbc",
        ),
        (Sink("all", SCHEMA, binding="jdbc"), "may have: files, kafka$"),
        (replace(ORDERS, binding=None), "source orders gives changes, kafka takes rows"),
    ],
)
def test_a_table_that_cannot_attach_so_is_refused(table, told):
    """With what it may have."""
    with pytest.raises(ScenarioError, match=told):
        check(table, "kafka")


def test_what_has_an_end_is_ahead_of_what_has_none():
    """Only there: where all has an end, all is fed before the job."""
    cell = make_cell(question(PRICES, CLICKS, NAMES), "sql", "streaming", "kafka", LINE)

    assert ("prices", "names") == cell.ahead
    assert () == ended(cell).ahead
    assert () == make_cell(cell.scenario, "sql", "batch", "kafka", LINE).ahead
    assert () == make_cell(question(CLICKS), "sql", "streaming", "kafka", LINE).ahead


def test_a_share_is_one_of_what_comes_while_the_job_runs():
    """All that is ahead comes with the first, and before it."""
    entries = [Entry(name, (number,)) for number, name in enumerate("abbab")]
    inputs = Inputs(("a", "b"), tuple(entries)).first(["a"])

    assert [*"aabbb"] == [entry.source for entry in inputs.entries]
    assert [2, 3, 5] == [len(inputs.until(share).entries) for share in (0, 1 / 3, 1)]
    assert [0, 2, 5] == [len(Inputs.of(inputs).part(0, stop).entries) for stop in (0, 2, 5)]


def test_arrivals_are_cut_among_what_comes_while_the_job_runs():
    """Wherever the rows of the others stand."""
    at = [("clicks", (n, None)) for n in range(4)]
    arrivals = [("prices", (9, None)), at[0], CUT, *at[1:], ("prices", (8, None))]
    tables = [replace(table, generate=None) for table in (PRICES, CLICKS)]
    scenario = question(*tables, arrivals=arrivals)
    cell = make_cell(scenario, "sql", "streaming", "kafka", LINE)
    inputs = scenario.sample(0).first(cell.ahead)

    run = planned(replace(cell, absent=None), inputs, Origin("by hand"), "", "once")

    assert 0.25 == run.lifecycle.cut
    assert [arrivals[0], arrivals[-1], at[0]] == list(inputs.until(0.25).entries)


class Filled(World):
    """A world that is told what is there before the job."""

    def fill(self, entries):
        self.done.append(f"fill {len(entries)}")


@pytest.mark.parametrize("life", [once, restart])
def test_all_that_is_ahead_is_there_before_anything_else(tmp_path, monkeypatch, life):
    """Nothing of it comes later, whatever a job goes through."""
    rows = [(n, None) for n in range(4)]
    copied = [Change("+I", row) for row in rows]
    world = Filled(tmp_path, copied[:2], copied)
    monkeypatch.setattr("streamgauge.cells.of_tables", lambda *_: world.kind())
    scenario = question(
        PRICES, CLICKS, sinks=(Sink("copies", SCHEMA),), oracle=lambda i: {"copies": i["clicks"]}
    )
    inputs = Inputs.of({"prices": rows[:3], "clicks": rows})
    cell = make_cell(scenario, "sql", "streaming", "kafka", LINE)
    (outcome,) = run_cells(world, [Run(cell, inputs, GIVEN, life("plain"))])

    assert ("pass", "") == (outcome.record.verdict, outcome.record.reason)
    assert ["create", "fill 3", "feed 2"] == world.done[:3]
    stops = [n for n, each in enumerate(world.done) if each.startswith("stop ")]
    assert stops
    assert all(world.done[n - 1].endswith(" has read prices") for n in stops)
    assert {"prices": "jdbc"} == outcome.record.tables


def test_who_has_nothing_ahead_is_not_asked():
    """One that captures changes would begin."""
    asked = {name: MagicMock() for name in "ab"}
    tables = {name: SimpleNamespace(feeder=feeder) for name, feeder in asked.items()}
    Attached(tables, {}).fill([Entry("a", (1,)), Entry("a", (2,))])

    asked["a"].feed.assert_called_once_with([Entry("a", (1,)), Entry("a", (2,))])
    asked["b"].feed.assert_not_called()


def scanned(*sources):
    """The database of these, and what is committed to it."""
    database = MagicMock()
    feeder = Scanned(database)
    for source in sources:
        feeder.add(source)
    return feeder, database


def test_rows_and_changes_are_put_into_tables():
    """In order, rows as inserts."""
    keyed = replace(ORDERS, binding="jdbc")
    feeder, database = scanned(PRICES, keyed)
    changes = [Change("+I", (1, None)), Change("-D", (1, None))]
    feeder.feed(
        [Entry("orders", changes[0]), Entry("prices", (2, None)), Entry("orders", changes[1])]
    )
    ((transaction,),) = [list(call.args[0]) for call in database.commit.call_args_list]

    assert [
        (keyed, changes[0]),
        (PRICES, Change("+I", (2, None))),
        (keyed, changes[1]),
    ] == transaction


@pytest.mark.parametrize(
    ("reading", "whole"), [((), True), (("clicks",), True), (("prices",), False)]
)
def test_a_scan_is_waited_for(reading, whole):
    """A table that is looked up is scanned by nobody."""
    feeder, _ = scanned(PRICES)

    assert whole == feeder.consumed(SimpleNamespace(reading=frozenset(reading)))


@pytest.mark.parametrize(("reading", "whole"), [((), True), (("names",), False)])
def test_a_file_beside_what_has_no_end_is_waited_for(place, reading, whole):
    """It has been read before a job is stopped that goes on over others."""
    feeder = FolderSource(place, NAMES).feeder

    assert whole == feeder.consumed(SimpleNamespace(reading=frozenset(reading)))


@pytest.mark.parametrize(
    ("sources", "mode", "ends"),
    [
        ((NAMES,), "streaming", True),
        ((CLICKS,), "batch", True),
        ((NAMES, CLICKS), "streaming", False),
    ],
)
def test_a_place_knows_whether_the_input_has_an_end(tmp_path, sources, mode, ends):
    """By all of its sources: sinks in files go by that."""
    space = SimpleNamespace(data=tmp_path, zone="UTC")
    harness = SimpleNamespace(services=lambda _: {}, unique_name=lambda: "run_1", space=space)
    cell = make_cell(question(*sources), "sql", mode, "kafka", LINE)

    assert ends == fed.place(harness, cell, once(cell.form)).ends


def test_a_table_of_rows_has_no_key():
    """So the same row may be there twice."""
    assert "PRIMARY KEY" not in table_ddl(PRICES)
    assert "PRIMARY KEY (`id`)" in table_ddl(ORDERS)


def test_a_table_that_is_looked_up_has_options_of_its_own(place):
    """And columns that Flink makes."""
    source = replace(PRICES, added={"now": "AS PROCTIME()"})
    (ddl,) = of_tables("kafka", [source]).attach(place, [source], []).ddl()

    assert "'lookup.cache' = 'NONE'" in ddl
    assert "`now` AS PROCTIME()" in ddl
    assert "jdbc:mysql://127.0.0.1:1/sg_1_at?" in ddl


def test_a_cache_that_the_connector_has_not_is_told():
    """Flink's own says nothing, and looks up each time."""
    with pytest.raises(ScenarioError, match=r"prices: lookup\.cache FULL: .* has NONE, PARTIAL"):
        replace(PRICES, options={"jdbc": {"lookup.cache": "full"}})


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (replace(PRICES, time="at"), "has no order by which rows come in time"),
        (replace(PRICES, generate=None, rows=[Message(b"{")]), "MySQL has no messages, such as"),
    ],
)
def test_what_a_database_has_not_is_absent(source, told):
    """Nobody says in which order a scan has its rows, and it has nothing but rows."""
    clicks = CLICKS if source.generate else replace(CLICKS, generate=None, rows=[])
    scenario = question(source, clicks)

    assert told in make_cell(scenario, "sql", "streaming", "kafka", LINE).absent


def test_what_tables_have_of_their_own_is_told(tmp_path):
    """Beside the binding of all others."""
    plain = Record("each", 1, "sql", "batch", "kafka", "9.0", "pass")
    mixed = replace(plain, tables={"prices": "jdbc"})
    console = Console(width=200, file=(tmp_path / "told").open("w"))
    for part in verdict_table(console, [plain, mixed]):
        console.print(part)
    console.file.close()

    assert "kafka, prices jdbc" == bound("kafka", {"prices": "jdbc"})
    assert "\nkafka, prices jdbc  pass" in (tmp_path / "told").read_text()
