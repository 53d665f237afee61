"""Tables are declared as Flink's SQL wants them."""

from datetime import timedelta

import pytest

from streamgauge.attachments.ddl import create_catalog, create_table, named, watermark
from streamgauge.tables import Source
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
