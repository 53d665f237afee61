"""Tables are declared as Flink's SQL wants them."""

from datetime import timedelta

import pytest

from streamgauge.attachments.database import table_ddl
from streamgauge.attachments.ddl import (
    clauses,
    create_catalog,
    create_table,
    named,
    watermark,
    with_own,
)
from streamgauge.errors import ScenarioError
from streamgauge.tables import Sink, Source
from streamgauge.values.schema import Schema

EVENTS = Schema.of(at="TIMESTAMP(3)", n="BIGINT")

WHOLE = """\
CREATE TABLE `events` (
  `at` TIMESTAMP(3),
  `n` BIGINT,
  WATERMARK FOR `at` AS `at`,
  PRIMARY KEY (`n`, `at`) NOT ENFORCED
) WITH (
  'connector' = 'nowhere',
  'password' = 'it''s'
)"""

BARE = """\
CREATE TABLE `events` (
  `at` TIMESTAMP(3),
  `n` BIGINT
) WITH (
  'connector' = 'nowhere'
)"""


def test_table_has_columns_clauses_key_and_options():
    """In this order, and with quotes in options doubled."""
    options = {"connector": "nowhere", "password": "it's"}

    assert WHOLE == create_table(
        "`events`", EVENTS, ("n", "at"), options, ["WATERMARK FOR `at` AS `at`"]
    )


def test_table_without_key_and_clauses():
    """No comma is left where nothing follows."""
    assert BARE == create_table("`events`", EVENTS, (), {"connector": "nowhere"})


def test_names_and_texts_are_quoted_wherever_they_stand():
    """A word of SQL, or one with a quote in it, is a name like any other."""
    source = Source("rank", Schema.of(order="TIMESTAMP(3)"), list, time="order")
    (clause,) = watermark(source)

    assert "`a``b`.`rank`" == named("a`b", "rank")
    assert clause.startswith("WATERMARK FOR `order` AS `order` - ")
    assert "CREATE CATALOG `rank` WITH (\n  'conf' = '/it''s'\n)" == (
        create_catalog("rank", {"conf": "/it's"})
    )


def test_partitions_stand_before_the_options():
    """By their names."""
    ddl = create_table("`a`.`b`", EVENTS, (), {"connector": "x"}, (), ["n", "order"])

    assert ddl.startswith("CREATE TABLE `a`.`b` (\n")
    assert "\n) PARTITIONED BY (`n`, `order`) WITH (\n  'connector' = 'x'\n)" in ddl


def test_no_event_time_is_no_watermark():
    """A table without event time has no clause for it."""
    assert [] == watermark(Source("events", EVENTS, generate=lambda *_: []))


@pytest.mark.parametrize(
    ("disorder", "interval"),
    [
        (timedelta(0), "0 00:00:00.000"),
        (timedelta(milliseconds=50), "0 00:00:00.050"),
        (timedelta(seconds=5), "0 00:00:05.000"),
        (timedelta(minutes=2, milliseconds=1), "0 00:02:00.001"),
        (timedelta(hours=23, minutes=59, seconds=59.999), "0 23:59:59.999"),
        (timedelta(days=12, hours=1), "12 01:00:00.000"),
    ],
)
def test_watermark_stays_behind_by_the_disorder(disorder, interval):
    """To the millisecond, however long it is."""
    source = Source("events", EVENTS, generate=lambda *_: [], time="at", disorder=disorder)

    assert [f"WATERMARK FOR `at` AS `at` - INTERVAL '{interval}' DAY TO SECOND(3)"] == (
        watermark(source)
    )


def test_added_columns():
    """They stand behind those of rows, before event time, as Flink has them."""
    added = {"a day": "AS CAST(at AS DATE)", "part": "INT METADATA FROM 'partition' VIRTUAL"}
    source = Source("events", EVENTS, rows=[], time="at", added=added)

    assert [
        "`a day` AS CAST(at AS DATE)",
        "`part` INT METADATA FROM 'partition' VIRTUAL",
        *watermark(source),
    ] == clauses(source)


@pytest.mark.parametrize(
    ("column", "text", "more", "told"),
    [
        ("n", "AS 1", {}, "'n': its rows have that one"),
        ("day", "DATE", {}, "'day': 'DATE' is neither AS and how, nor a type and METADATA"),
        ("day", "as", {}, "'day': 'as' is neither AS and how"),
        ("day", "AS 1", {"key": ("n",)}, "'day': a source with a key has none"),
    ],
)
def test_added_columns_are_checked_when_made(column, text, more, told):
    """A column that a row would have to fill is of the schema."""
    with pytest.raises(ScenarioError, match=f"source events: added column {told}"):
        Source("events", EVENTS, rows=[], added={column: text}, **more)


