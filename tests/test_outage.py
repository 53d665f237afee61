"""Rows that a connector loses while its broker is away are missed."""

from dataclasses import dataclass, replace
from threading import Event

import pytest

from streamgauge import versions
from streamgauge.attachments.topic import Topics
from streamgauge.discovery import discover
from streamgauge.lifecycle import Action, Feed, Lifecycle, Start, Verify
from streamgauge.perform import perform
from streamgauge.waiting import wait_for

WORDS = discover()["word_count"]
# What is written waits in the producer, and is given up when the broker has not answered.
LINGER, DELIVERY = 5000, 6000
PRODUCER = {
    "properties.linger.ms": str(LINGER),
    "properties.request.timeout.ms": str(DELIVERY - LINGER),
    "properties.delivery.timeout.ms": str(DELIVERY),
}
# A checkpoint would write what waits.
RARELY = Start(settings=(("execution.checkpointing.interval", "1 h"),))


@dataclass(frozen=True)
class Outage(Action):
    """The broker does not answer for so long, from when all has been read."""

    seconds: float


@perform.register
def _outage(action: Outage, performance):
    stage = performance.stage
    wait_for(stage.consumed, bool, stage.patience, lambda _: "not read")
    kafka = stage._harness.service("kafka")
    kafka.pause()
    Event().wait(action.seconds)
    kafka.resume()


@pytest.fixture
def record_of(flink, monkeypatch):
    """What comes of a job whose broker is away for longer than its producer has patience."""
    options = Topics.options
    monkeypatch.setattr(Topics, "options", lambda *of: {**options(*of), **PRODUCER})
    away = Outage((DELIVERY + 4000) / 1000)
    life = Lifecycle("outage", (Feed(1), RARELY, away, Verify("equal")))

    def record_of(line):
        there = replace(flink, line=versions.line(line))
        inputs = WORDS.sample(flink.seed)
        return there.run(WORDS, "sql", "streaming", "kafka", inputs, lifecycle=life).record

    return record_of


@pytest.mark.every_upgrade
def test_rows_that_a_connector_loses_are_missed(record_of):
    """FLINK-35749: the job goes on as if nothing had been; the connector of today lets it fail."""
    lossy, mended = record_of("1.20+kafka=3.2.0-1.19"), record_of("1.20")

    assert "fail" == lossy.verdict, lossy.reason
    assert lossy.reason.startswith("counts: missing ")
    assert ("unknown", True) == (mended.verdict, mended.by_job)
    assert "TimeoutException" in mended.reason
