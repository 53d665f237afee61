"""How many rows a second are made, as messages ready to send: ours, a plain generator's, faker's.

    sh run.sh tox -e bench -- benchmarks/test_generators.py

Each makes rows of the same columns as JSON, in seconds of one core, whoever else uses the
machine. The plain generator draws a value at a time with the standard library; the third asks
faker for each value that it has a provider for. Into Kafka and MySQL go ours, by one process,
until all is acknowledged.
"""

from __future__ import annotations

import json
import random
import time
from base64 import b64encode
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from multiprocessing import get_context

import pytest
from faker import Faker

from streamgauge.attachments.broker import Batch, create_topics, produce_all
from streamgauge.attachments.database import Database, table_ddl
from streamgauge.attachments.ddl import named
from streamgauge.attachments.formats import messages
from streamgauge.attachments.listener import Listener
from streamgauge.discovery import discover
from streamgauge.providers.local import Local
from streamgauge.slices import BLOCK, blocks, encoded, slices
from streamgauge.values.changelog import Change
from streamgauge.workspace import workspace

FEW = 1000
MANY = 2_000_000
SENT = 500_000
LOADED = 200_000
ROUNDS = 3
START = datetime(2026, 1, 1)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
# The sources of all scenarios that have a generator of their own, by scenario and name.
SOURCES = {
    f"{scenario.id}.{source.name}": (scenario, source)
    for scenario in discover().values()
    for source in scenario.sources
}
WORDS = ("flink", "table", "stream", "batch", "window", "state", "kafka", "it's", "naïve")
CITIES = ("Ulm", "Łódź", "大阪", "Accra", None)
PEOPLE = ("Ada", "Zoë", "Łukasz", "José 'Pepe'", "李小龍", "Ольга")


def at(index, late=0):
    """A time that rises with the index, by so many milliseconds late."""
    return str(START + timedelta(milliseconds=10 * index - late))


def digits(draw, most):
    """A decimal as text, with four digits behind the point."""
    return f"{draw(0, most)}.{draw(0, 9999):04}"


def line(pid, address, user, command, index):
    """A line of syslog, as JSON has bytes."""
    stamp = (START + timedelta(seconds=index)).strftime("%b %d %H:%M:%S")
    return b64encode(f"<14>{stamp} {address} sh[{pid}]: {user} {command}".encode()).decode()


