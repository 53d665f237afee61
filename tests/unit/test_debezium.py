"""Changes on their way through MySQL: the statements, the transactions, the DDL, the connector."""

from datetime import timedelta
from types import SimpleNamespace

import httpx
import pytest

from streamgauge.attachments.binlog import Binlog
from streamgauge.attachments.connector import Connector
from streamgauge.attachments.database import Database, table_ddl
from streamgauge.attachments.transactions import statements, transactions
from streamgauge.bindings import KINDS, Place
from streamgauge.errors import StreamgaugeError
from streamgauge.services import connect, kafka
from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

MYSQL = Endpoint("127.0.0.1", 3306, "ada", "mysql's secret")
KAFKA = kafka.endpoint(9092, "ada", "kafka's secret")
CONNECT = connect.endpoint(8083)
PLAIN = Source("users", Schema.of(id="BIGINT", name="STRING"), list, key=("id",))
OTHER = Source("others", PLAIN.schema, list, key=("id",))
RICH = Source(
    "orders",
    Schema.of(
        id="DECIMAL(20, 0)",
        paid="BOOLEAN",
        due="DATE",
        hour="TIME",
        at="TIMESTAMP(6)",
        scan="BYTES",
    ),
    list,
    key=("id",),
    stored={"id": "BIGINT UNSIGNED"},
)
VERSIONED = Source(
    "profiles",
    Schema.of(id="BIGINT", since="TIMESTAMP(3)"),
    list,
    key=("id",),
    time="since",
    disorder=timedelta(seconds=2),
)
STREAM = Source("clicks", Schema.of(id="BIGINT"), list)


@pytest.fixture
def place(tmp_path):
    """A place with addresses where nobody answers."""
    services = {"mysql": MYSQL, "kafka": KAFKA, "connect": CONNECT}
    return Place("sg_1", "streaming", tmp_path, services)


@pytest.fixture
def connector(monkeypatch):
    """A connector, and what Kafka Connect is asked and answers: (method, path) -> JSON or text."""
    answers, asked = {("GET", ""): (200, ["sg_1"])}, []

    def request(method, url, json=None, **_):
        path = url.partition("/connectors")[2]
        asked.append((method, path, json))
        status, body = answers.get((method, path), (204, None))
        return httpx.Response(status, json=body) if body is not None else httpx.Response(status)

    monkeypatch.setattr(connect.client(), "request", request)
    made = Connector(CONNECT, KAFKA, MYSQL, "sg_1", "sg_1_from")
    made.answers, made.asked = answers, asked
    return made


def sql(*changes, cut=None):
    """The statements for changes of `PLAIN`, with their parameters filled in."""
    given = [(PLAIN, Change(op, row)) for op, row in changes]
    made = statements(given, set() if cut is None else cut)
    return [one.sql % tuple(map(repr, one.parameters)) for one in made]


def ddl(binding, place, source):
    """The statements of a source's table."""
    return KINDS[binding].attach(place, [source], []).ddl()


def test_each_change_is_one_statement():
    """An insert, an update and a delete, by the primary key."""
    assert [
        "INSERT INTO `users` (`id`, `name`) VALUES (1, 'Ada')",
        "UPDATE `users` SET `id` = 1, `name` = 'Zoë' WHERE `id` = 1",
        "DELETE FROM `users` WHERE `id` = 1",
    ] == sql(("+I", (1, "Ada")), ("+U", (1, "Zoë")), ("-D", (1, None)))


def test_an_update_in_two_halves_is_one_statement():
    """A `-U` and its `+U` with another key are one UPDATE that changes the key."""
    assert ["UPDATE `users` SET `id` = 2, `name` = 'Ada' WHERE `id` = 1"] == sql(
        ("-U", (1, None)), ("+U", (2, "Ada"))
    )


def test_an_update_cut_between_two_feeds_comes_to_the_same():
    """The first half deletes; the second, when it comes, inserts; what follows updates again."""
    cut = set()

    assert ["DELETE FROM `users` WHERE `id` = 1"] == sql(("-U", (1, None)), cut=cut)
    assert ["INSERT INTO `users` (`id`, `name`) VALUES (2, 'Ada')"] == sql(
        ("+U", (2, "Ada")), cut=cut
    )
    assert ["UPDATE `users` SET `id` = 2, `name` = 'Zoë' WHERE `id` = 2"] == sql(
        ("+U", (2, "Zoë")), cut=cut
    )


def test_updates_of_two_tables_may_come_one_within_the_other():
    """Each table's halves belong together; the statements stand where they are whole."""
    changes = [
        (PLAIN, Change("-U", (1, None))),
        (OTHER, Change("-U", (7, None))),
        (OTHER, Change("+U", (8, "Bob"))),
        (PLAIN, Change("+U", (2, "Ada"))),
    ]

    assert ["UPDATE `others`", "UPDATE `users`"] == [
        " ".join(one.sql.split()[:2]) for one in statements(changes, set())
    ]


