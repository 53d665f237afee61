"""What each entry leads to, as a scenario tells it beside its oracle, and held against that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from streamgauge.errors import ScenarioError, choose
from streamgauge.measure.visible import Effect
from streamgauge.scenario import Scenario, Sink
from streamgauge.usercode import called
from streamgauge.values.inputs import Inputs
from streamgauge.values.schema import Row


def effects(scenario: Scenario, inputs: Inputs) -> dict[str, Sequence[Effect]]:
    """By sink, the row that each entry leads to, with the entry's index; {} where none is told.

    A ScenarioError where they do not come to the oracle's answer: then they are not what an entry
    leads to.
    """
    if scenario.effects is None:
        return {}
    told = called("effects", scenario.effects, inputs, folder=scenario.folder)
    answer = scenario.expected(inputs)
    for name, found in told.items():
        choose("sink of effects", name, scenario.sink_names)
        (sink,) = (sink for sink in scenario.sinks if sink.name == name)
        if Counter(_rows(sink, found)) != Counter(answer[name]):
            raise ScenarioError(f"effects: sink {name}: they do not come to the oracle's answer")
    return dict(told)


def _rows(sink: Sink, found: Sequence[Effect]) -> list[Row]:
    """What is there in the end: of a key the last row."""
    rows = [row for _, row in found]
    if not sink.key:
        return rows
    return list({tuple(row[index] for index in sink.key_indices): row for row in rows}.values())
