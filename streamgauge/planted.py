"""Errors planted into a scenario's dialects, to see that each is caught: its `planted.py`.

PLANTED = Planted(
cell=Cell("batch", "files"),
inputs=lambda dialect: {"words": [("flink",), ("Flink,",)]},
errors={"sql": [("case", SQL, "LOWER(", "(")], ...},
)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from streamgauge import roots
from streamgauge.discovery import attribute
from streamgauge.errors import ScenarioError
from streamgauge.scenario import DIALECT_FILES, Scenario
from streamgauge.values.inputs import Given

SQL, TABLE, STREAM, PROCESS = DIALECT_FILES.values()
SECONDS = "{seconds}"


class Cell(NamedTuple):
    """Where a scenario's errors are sought: the cheapest cell in which all of them show.

    `patience`: how many seconds to wait for what never comes, where input has no end.
    """

    mode: str
    binding: str
    udf: str | None = None
    patience: float = 60


class Error(NamedTuple):
    """What is written once in a file, and what stands there instead: it runs, and is wrong."""

    kind: str
    file: str
    written: str
    instead: str


class Slower(NamedTuple):
    """Work that is done beside: what is written once in a file, and what stands there instead.

    The answer stays right. SECONDS in it becomes how long it takes for each event.
    """

    kind: str
    file: str
    written: str
    instead: str


class Lost(NamedTuple):
    """State that no savepoint has: right in `once`; after a `restart` these sinks are wrong.

    Each change is what is written once in the file, and what stands there instead.
    """

    kind: str
    sinks: tuple[str, ...]
    file: str
    changes: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Planted:
    """The errors of each dialect, and for each dialect the rows in which they show.

    The rows are few, at and around all boundaries that the question has. `lost` says for a
    dialect how to keep each kind of its state out of a savepoint, `slower` what makes it slower.
    """

    cell: Cell
    inputs: Callable[[str], Given]
    errors: Mapping[str, Sequence[tuple[str, str, str, str]]]
    lost: Mapping[str, Sequence[Lost]] = field(default_factory=dict)
    slower: Mapping[str, Sequence[tuple[str, str, str, str]]] = field(default_factory=dict)

    def of(self, dialect: str) -> list[Error]:
        """The errors of a dialect."""
        return [Error(*error) for error in self.errors[dialect]]

    def slower_of(self, dialect: str) -> list[Slower]:
        """What makes a dialect slower, if anything is known to."""
        return [Slower(*each) for each in self.slower.get(dialect, ())]


def planted(scenario: Scenario) -> Planted:
    """What `planted.py` in a scenario's folder has; a ScenarioError where it has none."""
    with roots.alone(scenario.folder.parent):
        found = attribute(scenario.folder, "planted", "PLANTED")
    if not isinstance(found, Planted):
        raise ScenarioError(f"{scenario.folder}: PLANTED in planted.py is not a Planted")
    return found