def test_an_update_is_two_changes_in_the_binlog():
    """What was there, and what is; an insert or a delete is one."""
    changes = [Change("+I", (1, "")), Change("+U", (1, "a")), Change("-D", (1, None))]

    assert [1, 2, 1] == [one.changes for one in statements([(PLAIN, c) for c in changes], set())]


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        ({"job 1": {"users": 2}}, False),
        ({"job 1": {"users": 3}}, True),
        ({"job 1": {"users": 4}}, True),
        ({"job 1": {"others": 3}}, False),
        ({"job 1": {"users": 2}, "job 2": {}}, False),
        ({"job 1": {"users": 2}, "job 2": {"users": 1}}, True),
    ],
)
def test_the_binlog_is_consumed_when_a_job_has_given_as_many_changes(given, whole):
    """With those that were given before it was restored."""
    database = Database(MYSQL, "sg_1_from")
    database.changes["users"] = 3
    binlog = Binlog(database, whole=True)
    seen = [binlog.consumed(SimpleNamespace(job=job, emitted=told)) for job, told in given.items()]

    assert whole == seen[-1]


@pytest.mark.parametrize("beside", [STREAM, VERSIONED])
def test_beside_a_time_all_changes_are_read_and_no_snapshot(beside, place):
    """Of a snapshot nobody knows how many changes it gives."""
    users = KINDS["cdc"].attach(place, [PLAIN, beside], []).sources["users"].ddl()[0]

    assert (beside is VERSIONED) == ("'scan.startup.mode' = 'specific-offset'" in users)


def test_transactions_have_all_changes_in_order():
    """Of any tables, some at a time."""
    changes = [(table, Change("+I", (n, ""))) for n in range(50) for table in (PLAIN, OTHER)]
    made = list(transactions(changes))

    assert [60, 40] == list(map(len, made))
    assert changes == [change for one in made for change in one]


def test_a_transaction_does_not_cut_an_update():
    """A transaction that would end between the halves of one goes on until it is whole."""
    changes = [(PLAIN, Change("+I", (number, ""))) for number in range(59)]
    changes += [
        (PLAIN, Change("-U", (0, None))),
        (OTHER, Change("+I", (1, ""))),
        (PLAIN, Change("+U", (99, ""))),
        (PLAIN, Change("-D", (99, None))),
    ]

    assert [62, 1] == list(map(len, transactions(changes)))


def test_mysql_types_are_the_usual_ones_or_those_stored():
    """Each Flink type has a MySQL type; `stored` has its own way."""
    assert (
        "CREATE TABLE `orders` (`id` BIGINT UNSIGNED, `paid` TINYINT(1), `due` DATE,"
        " `hour` TIME, `at` DATETIME(6), `scan` BLOB, PRIMARY KEY (`id`))"
    ) == table_ddl(RICH)


def test_debezium_json_of_plain_types_is_one_table(place):
    """No view where each type has JSON that Flink's format reads."""
    (table,) = ddl("debezium", place, PLAIN)

    assert "CREATE TABLE `users`" in table
    assert "'format' = 'debezium-json'" in table
    assert "'topic' = 'sg_1.sg_1_from.users'" in table
    assert "PRIMARY KEY (`id`) NOT ENFORCED" in table


def test_debezium_json_of_other_types_is_converted_by_a_view(place):
    """Times come as text and TINYINT(1) as a number: the view gives each its declared type."""
    table, view = ddl("debezium", place, RICH)

    assert "`due` STRING,\n  `hour` STRING,\n  `at` STRING,\n  `scan` BYTES" in table
    assert (
        "CREATE VIEW `orders` AS SELECT\n"
        "  `id` AS `id`,\n"
        "  `paid` <> 0 AS `paid`,\n"
        "  CAST(REPLACE(`due`, 'Z', '') AS DATE) AS `due`,\n"
        "  CAST(REPLACE(`hour`, 'Z', '') AS TIME) AS `hour`,\n"
        "  CAST(REPLACE(REPLACE(`at`, 'T', ' '), 'Z', '') AS TIMESTAMP(6)) AS `at`,\n"
        "  `scan` AS `scan`\n"
        "FROM `orders_json`"
    ) == view


def test_a_bit_is_a_truth_by_itself(place):
    """Debezium writes true, not 1: nothing is to be converted."""
    schema = Schema.of(id="BIGINT", on="BOOLEAN")
    (table,) = ddl("debezium", place, Source("a", schema, list, ("id",), stored={"on": "BIT(1)"}))

    assert "`on` BOOLEAN" in table


