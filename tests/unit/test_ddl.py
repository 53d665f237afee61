"""Tables are declared as Flink's SQL wants them."""

from datetime import timedelta

import pytest

from streamgauge.attachments.ddl import create_table, watermark
from streamgauge.scenario import Source
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
        "events", EVENTS, ("n", "at"), options, ["WATERMARK FOR `at` AS `at`"]
    )


def test_table_without_key_and_clauses():
    """No comma is left where nothing follows."""
    assert BARE == create_table("events", EVENTS, (), {"connector": "nowhere"})


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
