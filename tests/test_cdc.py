"""What MySQL users do to tables while these are copied: the copies are right all the same."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition

from streamgauge.attachments import transactions
from streamgauge.attachments.broker import Outgoing, produce
from streamgauge.attachments.captured import Capture
from streamgauge.attachments.database import Database
from streamgauge.discovery import discover, load
from streamgauge.lifecycle import named, once
from streamgauge.services.kafka import client_settings
from streamgauge.services.mysql import connect
from streamgauge.testing import assert_matches
from streamgauge.values.changelog import Change
from streamgauge.waiting import wait_for

SCENARIOS = Path(__file__).with_name("scenarios")
BULK = 10_000
MANY = 6_000
ALL_AT_ONCE = once("plain", cut=1.0)

both = pytest.mark.parametrize("binding", ["cdc", "debezium"])


@pytest.fixture
def check(flink, request):
    """Runs a cell of orders_cdc over inputs and asserts that the copies are right."""
    scenario = discover()["orders_cdc"]

    def run(binding, inputs, lifecycle=None):
        if binding in flink.line.absent:
            pytest.skip(flink.line.absent[binding])
        outcome = flink.run(scenario, "sql", "streaming", binding, inputs, lifecycle=lifecycle)
        assert_matches(scenario.expected(inputs), outcome)

    return run


def sample(rows):
    """Changes of both tables."""
    return discover()["orders_cdc"].sample(seed=3, rows=rows)


def order(number, customer="Ada"):
    """A row of orders."""
    return (Decimal(number), customer, *[None] * 10)


def execute(tables, statement, rows=()):
    """Run one statement, for many rows where they are given."""
    with connect(tables.address, tables.name) as connection, connection.cursor() as cursor:
        cursor.executemany(statement, rows) if rows else cursor.execute(statement)


@both
def test_a_bulk_update_by_one_statement(binding, check, monkeypatch):
    """One UPDATE of 10,000 rows reaches every one of them."""

    def commit(tables, parts):
        changes = [change for part in parts for _, change in part]
        if [change for change in changes if change.op == "+U"]:
            execute(tables, "UPDATE orders SET customer = 'Zoë'")
        elif changes:
            rows = [change.row[:2] for change in changes]
            execute(tables, "INSERT INTO orders (id, customer) VALUES (%s, %s)", rows)

    monkeypatch.setattr(Database, "commit", commit)
    before = [Change("+I", order(number)) for number in range(BULK)]
    after = [Change("+U", order(number, "Zoë")) for number in range(BULK)]

    check(binding, {"orders": before + after, "items": []})


@both
def test_large_transactions_over_both_tables(binding, check, monkeypatch):
    """Transactions of 800 changes in two tables, all kinds of them."""
    monkeypatch.setattr(transactions, "SIZE", 800)

    check(binding, sample(rows=1600))


@both
def test_a_snapshot_while_writes_go_on(binding, check, monkeypatch):
    """Writes that begin before the snapshot and end after it are all there, once."""
    write = Database.commit

    def copied(tables):
        with connect(tables.address) as connection, connection.cursor() as cursor:
            copy = tables.name.replace("_from", "_to")
            cursor.execute(f"SELECT COUNT(*) FROM {copy}.orders_copy")
            return cursor.fetchone()[0]

    def go_on(tables, parts):
        write(tables, parts[:-1])
        wait_for(lambda: copied(tables), bool, 60, lambda _: "no row was copied")
        write(tables, parts[-1:])

    with ThreadPoolExecutor(1) as writer:
        monkeypatch.setattr(
            Database, "commit", lambda tables, parts: writer.submit(go_on, tables, list(parts))
        )
        check(binding, sample(rows=MANY), ALL_AT_ONCE)


@both
def test_keys_that_change_and_come_again_in_one_transaction(binding, check):
    """A row takes another's former key; a row is deleted and inserted: one transaction each."""
    before = [Change("+I", order(number)) for number in range(1, 5)]
    moved = [(1, 9), (2, 1), (9, 2)]
    after = [
        half
        for old, new in moved
        for half in (Change("-U", order(old, None)), Change("+U", order(new, f"{old} to {new}")))
    ]
    again = [Change("-D", order(3, None)), Change("+I", order(3, "again"))]
    orders = before + after + again

    check(binding, {"orders": orders, "items": []}, once("plain", cut=len(before) / len(orders)))


def test_changes_go_on_where_connect_was_started_again(flink, check, monkeypatch):
    """It forgets its connectors, and how far they had read it keeps."""
    feed = Capture.feed

    def feed_after_a_restart(capture, entries):
        if entries and fed:
            wait_for(capture.arrived, bool, 30, lambda _: "changes have not arrived")
            flink.harness.service("connect").restart()
        fed.append(len(entries))
        feed(capture, entries)

    fed = []
    monkeypatch.setattr(Capture, "feed", feed_after_a_restart)

    check("debezium", sample(rows=300))
    assert len([size for size in fed if size]) == 2


def test_replayed_changes_change_nothing(check, monkeypatch):
    """The same changes once more, as after a crash of Connect, leave the copies as they are."""
    feed = Capture.feed

    def feed_or_replay(capture, entries):
        if entries:
            feed(capture, entries)
        else:
            replay(capture)

    monkeypatch.setattr(Capture, "feed", feed_or_replay)

    check("debezium", sample(rows=300), ALL_AT_ONCE)


def replay(capture):
    """Send what is in the topics of the tables again."""
    wait_for(capture.arrived, bool, 30, lambda _: "changes have not arrived")
    kafka = capture.topics.address
    consumer = Consumer({**client_settings(kafka), "group.id": f"{capture.topics.group}-replay"})
    for topic in map(capture.topic, ("orders", "items")):
        partition = TopicPartition(topic, 0, 0)
        _, end = consumer.get_watermark_offsets(partition, 10)
        consumer.assign([partition])
        produce(kafka, [Outgoing(topic, 0, consumer.poll(10).value()) for _ in range(end)])
    consumer.close()


@pytest.mark.parametrize("lifecycle", ["once", "restart"])
def test_prices_of_the_binlog_are_read_before_all_is_said_to_be(flink, lifecycle):
    """An as-of join over mysql-cdc is not drained before it has read the changes."""
    if "cdc" in flink.line.absent:
        pytest.skip(flink.line.absent["cdc"])
    scenario = load(SCENARIOS / "priced_orders")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(
        scenario, "sql", "streaming", "cdc", inputs, lifecycle=named(lifecycle, "timed")
    )

    assert_matches(scenario.expected(inputs), outcome)


@both
@pytest.mark.parametrize("dialect", ["sql", "table"])
def test_tables_may_be_called_by_words_of_sql(flink, binding, dialect):
    """In MySQL's statements and in Flink's."""
    if binding in flink.line.absent:
        pytest.skip(flink.line.absent[binding])
    scenario = load(SCENARIOS / "reserved_words")
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, dialect, "streaming", binding, inputs)

    assert_matches(scenario.expected(inputs), outcome)