# Each column's value, drawn by a random.Random for an index.
PLAIN = {
    "click_top10.clicks": {
        "ts": lambda r, i: at(i, r.randrange(500)),
        "user_id": lambda r, _: r.randrange(60),
        "name": lambda r, _: f"user {r.randrange(60):02}",
        "sex": lambda r, _: r.choice("fm"),
        "action": lambda r, _: r.choice(("click", "is_delete")),
    },
    "word_count.words": {"word": lambda r, _: r.choice(WORDS)},
    "syslog_udf.lines": {
        "received": lambda r, i: at(i, r.randrange(5000)),
        "line": lambda r, i: line(r.randrange(999), "10.0.0.1", r.choice(PEOPLE), "ls -la", i),
    },
    "log_sync.logs": {
        "id": lambda _, i: f"w{i}",
        "time": lambda _, i: at(i),
        "request": lambda r, _: {"method": r.choice(("GET", "PUT")), "path": r.choice(WORDS)},
        "status": lambda r, _: r.choice((200, 204, 404)),
        "bytes": lambda r, _: r.randrange(2**32),
        "client": lambda r, _: {"ip": f"10.0.0.{r.randrange(256)}"},
        "user": lambda r, _: {"id": r.randrange(500)},
    },
    "orders_cdc.orders": {
        "id": lambda _, i: i,
        "customer": lambda r, _: r.choice(PEOPLE),
        "quantity": lambda r, _: r.randrange(2**32),
        "amount": lambda r, _: digits(r.randint, 10**30),
        "weight": lambda r, _: r.random() * 1e290,
        "status": lambda r, _: r.choice(("new", "paid")),
        "paid": lambda r, _: r.choice((True, False)),
        "flags": lambda r, _: b64encode(r.randbytes(1)).decode(),
        "details": lambda r, i: json.dumps({"no": i, "to": r.choice(PEOPLE), "tags": [None]}),
        "scan": lambda r, _: b64encode(r.randbytes(20)).decode(),
        "due": lambda _, i: at(i)[:10],
        "ordered_at": lambda _, i: at(i),
    },
    "orders_cdc.items": {
        "order_id": lambda _, i: i,
        "line": lambda r, _: r.randrange(7),
        "product": lambda r, _: f"№{r.randrange(1000)} {r.choice(PEOPLE)}",
        "quantity": lambda r, _: r.randrange(100),
        "price": lambda r, _: digits(r.randint, 10**7),
    },
    "feature_join.impressions": {
        "ts": lambda r, i: at(i, r.randrange(5000)),
        "impression_id": lambda _, i: i,
        "user_id": lambda r, _: r.randrange(50),
        "item": lambda r, _: r.choice(WORDS),
    },
    "feature_join.clicks": {
        "ts": lambda r, i: at(i, r.randrange(5000)),
        "impression_id": lambda _, i: i,
        "user_id": lambda r, _: r.randrange(50),
    },
    "feature_join.profiles": {
        "user_id": lambda r, _: r.randrange(50),
        "city": lambda r, _: r.choice(CITIES),
        "level": lambda r, _: r.randrange(100),
        "updated_at": lambda _, i: at(i),
    },
    "state_zoo.readings": {
        "id": lambda _, i: i,
        "sensor": lambda r, _: r.choice(WORDS),
        "grade": lambda r, _: f"grade {r.randrange(100)}",
        "amount": lambda r, _: r.randrange(1000),
    },
    "state_zoo.weights": {
        "grade": lambda _, i: f"grade {i}",
        "weight": lambda r, _: r.randrange(10),
    },
    "open_windows.readings": {
        "at": lambda r, i: at(i, r.randrange(5000)),
        "sensor": lambda r, _: r.choice(WORDS),
        "amount": lambda r, _: r.randrange(1000),
    },
}
# What faker draws instead, in any entity that has such a column, or in one.
FAKED = {
    "name": lambda f, _: f.name(),
    "user_id": lambda f, _: f.random_int(0, 60),
    "sex": lambda f, _: f.random_element("fm"),
    "action": lambda f, _: f.random_element(("click", "is_delete")),
    "word": lambda f, _: f.word(),
    "syslog_udf.lines.line": lambda f, i: line(
        f.random_int(), f.ipv4(), f.user_name(), f.file_path(), i
    ),
    "request": lambda f, _: {"method": f.http_method(), "path": f.uri_path()},
    "status": lambda f, _: f.http_status_code(),
    "bytes": lambda f, _: f.random_int(0, 2**32),
    "client": lambda f, _: {"ip": f.ipv4()},
    "user": lambda f, _: {"id": f.random_int(0, 500)},
    "customer": lambda f, _: f.name(),
    "quantity": lambda f, _: f.random_int(0, 2**32),
    "amount": lambda f, _: digits(f.random_int, 10**30),
    "weight": lambda f, _: f.pyfloat(),
    "paid": lambda f, _: f.boolean(),
    "flags": lambda f, _: b64encode(f.binary(1)).decode(),
    "details": lambda f, i: json.dumps({"no": i, "to": f.name(), "tags": [None]}),
    "scan": lambda f, _: b64encode(f.binary(20)).decode(),
    "due": lambda f, _: f.date(),
    "product": lambda f, _: f"№{f.random_int()} {f.name()}",
    "price": lambda f, _: digits(f.random_int, 10**7),
    "item": lambda f, _: f.word(),
    "city": lambda f, _: f.city(),
    "level": lambda f, _: f.random_int(0, 100),
    "sensor": lambda f, _: f.word(),
    "grade": lambda f, _: f"grade {f.random_int(0, 100)}",
}
EACH = pytest.mark.parametrize("entity", SOURCES)
CPU = pytest.mark.benchmark(timer=time.process_time)


def encode(columns, drawn, rows):
    """Rows of these columns as JSON."""
    made = ({name: make(drawn, index) for name, make in columns.items()} for index in range(rows))
    return [json.dumps(row, ensure_ascii=False).encode() for row in made]


def check_columns(entity, written):
    """The others make what ours makes: a raw line is one of these columns."""
    _, source = SOURCES[entity]
    names = tuple(PLAIN[entity]) if source.raw else source.schema.names
    assert names == tuple(json.loads(written[0]))


@CPU
@EACH
def test_ours(benchmark, entity):
    """Columns, and messages of them; no tuples."""
    _, source = SOURCES[entity]

    written = benchmark(lambda: messages(source, source.generate(42, 0, BLOCK)))

    assert BLOCK == len(written)
    benchmark.extra_info["rows/s"] = round(BLOCK / benchmark.stats.stats.median)


