"""What a scenario is: data, a question and an oracle, with no engine in it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Union

from streamgauge.errors import ScenarioError, choose
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import STRICTNESS
from streamgauge.values.schema import Row, Schema

DIALECTS = ("sql", "table", "datastream", "process")
MODES = ("batch", "streaming")
DIALECT_FILES = {
    "sql": "query.sql",
    "table": "table.py",
    "datastream": "datastream.py",
    "process": "process.py",
}

Record = Union[Row, Change]
Inputs = dict[str, Sequence[Record]]
Expected = dict[str, Sequence[Row]]
Generator = Callable[[int, int, int], Sequence[Any]]


@dataclass(frozen=True)
class Source:
    """A stream of rows, or of changes where it has a primary key.

    `generate(seed, start, stop)` gives records start..stop-1. `shipped` names a
    CSV file (with a header) in the scenario's folder that a plain run uses.
    """

    name: str
    schema: Schema
    generate: Generator
    key: tuple[str, ...] = ()
    shipped: str | None = None

    def __post_init__(self) -> None:
        self.schema.indices(self.key)


@dataclass(frozen=True)
class Sink:
    """Where the answer goes: a table with a primary key, or an append-only stream."""

    name: str
    schema: Schema
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.schema.indices(self.key)

    @property
    def key_indices(self) -> tuple[int, ...]:
        """Where the primary key's columns stand."""
        return self.schema.indices(self.key)


@dataclass(frozen=True)
class Scenario:
    """A streaming question, declared once.

    `absent` gives the reason for each dialect, mode or binding that is not
    there. `rows` is how many records a source generates unless told otherwise.
    Discovery fills in `folder` and `oracle`.
    """

    id: str
    version: int
    question: str
    sources: tuple[Source, ...]
    sinks: tuple[Sink, ...]
    bindings: tuple[str, ...]
    strictness: str
    rows: int
    modes: tuple[str, ...] = MODES
    absent: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()
    oracle: Callable[[Inputs], Expected] | None = None

    def __post_init__(self) -> None:
        for mode in self.modes:
            choose("mode", mode, MODES)
        choose("strictness", self.strictness, STRICTNESS)
        if not all(self.absent.values()):
            raise ScenarioError("absent needs a reason for each entry")
        if self.strictness == "changelog" and not all(sink.key for sink in self.sinks):
            raise ScenarioError("strictness changelog needs a key in every sink")
        if not (self.sources and self.sinks and self.bindings and self.modes and self.rows > 0):
            raise ScenarioError("sources, sinks, bindings, modes and rows may not be empty")

    @property
    def dialects(self) -> tuple[str, ...]:
        """The dialects whose file exists."""
        return tuple(d for d in DIALECTS if (self.folder / DIALECT_FILES[d]).is_file())

    @property
    def tables(self) -> tuple[Source | Sink, ...]:
        """Sources and sinks."""
        return (*self.sources, *self.sinks)

    def expected(self, inputs: Inputs) -> Expected:
        """The oracle's rows for `inputs`, by sink; any prefix of the inputs will do."""
        assert self.oracle is not None, "scenarios come from discovery"
        return self.oracle(inputs)

    def sample(self, seed: int, rows: int | None = None) -> Inputs:
        """`rows` generated records a source."""
        return {s.name: s.generate(seed, 0, rows or self.rows) for s in self.sources}

    def shipped(self) -> Inputs | None:
        """The sample files in the folder; None where not every source has one."""
        if not all(source.shipped for source in self.sources):
            return None
        return {s.name: _read_csv(self.folder / str(s.shipped), s.schema) for s in self.sources}

    def prefix(self, inputs: Inputs, cut: float) -> Inputs:
        """The first `cut` (0..1) of every source's records."""
        return {name: records[: int(len(records) * cut)] for name, records in inputs.items()}


def _read_csv(path: Path, schema: Schema) -> list[Row]:
    """Rows of a CSV file whose header names the columns."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            header, *lines = list(csv.reader(file)) or [[]]
        rows = [schema.parse(line) for line in lines]
    except (ValueError, ArithmeticError) as error:
        raise ScenarioError(f"{path.name}: {error}") from None
    if tuple(header) != schema.names:
        named = ",".join(header)
        raise ScenarioError(f"{path.name}: header is {named}, not {','.join(schema.names)}")
    return rows