def test_instants_are_event_time_as_they_are(place):
    """Of Debezium's JSON, which Flink reads as such."""
    schema = Schema.of(id="BIGINT", since="TIMESTAMP_LTZ(3)")
    (table,) = ddl("debezium", place, Source("a", schema, list, ("id",), time="since"))

    assert "`since` TIMESTAMP_LTZ(3)" in table
    assert "WATERMARK FOR `since` AS `since` - INTERVAL" in table


def test_a_versioned_table_of_debezium_has_its_watermark(place):
    """Event time is a computed column of the table, under its own name in the view."""
    table, view = ddl("debezium", place, VERSIONED)

    assert "`event_time` AS CAST(REPLACE(" in table
    assert "WATERMARK FOR `event_time` AS `event_time` - INTERVAL " in table
    assert "'scan.watermark.emit.strategy' = 'on-event'" in table
    assert "`event_time` AS `since`" in view


def test_a_source_without_a_key_is_a_topic(place):
    """Both ways of changes take rows from Kafka, and write them there."""
    sink = Sink("out", STREAM.schema)

    for binding in ("cdc", "debezium"):
        clicks, out = KINDS[binding].attach(place, [STREAM], [sink]).ddl()
        assert "'topic' = 'sg_1-clicks'" in clicks
        assert "'topic' = 'sg_1-out'" in out


def test_each_reader_of_mysql_cdc_is_a_replica_of_its_own(place):
    """Two tables of a job never share a server id."""
    tables = KINDS["cdc"].attach(place, [PLAIN, RICH], []).ddl()
    ids = [table.partition("'server-id' = '")[2].partition("'")[0] for table in tables]
    (first, last), (second, _) = [map(int, one.split("-")) for one in ids]

    assert first < last < second


def test_the_connector_looks_at_no_tables_of_others(connector):
    """One that another cell dropped meanwhile ended its snapshot: Unknown database."""
    connector.start()
    ((*_, body),) = connector.asked

    assert "true" == body["config"]["schema.history.internal.store.only.captured.tables.ddl"]


def test_the_connector_is_told_no_password(connector):
    """Its settings, which anyone may read over REST, name passwords by reference."""
    connector.start()
    ((method, path, body),) = connector.asked

    assert ("POST", "", "sg_1") == (method, path, body["name"])
    assert "${env:STREAMGAUGE_MYSQL_PASSWORD}" == body["config"]["database.password"]
    assert "PLAIN" == body["config"]["schema.history.internal.producer.sasl.mechanism"]
    assert "secret" not in str(body)


def test_the_connector_is_made_again_where_connect_has_forgotten_it(connector):
    """As one that was started again has; and there is none to remove then."""
    connector.start()
    connector.keep()
    connector.answers["GET", ""] = 200, ["another"]
    connector.stop()
    connector.keep()

    assert ["POST", "GET", "GET", "GET", "POST"] == [method for method, _, _ in connector.asked]


@pytest.mark.parametrize(
    ("offset", "past"),
    [
        (None, False),
        ({"file": "binlog.000001", "pos": 99}, False),
        ({"file": "binlog.000001", "pos": 100}, False),
        ({"file": "binlog.000001", "pos": 101}, True),
        ({"file": "binlog.000002", "pos": 4}, True),
        ({"file": "binlog.000001", "pos": 101, "snapshot": "INITIAL"}, False),
    ],
)
def test_what_is_in_kafka_is_told_by_the_offset(offset, past, connector):
    """Only an offset beyond the place tells, and none of a snapshot that is not complete."""
    stored = [{"partition": {}, "offset": offset}] if offset else []
    connector.answers["GET", "/sg_1/offsets"] = 200, {"offsets": stored}
    connector.answers["GET", "/sg_1/status"] = 200, {"tasks": [{"state": "RUNNING"}]}

    assert past == connector.is_past(("binlog.000001", 100))


def test_a_failed_connector_is_told_with_its_cause(connector):
    """To wait for a connector that has failed ends with the last cause of its trace."""
    trace = "org.x.ConnectException: gone\n\tat org.x\nCaused by: java.io.EOFException: no binlog\n"
    connector.answers["GET", "/sg_1/offsets"] = 200, {"offsets": []}
    connector.answers["GET", "/sg_1/status"] = 200, {"tasks": [{"state": "FAILED", "trace": trace}]}

    with pytest.raises(StreamgaugeError, match=r"Debezium: java.io.EOFException: no binlog"):
        connector.is_past(("binlog.000001", 100))


def test_a_refused_connector_is_told(connector):
    """What Kafka Connect says of wrong settings is the error."""
    connector.answers["POST", ""] = 400, {"error_code": 400, "message": "Unable to connect"}

    with pytest.raises(StreamgaugeError, match=r"Kafka Connect at .*:\d+: Unable to connect"):
        connector.start()
    assert not connector.started


def test_a_connector_that_was_not_made_is_not_removed(connector):
    """Dropping what was never fed asks nothing."""
    connector.stop()

    assert [] == connector.asked
