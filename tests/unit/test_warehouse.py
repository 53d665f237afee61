"""The warehouse bindings: DDL, and which files count, without Flink."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from streamgauge import versions
from streamgauge.attachments.ddl import options_of
from streamgauge.attachments.hive import HiveDatabase, HiveTable
from streamgauge.attachments.partitions import Partitions
from streamgauge.bindings import KINDS, Place
from streamgauge.errors import ScenarioError
from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

LOGS = Source("logs", Schema.of(line="STRING"), generate=lambda *_: [], raw=True)
EVENTS = Sink(
    "events",
    Schema.of(id="STRING", at="TIMESTAMP(3)", size="BIGINT", dt="STRING", hr="INT"),
    partitions=("dt", "hr"),
)
REQUESTS = Sink("requests", Schema.of(id="STRING", path="STRING"), key=("id",))
DEAD = Sink("dead", Schema.of(line="STRING"))
AT = datetime(2026, 1, 1, 7, 30, 0, 125000, tzinfo=timezone.utc).replace(tzinfo=None)


@pytest.fixture
def place(tmp_path):
    """A place whose services are not there."""
    address = Endpoint("127.0.0.1", 1, "user", "secret")
    services = dict.fromkeys(("kafka", "mysql", "metastore"), address)
    return Place("sg_x", "streaming", tmp_path / "a b", services)


@pytest.fixture
def parquet(place):
    """The attachment of `EVENTS`, made."""
    attached = Partitions(place, EVENTS)
    attached.create()
    return attached


def sinks(binding, place):
    """The statements of each sink, and its path."""
    attached = KINDS[binding].attach(place, [LOGS], [EVENTS, REQUESTS, DEAD])
    return {name: (sink.ddl(), sink.target()) for name, sink in attached.sinks.items()}


def rows(attached):
    """The changes that are there."""
    return [arrival.change for arrival in attached.read()]


def write(folder, ids, name="part-0.parquet", *, committed=True):
    """A file as Flink and Hive write it, with INT96 timestamps."""
    folder.mkdir(parents=True, exist_ok=True)
    table = pa.table(
        {
            "id": ids,
            "at": pa.array([AT] * len(ids), pa.timestamp("ms")),
            "size": pa.array([None] * len(ids), pa.int64()),
        }
    )
    pq.write_table(table, folder / name, use_deprecated_int96_timestamps=True)
    if committed:
        (folder / "_SUCCESS").touch()


def change(id_, dt, hr):
    """The insert that `write` stands for."""
    return Change("+I", (id_, AT, None, dt, hr))


def test_folder_of_parquet_files_is_partitioned(parquet):
    """The filesystem table commits each partition with a `_SUCCESS` file."""
    (ddl,) = parquet.ddl()

    assert "\n) PARTITIONED BY (`dt`, `hr`) WITH (\n" in ddl
    assert "  `at` TIMESTAMP(3),\n" in ddl
    assert "'sink.partition-commit.policy.kind' = 'success-file'" in ddl
    assert "'parquet.utc-timezone' = 'true'" in ddl
    assert "a b/warehouse/events'" in ddl
    assert "`events`" == parquet.target()


def test_hive_table_lives_in_a_catalog(place):
    """The catalog comes first; the table's path is where the job inserts."""
    (catalog, table), target = sinks("hive", place)["events"]

    assert catalog.startswith("CREATE CATALOG `hive_events` WITH (\n  'type' = 'hive',\n")
    assert table.startswith(f"CREATE TABLE IF NOT EXISTS {target} (\n")
    assert "`hive_events`.`sg_x`.`events`" == target
    assert "PARTITIONED BY (`dt`, `hr`)" in table
    assert "'sink.partition-commit.policy.kind' = 'metastore,success-file'" in table


def test_hive_has_one_timestamp(place):
    """Hive's catalog refuses any precision but nanoseconds; the other columns stay."""
    (_, table), _ = sinks("hive", place)["events"]

    assert "  `at` TIMESTAMP(9),\n  `size` BIGINT,\n" in table


