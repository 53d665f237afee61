"""`compare`: which two cells are meant."""

import pytest

from streamgauge.cli import app
from streamgauge.cli.compare import sides
from streamgauge.discovery import discover
from streamgauge.errors import UsageError

PLAIN = {
    "dialect": ["sql"],
    "udf": [""],
    "mode": ["streaming"],
    "line": [""],
    "tuning": ["flink defaults"],
    "backend": [""],
    "parallelism": ["1"],
}


def named(scenario="word_count", binding="", **axes):
    return sides(discover()[scenario], {**PLAIN, **axes}, binding)


@pytest.mark.parametrize(
    ("axes", "cells"),
    [
        (
            {"dialect": ["sql", "table"]},
            ["word_count-sql-streaming-files-1.20", "word_count-table-streaming-files-1.20"],
        ),
        (
            {"mode": ["batch", "streaming"]},
            ["word_count-sql-batch-files-1.20", "word_count-sql-streaming-files-1.20"],
        ),
        (
            {"line": ["1.20", "2.3"]},
            ["word_count-sql-streaming-files-1.20", "word_count-sql-streaming-files-2.3"],
        ),
    ],
)
def test_two_cells(axes, cells):
    found = named(**axes)
    ((_, names),) = axes.items()

    assert names == [side.label for side in found]
    assert cells == [side.cell.id for side in found]


def test_one_cell_with_and_without_a_tuning():
    """It is for Python."""
    plain, tuned = named(dialect=["process"], tuning=["flink defaults", "conformance"])

    assert plain.cell == tuned.cell
    assert () == plain.settings
    assert ("python.fn-execution.bundle.time", "20") in tuned.settings


def test_one_cell_with_two_state_backends():
    found = named(backend=["hashmap", "rocksdb"])

    assert [
        (("state.backend.type", "hashmap"),),
        (("state.backend.type", "rocksdb"),),
    ] == [side.settings for side in found]


def test_one_cell_with_more_tasks():
    assert [1, 2] == [side.parallelism for side in named(parallelism=["1", "2"])]


def test_a_topic_is_read_to_its_end():
    sql, table = named(dialect=["sql", "table"], binding="kafka")

    assert "word_count-sql-streaming-kafka-1.20" == sql.cell.id
    assert sql.cell.bounded
    assert table.cell.bounded


def test_one_cell_and_itself():
    first, second = named(dialect=["sql", "sql"])

    assert first == second


def test_too_few_rounds():
    with pytest.raises(UsageError, match="--rounds 23: of fewer than 24 there is no number"):
        app(["compare", "word_count", "--rounds", "23"], standalone_mode=False)


@pytest.mark.parametrize(
    ("axes", "reason"),
    [
        ({}, "compare needs two names in one option, such as --dialects sql,table"),
        ({"dialect": ["sql", "table", "process"]}, "needs two names in one option"),
        ({"dialect": ["sql", "table"], "mode": ["batch", "streaming"]}, "needs two names in one"),
        ({"dialect": ["sql", "tabel"]}, "unknown dialect 'tabel'"),
        ({"dialect": ["sql", "table"], "binding": "cdc"}, "unknown binding 'cdc'"),
        ({"scenario": "orders_cdc", "dialect": ["sql", "table"]}, "a binlog has no end"),
        ({"dialect": ["sql", "table"], "udf": ["threads"]}, "unknown udf 'threads'"),
        ({"parallelism": ["1", "0"]}, "--parallelisms 0: a number of tasks, at least 1"),
        ({"parallelism": ["1", "two"]}, "--parallelisms two: a number of tasks, at least 1"),
        ({"parallelism": ["1", "9"]}, "parallelism 9 needs more"),
        ({"dialect": ["process"], "tuning": ["fast", "fast"]}, "unknown tuning 'fast'"),
        ({"backend": ["hashmap", "rocks"]}, "unknown state backend 'rocks'"),
        ({"scenario": "click_top10", "mode": ["batch", "streaming"]}, "nothing is late in a batch"),
        ({"udf": ["process", "thread"]}, "word_count calls no Python functions"),
        ({"tuning": ["flink defaults", "conformance"]}, "no Python in it, which a tuning is for"),
    ],
)
def test_what_is_refused(axes, reason):
    with pytest.raises(UsageError, match=reason):
        named(**axes)
