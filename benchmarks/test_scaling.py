"""What grows with processes that make a load, and with the parallelism of a job.

    sh run.sh tox -e long -- -k scaling

Load is sent by more and more processes, each a slice of the stream on a partition of its own, as
fast as they can; the job's rounds are those of `streamgauge bench`, over a topic of as many
partitions as it has tasks.
"""

from __future__ import annotations

import pytest

from streamgauge.attachments import Outlet
from streamgauge.attachments.broker import create_topics
from streamgauge.attachments.listener import Listener
from streamgauge.cells import Filter, cells, ended
from streamgauge.cli import options
from streamgauge.discovery import discover
from streamgauge.measure.load import Load, Wanted
from streamgauge.measure.side import Side
from streamgauge.measure.throughput import Bench

SENT, AT_MOST = 600_000, 1e9
EVENTS, ROUNDS = 120_000, 3

pytestmark = pytest.mark.long


@pytest.fixture
def cell(flink):
    """`word_count` in SQL over a topic."""
    axes = Filter(["sql"], ["streaming"], ["kafka"])
    (found,) = cells([discover()["word_count"]], [flink.line], axes)
    return found


@pytest.mark.parametrize("parts", [1, 2, 3, 4])
def test_load(benchmark, flink, cell, parts):
    """Events a second that the broker has from so many processes."""
    address = flink.harness.services(["kafka"])["kafka"]
    topic = flink.harness.unique_name()
    create_topics(address, {topic: parts})
    wanted = Wanted(cell, flink.seed, SENT, AT_MOST, parts)
    load = Load(flink.harness.space, wanted, Outlet(address, topic, parts), topic)

    benchmark.pedantic(lambda: benchmark.extra_info.update(load.go()._asdict()), rounds=1)

    listener = Listener(address, topic)
    assert SENT == sum(listener.end(topic, part) for part in range(parts))
    listener.close()
    benchmark.extra_info["events/s"] = round(SENT / benchmark.extra_info["seconds"])


@pytest.mark.parametrize("parallelism", [1, 2, 3])
def test_job(benchmark, flink, cell, parallelism):
    """Events a second that a job takes with so many tasks of each operator."""
    bench = Bench(
        [Side(cell.id, ended(cell), parallelism)],
        lambda _, events: options.inputs(cell.scenario, events, flink.seed),
        ROUNDS,
        EVENTS,
    )

    benchmark.pedantic(lambda: list(bench.measured(flink.harness, [])), rounds=1)

    (told,) = bench.told
    assert not told.refusal, told.refusal
    benchmark.extra_info.update(told.data())
    benchmark.extra_info["events/s"] = round(told.rate)