def test_tables_are_of_the_zone_of_the_run(place):
    """The session's, and the one that MySQL's driver takes the JVM's times for."""
    there = replace(place, zone="Asia/Shanghai")
    attached = KINDS["hive"].attach(there, [LOGS], [EVENTS, REQUESTS, DEAD])
    (requests,) = attached.sinks["requests"].ddl()

    assert "Asia/Shanghai" == attached.settings["table.local-time-zone"]
    assert "connectionTimeZone=Asia%2FShanghai" in requests


@pytest.mark.parametrize(("table", "hours"), [(Partitions, 0), (HiveTable, 8)])
def test_times_in_files_of_another_zone(place, table, hours):
    """Hive writes them by the zone of the JVM; Flink's own Parquet files have them in UTC."""
    there = replace(place, zone="Asia/Shanghai")
    events = table(there, *([HiveDatabase(there)] if table is HiveTable else []), EVENTS)
    write(there.folder / "warehouse" / "events" / "dt=a" / "hr=1", ["x"])

    found = events.rows_of(there.folder / "warehouse/events/dt=a/hr=1/part-0.parquet")

    assert [("x", AT + timedelta(hours=hours), None)] == found


@pytest.mark.parametrize("binding", ["hive", "parquet"])
def test_sinks_without_partitions_go_to_mysql_and_kafka(binding, place):
    """With a key by JDBC, without to a topic; neither to the warehouse."""
    made = sinks(binding, place)
    ((requests,), to_requests), ((dead,), to_dead) = made["requests"], made["dead"]

    assert "'connector' = 'jdbc'" in requests
    assert "'connector' = 'kafka'" in dead
    assert ("`requests`", "`dead`") == (to_requests, to_dead)


@pytest.mark.parametrize("binding", ["hive", "parquet"])
def test_sources_are_raw_topics_and_all_is_utc(binding, place):
    """The line is the message, and no machine's zone matters."""
    attached = KINDS[binding].attach(place, [LOGS], [EVENTS])
    (logs,) = attached.sources["logs"].ddl()

    assert "'format' = 'raw'" in logs
    assert "UTC" == attached.settings["table.local-time-zone"]


def test_rows_are_those_of_committed_partitions(parquet):
    """Values out of files and folders; a folder without `_SUCCESS` does not count."""
    folder = parquet._folder
    write(folder / "dt=2026-01-01" / "hr=07", ["a", "b"])
    write(folder / "dt=2026-01-01" / "hr=08", ["c"], committed=False)

    assert [change("a", "2026-01-01", 7), change("b", "2026-01-01", 7)] == rows(parquet)


def test_files_in_progress_do_not_count(parquet):
    """What begins with a dot or an underscore is not finished."""
    folder = parquet._folder / "dt=2026-01-01" / "hr=07"
    write(folder, ["a"])
    write(folder, ["b"], name=".part-1.parquet.inprogress")
    write(folder, ["c"], name="_part-2.parquet")

    assert [change("a", "2026-01-01", 7)] == rows(parquet)


def test_file_that_comes_later_is_read(parquet):
    """A partition may be added to; what was read is not forgotten."""
    folder = parquet._folder / "dt=2026-01-01" / "hr=07"
    write(folder, ["a"])
    first = rows(parquet)
    write(folder, ["b"], name="part-1.parquet")

    assert [change("a", "2026-01-01", 7)] == first
    assert [*first, change("b", "2026-01-01", 7)] == rows(parquet)
    assert 2 == parquet.count()


def test_escaped_partition_values_are_read_back(parquet):
    """Flink escapes what a folder's name cannot have."""
    write(parquet._folder / "dt=a%2Fb%3Dc" / "hr=07", ["a"])

    assert [change("a", "a/b=c", 7)] == rows(parquet)


def test_nothing_written_is_no_rows(parquet):
    """Before the first commit there is no folder."""
    assert [] == rows(parquet)


def test_metastore_comes_without_hadoop_of_its_own():
    """The lock keeps to what versions.toml excludes: a second Hadoop would clash."""
    jars = versions.locked(versions.service("metastore"))
    hadoop = [jar.name for jar in jars if jar.coordinate.startswith("org.apache.hadoop:")]

    assert ("org.apache.hadoop:*",) == versions.service("metastore").without
    assert ["hadoop-client-api-3.3.6.jar", "hadoop-client-runtime-3.3.6.jar"] == hadoop