def test_own_options_of_a_connector():
    """They come after the run's, and those of other connectors not at all."""
    own = {"filesystem": {"raw.charset": "ISO-8859-1"}, "kafka": {"scan.parallelism": "1"}}
    source = Source("events", EVENTS, generate=lambda *_: [], options=own)

    assert with_own(source, {"connector": "filesystem", "path": "/x"}) == {
        "connector": "filesystem",
        "path": "/x",
        "raw.charset": "ISO-8859-1",
    }


def test_own_option_that_a_connector_has_been_given():
    """It is refused by its name, and not put over the run's."""
    source = Source("events", EVENTS, generate=lambda *_: [], options={"kafka": {"a.b": "1"}})

    with pytest.raises(ScenarioError, match=r"events: option a\.b is the run's to set"):
        with_own(source, {"connector": "kafka", "a.b": "2"})


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"topic": "x"}, "option topic of kafka is the run's to set"),
        (
            {"scan.watermark.idle-timeout": "1 s"},
            "option scan.* of kafka is for time, dis",
        ),
        ({"scan.startup.mode": "latest-offset"}, "option scan.startup.mode of kafka is"),
        ({"value.format": "avro"}, r"option value\.format of kafka is the run's to set"),
        ({"csv.field-delimiter": ";"}, "option csv.field-delimiter of kafka changes how rows are"),
        ({"json.timestamp-format.standard": "ISO-8601"}, "option json.* changes how rows are"),
        ({"key.fields": "at"}, r"option key\.fields of kafka changes how rows are written"),
    ],
)
@pytest.mark.parametrize("kind", [Source, Sink])
def test_own_options_are_checked_when_made(kind, own, told):
    """By name and kind, of sources and of sinks, before anything starts."""
    with pytest.raises(ScenarioError, match=f"events: {told}"):
        kind("events", EVENTS, rows=[], options={"kafka": own})


@pytest.mark.parametrize(
    ("kind", "connector", "known"),
    [
        (Source, "kafak", "filesystem, jdbc, kafka, mysql-cdc"),
        (Source, "hive", "filesystem, jdbc, kafka, mysql-cdc"),
        (Sink, "mysql-cdc", "filesystem, hive, jdbc, kafka, upsert-kafka"),
    ],
)
def test_own_options_of_a_connector_that_no_such_table_has(kind, connector, known):
    """They would never count: a misspelt name, or one of the other side's."""
    with pytest.raises(ScenarioError, match=f"options of '{connector}', which is none of {known}"):
        kind("events", EVENTS, rows=[], options={connector: {"a.b": "1"}})


def test_column_that_may_not_be_null_is_declared_so():
    """To Flink and to MySQL, under whatever type it has there."""
    schema = Schema.of(id="BIGINT", note="STRING NOT NULL")

    assert "`note` STRING NOT NULL\n" in create_table("`a`", schema, (), {"connector": "x"})
    assert "`note` VARCHAR(255) NOT NULL," in table_ddl(Sink("a", schema, key=("id",)))


@pytest.mark.parametrize(
    ("own", "more", "told"),
    [
        ({"format": "orc"}, {}, "format 'orc' of files is none of csv, json"),
        ({"format": "json"}, {"key": ("n",)}, "cannot have format json of files: it has changes"),
        ({"sink.partition-commit.policy.kind": "custom"}, {}, "'custom' is without success-file"),
        ({"path": "here"}, {}, "option path of filesystem is the run's to set"),
    ],
)
def test_own_options_of_files_that_cannot_be_read_here(own, more, told):
    """What is read is what is committed, by a format that is known."""
    with pytest.raises(ScenarioError, match=told):
        Sink("copies", Schema.of(n="BIGINT"), options={"filesystem": own}, **more)


def test_values_made_of_others_are_json_in_files():
    """CSV cannot have them."""
    nested = Schema.of(n="ARRAY<INT>")
    with pytest.raises(ScenarioError, match="format csv of files: it has values made of others"):
        Sink("copies", nested, options={"filesystem": {"format": "csv"}})

    assert Sink("copies", nested, options={"filesystem": {"format": "json"}}).options
