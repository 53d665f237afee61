"""`compare`: which two cells are meant."""

import json
from dataclasses import replace
from functools import partial

import pytest

from streamgauge.bindings import KINDS
from streamgauge.cli import app
from streamgauge.cli.compare import sides
from streamgauge.discovery import discover
from streamgauge.errors import UsageError
from streamgauge.measure.pairs import Pair
from tests.unit.timed import Steady, Timed
from tests.unit.world import ROWS, copying

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

    assert names == [side.label.replace("Flink ", "") for side in found]
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
        (
            {"tuning": ["flink defaults", "conformance"]},
            "no Python in it, which this tuning is for",
        ),
    ],
)
def test_what_is_refused(axes, reason):
    with pytest.raises(UsageError, match=reason):
        named(**axes)


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs the command in a world where a job with two tasks takes `factor` times as long."""

    def run(*options, factor=1.5):
        def seconds(number, second):
            return (factor if second else 1) * (1 + 0.001 * (number % 5))

        world = InTasks(tmp_path, seconds=seconds)
        scenario = copying(key=("n",))
        source = replace(scenario.sources[0], generate=lambda *_: ROWS)
        monkeypatch.setitem(KINDS, "kafka", world.kind())
        monkeypatch.chdir(tmp_path)
        at = "streamgauge.cli"
        monkeypatch.setattr(f"{at}.running.Harness", lambda *_, **__: world)
        monkeypatch.setattr(f"{at}.running.signal.signal", lambda *_: None)
        asks = replace(scenario, sources=(source,))
        monkeypatch.setattr(f"{at}.compare._scenario", lambda _: asks)
        monkeypatch.setattr(f"{at}.compare.Pair", partial(Pair, watch=Steady().watch))
        asked = ["compare", "copy", "--modes", "batch", "--rows", "4", "--quiet", *options]
        return app(asked, standalone_mode=False)

    return run


class InTasks(Timed):
    """The second is that with two tasks."""

    @property
    def second(self):
        return self.built.settings["parallelism.default"] == "2"

    def prepare(self, cells):
        pass

    def close(self):
        pass


def test_the_sentence_and_the_table(command, capsys, tmp_path):
    file = tmp_path / "told.json"

    assert 0 == command("--parallelisms", "1,2", "--json", str(file))
    shown = capsys.readouterr().out
    assert shown.startswith("copy: parallelism 2 and parallelism 1 compile to the same plan; ")
    assert "job time 1.50 [1.50, 1.50]: parallelism 2 is slower" in shown
    assert ["job", "time", "1.002", "1.504", "1.50", "[1.50,", "1.50]"] in [
        line.split()[:7] for line in shown.splitlines()
    ]
    assert "4 events a source, 24 rounds in turn, after which" in shown
    told = json.loads(file.read_text())
    assert shown.startswith(told["sentence"])
    assert 30 == len(told["records"]) == len(told["rounds"])


def test_a_baseline(command, capsys, tmp_path):
    """Exit code 1, and the sentence, where a job takes more than a tenth longer."""
    file = tmp_path / "saved.json"

    assert 0 == command("--parallelisms", "1,2", "--save", str(file))
    held = ("--parallelisms", "1,2", "--baseline", str(file))
    assert 0 == command(*held)
    capsys.readouterr()
    assert 1 == command(*held, factor=2)
    assert (
        "[parallelism 2]: job time 1.33 [1.33, 1.34] of the baseline's: slower by more than 10%"
        in (capsys.readouterr().out)
    )
    assert 0 == command(*held, "--fail-above", "40%", factor=2)


def test_self_check(command, capsys):
    assert 0 == command("--self-check", "--rounds", "32")
    assert (
        "of 100 comparisons of a job with itself 0 say that it differs; a slow-down is found of"
        " 5% in 100, 10% in 100 of 100; in 32 rounds at most" in capsys.readouterr().out
    )


def test_self_check_is_of_one_cell(command):
    with pytest.raises(UsageError, match="--planted are of one cell: one name an option"):
        command("--self-check", "--parallelisms", "1,2")


def test_no_number(command, capsys, tmp_path):
    """Nothing is saved."""
    file = tmp_path / "saved.json"

    assert 1 == command("--parallelisms", "1,2", "--minutes", "0.1", "--save", str(file))
    assert "no number: there were too few rounds that count" in capsys.readouterr().out
    assert not file.exists()