BY_DAY = {"partition.time-extractor.timestamp-pattern": "$dt 00:00:00"}


def lines(own=(), **place):
    """The attachment of `EVENTS` as partitions of lines, with options of its own."""
    sink = replace(EVENTS, options={"filesystem": dict(own)})
    return KINDS["files"].attach(Place("sg_x", services={}, **place), [], [sink]).sinks["events"]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("csv", 'a,2026-01-01 07:30:00.125,\\N\n"b,c",2026-01-01 07:30:00.125,7\n'),
        (
            "json",
            """{"id": "a", "at": "2026-01-01 07:30:00.125", "size": null}
{"id": "b,c", "at": "2026-01-01 07:30:00.125", "size": 7}
""",
        ),
    ],
)
def test_partitions_of_lines(tmp_path, form, text):
    """Those that are committed, by the name that the sink says; no file counts as lines of it."""
    own = {"format": form, "sink.partition-commit.success-file.name": "DONE"}
    attached = lines(own, mode="streaming", folder=tmp_path)
    folder = tmp_path / "warehouse" / "events" / "dt=2026-01-01" / "hr=07"
    folder.mkdir(parents=True)
    (folder / "part-0-0").write_text(text)
    (folder / ".part-0-1.inprogress.x").write_text(text)
    assert ([], 0) == (rows(attached), attached.count())
    (folder / "_SUCCESS").touch()
    assert [] == rows(attached)
    (folder / "DONE").touch()

    at = AT.replace(tzinfo=None)
    assert [
        Change("+I", ("a", at, None, "2026-01-01", 7)),
        Change("+I", ("b,c", at, 7, "2026-01-01", 7)),
    ] == rows(attached)
    assert 2 == attached.count()


def test_a_sink_says_when_its_partitions_are_committed(tmp_path):
    """In place of what is usual here; each of its options once."""
    own = {"sink.partition-commit.trigger": "partition-time", **BY_DAY}
    (ddl,) = lines(own, mode="streaming", folder=tmp_path).ddl()
    told = options_of(ddl)

    assert "partition-time" == told["sink.partition-commit.trigger"]
    assert "0 s" == told["sink.partition-commit.delay"]
    assert BY_DAY.items() <= told.items()
    assert 1 == ddl.count("partition-commit.trigger")


@pytest.mark.parametrize(
    ("place", "finished"),
    [
        ({"mode": "streaming"}, True),
        ({"mode": "streaming", "ends": True}, False),
        ({"mode": "batch"}, False),
    ],
)
def test_files_of_lines_are_finished_while_a_job_runs(tmp_path, place, finished):
    """Flink's own half an hour would be too long; what has an end is finished by that."""
    (by_day,) = lines(folder=tmp_path, **place).ddl()
    plain = KINDS["files"].attach(Place("sg_x", folder=tmp_path, services={}, **place), [], [DEAD])
    (ddl,) = plain.sinks["dead"].ddl()

    assert [finished] * 2 == ["sink.rolling-policy." in told for told in (by_day, ddl)]


def test_a_success_file_of_any_name_is_no_file_of_rows(place):
    """Though nothing hides it."""
    own = {"sink.partition-commit.success-file.name": "DONE"}
    attached = Partitions(place, replace(EVENTS, options={"filesystem": own}))
    folder = attached._folder / "dt=2026-01-01" / "hr=07"
    write(folder, ["a"])
    assert [] == rows(attached)
    (folder / "DONE").touch()

    assert [change("a", "2026-01-01", 7)] == rows(attached)
    assert 1 == attached.count()


def test_partitions_of_parquet_are_of_nothing_else(place):
    """They would be read as what they are not."""
    attached = Partitions(place, replace(EVENTS, options={"filesystem": {"format": "csv"}}))
    with pytest.raises(ScenarioError, match="events: option format is the run's to set"):
        attached.ddl()
