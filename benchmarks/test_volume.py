"""How many events a cell takes, and in how much memory; a cell with a wrong answer has no time.

    sh run.sh tox -e long

The clock starts with the feeding and ends with the comparison. Memory is the highest that
was seen, ten times a second, of the TaskManager and its Python workers together.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import psutil
import pytest

from generators import clicks, features
from streamgauge.discovery import discover
from streamgauge.lifecycle import once

MANY, FEWER = 1_000_000, 50_000
LIMIT_MIB = 2048


def crowded_clicks(seed: int, count: int):
    """Clicks a hundred times as close, or the windows would have more rows than the input."""
    rows = clicks.rows(seed, 0, count)
    begin = rows[0][0]
    return {"clicks": [(_closer(begin, row[0], 100), *row[1:]) for row in rows]}


def _closer(begin: datetime, ts: datetime, factor: int) -> datetime:
    return begin + (ts - begin) // factor // timedelta(milliseconds=1) * timedelta(milliseconds=1)


def feature_events(seed: int, count: int):
    """In all `count` events: as many impressions as clicks, and one profile change to twelve."""
    shown = count * 12 // 25
    profiles = features.profiles(seed, 0, count - 2 * shown)
    begin = profiles[0].row[3]
    return {
        "impressions": features.impressions(seed, 0, shown),
        "clicks": features.clicks(seed, 0, shown),
        "profiles": [
            change._replace(row=(*change.row[:3], begin + 12 * (change.row[3] - begin)))
            for change in profiles
        ],
    }


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "dialect", "binding", "make", "count"),
    [
        ("click_top10", "sql", "files", crowded_clicks, MANY),
        ("click_top10", "process", "files", crowded_clicks, FEWER),
        ("feature_join", "sql", "debezium", feature_events, MANY),
        ("feature_join", "process", "debezium", feature_events, FEWER),
    ],
)
def test_volume(benchmark, flink, name, dialect, binding, make, count):
    """A cell over many events has the oracle's answer, within the TaskManager's memory."""
    scenario = discover()[name]
    inputs = make(flink.seed, count)
    taskmanager = flink.harness.engine(flink.line).cluster.parts["taskmanager"]
    flink.harness.services(["kafka"] if binding == "files" else ["kafka", "mysql", "connect"])
    flink.harness.patience = 900
    peak = Peak(taskmanager.pid)

    def cell():
        life = once("bounded" if binding == "files" else "timed", cut=1)
        outcome = flink.run(scenario, dialect, "streaming", binding, inputs, lifecycle=life)
        assert outcome.record.verdict == "pass", outcome.record.reason
        benchmark.extra_info["seconds"] = outcome.record.seconds

    with peak:
        benchmark.pedantic(cell, rounds=1)
    benchmark.extra_info["resident MiB"] = peak.mib
    assert peak.mib <= LIMIT_MIB


class Peak:
    """The most memory that a process and its descendants had, in MiB, while it was watched."""

    def __init__(self, pid: int) -> None:
        self.mib = 0
        self._process = psutil.Process(pid)
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch)

    def __enter__(self) -> None:
        self._watcher.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            self.mib = max(self.mib, self._resident())

    def _resident(self) -> int:
        total = 0
        for member in [self._process, *self._process.children(recursive=True)]:
            try:
                total += member.memory_info().rss
            except psutil.Error:
                continue
        return total >> 20