@CPU
@EACH
def test_plain(benchmark, entity):
    """A record at a time, by the standard library."""
    written = benchmark(lambda: encode(PLAIN[entity], random.Random(42), FEW))

    check_columns(entity, written)
    benchmark.extra_info["rows/s"] = round(FEW / benchmark.stats.stats.median)


@CPU
@EACH
def test_faker(benchmark, entity):
    """A record at a time, and what faker has a provider for by that."""
    fake = Faker()
    rng = random.Random(42)
    others = {
        name: lambda _, index, make=make: make(rng, index) for name, make in PLAIN[entity].items()
    }
    faked = {name: FAKED.get(f"{entity}.{name}", FAKED.get(name)) for name in others}
    columns = {name: make or others[name] for name, make in faked.items()}
    written = benchmark(lambda: encode(columns, fake, FEW))

    check_columns(entity, written)
    benchmark.extra_info["rows/s"] = round(FEW / benchmark.stats.stats.median)


def make(asked):
    """How many messages and bytes a process makes of its part."""
    entity, number, parts = asked
    scenario, source = SOURCES[entity]
    written = [0, 0]
    for block in encoded(scenario, source, 42, slices(MANY, parts)[number]):
        written[0] += len(block)
        written[1] += sum(map(len, block))
    return written


@pytest.mark.parametrize("processes", [1, 2])
def test_in_processes(benchmark, processes):
    """One stream in as many parts, by the clock: it is to grow with the cores that are free."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        parts = [("click_top10.clicks", number, processes) for number in range(processes)]
        list(pool.map(make, parts))
        made = benchmark.pedantic(lambda: list(pool.map(make, parts)), rounds=ROUNDS)

    count, size = map(sum, zip(*made))
    assert MANY == count
    benchmark.extra_info["bytes"] = size
    benchmark.extra_info["rows/s"] = round(MANY / benchmark.stats.stats.median)


@pytest.fixture(scope="module")
def service():
    """Gives the address of a service of our own, which is up."""
    with ExitStack() as stack:
        local = Local(stack.enter_context(workspace()), lambda _: None)
        yield cache(lambda name: local.service(name).endpoint)


@pytest.mark.parametrize("entity", ["click_top10.clicks", "log_sync.logs"])
def test_into_kafka(benchmark, service, entity):
    """By one producer into one partition, until the broker has them."""
    scenario, source = SOURCES[entity]
    address = service("kafka")
    topics = [f"{source.name}-{number}" for number in range(ROUNDS)]
    create_topics(address, dict.fromkeys(topics, 1))
    waiting = iter(topics)

    def send():
        topic = next(waiting)
        values = encoded(scenario, source, 42, range(SENT))
        produce_all(address, (Batch(topic, 0, each) for each in values))

    benchmark.pedantic(send, rounds=ROUNDS)

    listener = Listener(address, "benchmark")
    assert [SENT] * ROUNDS == [listener.end(topic) for topic in topics]
    listener.close()
    benchmark.extra_info["rows/s"] = round(SENT / benchmark.stats.stats.median)


@pytest.mark.parametrize(
    ("entity", "key"),
    [("feature_join.impressions", "impression_id"), ("feature_join.profiles", "user_id")],
    ids=["inserts", "upserts"],
)
def test_into_mysql(benchmark, service, entity, key):
    """A block a statement, committed; the profiles are of few users, and replace each other."""
    source = replace(SOURCES[entity][1], key=(key,))
    databases = [Database(service("mysql"), f"{source.name}_{number}") for number in range(ROUNDS)]
    for database in databases:
        database.add(table_ddl(source))
        database.create()
    waiting = iter(databases)

    def load():
        parts = (source.generate(42, each.start, each.stop) for each in blocks(range(LOADED)))
        next(waiting).load(source, parts)

    benchmark.pedantic(load, rounds=ROUNDS)

    records = source.generate(42, 0, LOADED)
    rows = [record.row if isinstance(record, Change) else record for record in records]
    at = source.schema.names.index(key)
    expected = {row[at]: row for row in rows}
    for database in databases:
        there = database.ask(f"SELECT * FROM {named(database.name)}.{named(source.name)}")
        assert sorted(expected.values()) == sorted(there)
        database.drop()
    benchmark.extra_info["rows/s"] = round(LOADED / benchmark.stats.stats.median)
