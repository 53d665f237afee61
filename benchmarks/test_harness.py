"""What the harness itself takes while a job runs: it waits at a tenth of a core at most."""

import time

from streamgauge.discovery import discover
from streamgauge.lifecycle import once
from streamgauge.testing import assert_matches
from streamgauge.verify import Verifier

CHANGES = 100_000


def test_share_of_a_core(benchmark, flink, monkeypatch):
    """Over a keyed topic of 100,000 changes, all fed before the job starts."""
    scenario = discover()["word_count"]
    inputs = {"words": [(f"word{number % 1000}",) for number in range(CHANGES)]}
    life = once("plain", cut=1)
    cpu, wall = [], []
    verify = Verifier.verify

    def measured(self, what):
        begun = time.process_time(), time.perf_counter()
        seen = verify(self, what)
        cpu.append(time.process_time() - begun[0])
        wall.append(time.perf_counter() - begun[1])
        return seen

    def cell():
        outcome = flink.run(scenario, "sql", "streaming", "kafka", inputs, lifecycle=life)
        assert_matches(scenario.expected(inputs), outcome)
        benchmark.extra_info["changes"] = outcome.record.rows_out

    flink.run(scenario, "sql", "streaming", "kafka", {"words": [("first",)]}, lifecycle=life)
    monkeypatch.setattr(Verifier, "verify", measured)
    benchmark.pedantic(cell, rounds=1)
    # The first waits for the answer while the job runs.
    benchmark.extra_info["seconds waited"] = wall[0]
    benchmark.extra_info["share of a core"] = cpu[0] / wall[0]
