"""What a scenario is: data, a question and an oracle, with no engine in it."""

from __future__ import annotations

import csv
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from streamgauge.divergence import Divergence
from streamgauge.errors import ScenarioError, choose
from streamgauge.usercode import called, listed, named
from streamgauge.values import types
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import Comparison, compare
from streamgauge.values.event_time import in_time
from streamgauge.values.fitting import check_changes, check_rows
from streamgauge.values.inputs import Given, Inputs, Record
from streamgauge.values.names import check_name, check_same, check_unlike
from streamgauge.values.schema import Row, Schema

DIALECTS = ("sql", "table", "datastream", "process")
MODES = ("batch", "streaming")
UDFS = ("process", "thread", "pandas")
# What calls Python scalar functions; the others are Python throughout.
UDF_DIALECTS = ("sql", "table")
DIALECT_FILES = {
    "sql": "query.sql",
    "table": "table.py",
    "datastream": "datastream.py",
    "process": "process.py",
}

Expected = dict[str, Sequence[Row]]
Oracle = Callable[[Inputs], Expected]
Generator = Callable[[int, int, int], Sequence[Any]]


@dataclass(frozen=True)
class Source:
    """A stream of rows, or of changes where it has a primary key.

    `generate(seed, start, stop)` gives records start..stop-1; it may have a fourth argument
    `locale`, of which names and the like are then. `shipped` names a
    CSV file (with a header) in the scenario's folder that a plain run uses.
    `time` names the event-time column, a TIMESTAMP(3); the watermark stays
    `disorder` behind the greatest event time so far and moves with each row.
    `raw`: a message or line is the only column, as it is. `stored` gives columns'
    MySQL types where they are not the usual ones.
    """

    name: str
    schema: Schema
    generate: Generator
    key: tuple[str, ...] = ()
    shipped: str | None = None
    time: str | None = None
    disorder: timedelta = timedelta(0)
    raw: bool = False
    stored: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_name("source", self.name)
        self.schema.indices((*self.key, *self.stored))
        if self.time and self.schema.column(self.time).type != "TIMESTAMP(3)":
            raise ScenarioError(f"source {self.name}: event time {self.time} is no TIMESTAMP(3)")
        if self.raw and (self.key or self._types not in (["STRING"], ["BYTES"])):
            raise ScenarioError(f"source {self.name}: raw is one STRING or BYTES, without a key")

    def check(self, records: Sequence[Any]) -> None:
        """A ScenarioError where a record does not fit, with index, column and value."""
        time = (self.time,) if self.time else ()
        if self.key:
            check_changes(f"source {self.name}", self.schema, records, self.key, time)
        else:
            required = self.schema.names if self.raw else time
            check_rows(f"source {self.name}", self.schema, records, required)

    @property
    def has_locales(self) -> bool:
        """Whether the generator can be given a locale, as its fourth argument."""
        return "locale" in inspect.signature(self.generate).parameters

    @property
    def _types(self) -> list[str]:
        return [column.type for column in self.schema.columns]


Feed = Sequence[tuple[Source, Sequence[Record]]]


@dataclass(frozen=True)
class Sink:
    """Where the answer goes: a table with a primary key, or an append-only stream.

    With a key, every change has to be valid and the rows they fold into are
    compared; without, the sink takes inserts only, each as often as expected.
    `partitions` names the last columns, by which a warehouse lays out folders.
    `due` names a TIMESTAMP(3): when event time has come to it the row has to be there,
    while those of other sinks may wait for the end of event time. `tolerance` says of FLOAT
    and DOUBLE columns how far a number may be from the one that is expected: so much, or that
    share of the greater of both. Without, it has to be the same to the last digit.
    """

    name: str
    schema: Schema
    key: tuple[str, ...] = ()
    partitions: tuple[str, ...] = ()
    due: str | None = None
    stored: Mapping[str, str] = field(default_factory=dict)
    tolerance: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_name("sink", self.name)
        self.schema.indices((*self.key, *self.partitions, *self.stored))
        if self.partitions and self.schema.names[-len(self.partitions) :] != self.partitions:
            raise ScenarioError(f"sink {self.name}: its partitions are not its last columns")
        if self.due and self.schema.column(self.due).type != "TIMESTAMP(3)":
            raise ScenarioError(f"sink {self.name}: due by {self.due}, which is no TIMESTAMP(3)")
        for column, most in self.tolerance.items():
            self._check_tolerance(column, most)

    def _check_tolerance(self, column: str, most: float) -> None:
        told = f"sink {self.name}: tolerance of {column}"
        if (kind := self.schema.column(column).kind) not in types.INEXACT:
            raise ScenarioError(f"{told}, a {kind}; only {' and '.join(types.INEXACT)} may be off")
        if column in self.key:
            raise ScenarioError(f"{told}, which is of its key")
        if isinstance(most, bool) or not (isinstance(most, (int, float)) and 0 < most < 1):
            raise ScenarioError(f"{told}: {most!r} is not between 0 and 1")

    def compared(self, expected: Sequence[Row], changes: Sequence[Change]) -> Comparison:
        """What came, in order, held against the rows that are expected."""
        off = {self.schema.names.index(name): most for name, most in self.tolerance.items()}
        return compare(expected, changes, self.key_indices, off)

    def check(self, rows: Sequence[Any]) -> None:
        """A ScenarioError where a row of the oracle does not fit, with index, column and value."""
        due = (self.due,) if self.due else ()
        check_rows(f"oracle: sink {self.name}", self.schema, rows, (*self.key, *due))

    @property
    def key_indices(self) -> tuple[int, ...]:
        """Where the primary key's columns stand."""
        return self.schema.indices(self.key)


@dataclass(frozen=True)
class Scenario:
    """A streaming question, declared once.

    `absent` gives the reason for each dialect, mode or binding that is not
    there; `divergences` are known differences of those that are. `rows` is how many
    records a source generates unless told otherwise.
    `udfs` says in which ways the functions of `udf.py` run. `first` scenarios are
    what a run without arguments shows, which is to be quick. `settings` are Flink's, of
    its jobs.
    Discovery fills in `folder`, `oracle` and, where oracle.py has them, `effects`: by sink, the
    row that each record of the only source leads to, with the record's index.
    """

    id: str
    version: int
    question: str
    sources: tuple[Source, ...]
    sinks: tuple[Sink, ...]
    bindings: tuple[str, ...]
    rows: int
    modes: tuple[str, ...] = MODES
    udfs: tuple[str, ...] = ()
    first: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    divergences: tuple[Divergence, ...] = ()
    folder: Path = Path()
    oracle: Oracle | None = None
    effects: Callable[[Inputs], Mapping[str, Sequence[tuple[int, Row]]]] | None = None

    def __post_init__(self) -> None:
        check_name("scenario", self.id)
        check_unlike("source or sink", [*(s.name for s in self.sources), *self.sink_names])
        for mode in self.modes:
            choose("mode", mode, MODES)
        for udf in self.udfs:
            choose("udf", udf, UDFS)
        for divergence in self.divergences:
            for dialect in divergence.dialects:
                choose("dialect", dialect, DIALECTS)
            for mode in divergence.modes:
                choose("mode", mode, MODES)
        if not all(self.absent.values()):
            raise ScenarioError("absent needs a reason for each entry")
        if not (self.sources and self.sinks and self.bindings and self.modes and self.rows > 0):
            raise ScenarioError("sources, sinks, bindings, modes and rows may not be empty")
        if any(s.due for s in self.sinks) and not all(s.time and not s.key for s in self.sources):
            raise ScenarioError("rows can be due only where all sources are rows with a time")

    @property
    def sink_names(self) -> tuple[str, ...]:
        """The sinks' names, in order."""
        return tuple(sink.name for sink in self.sinks)

    @property
    def dialects(self) -> tuple[str, ...]:
        """The dialects whose file exists."""
        return tuple(d for d in DIALECTS if (self.folder / DIALECT_FILES[d]).is_file())

    @property
    def timed(self) -> bool:
        """Whether the answer waits for event time."""
        return any(source.time for source in self.sources)

    def expected(self, given: Given, mode: str = "streaming") -> Expected:
        """The oracle's rows for inputs, by sink; any prefix of the inputs will do.

        A batch has all of its input before it: no row of it comes late. A ScenarioError
        says what is wrong with the oracle, or that inputs and sources are not the same.
        """
        assert self.oracle is not None, "scenarios come from discovery"
        check_same("inputs", "source", given, [source.name for source in self.sources])
        if mode == "batch":
            given = {source.name: in_time(source, given[source.name]) for source in self.sources}
        # Lists of its own: an oracle may sort them where they are.
        inputs = replace(Inputs.of(given))
        answer = called("oracle", self.oracle, inputs, folder=self.folder)
        if not isinstance(answer, Mapping):
            raise ScenarioError(f"oracle: gives {named(answer)}, not a dictionary")
        check_same("oracle", "sink", answer, self.sink_names)
        for sink in self.sinks:
            sink.check(listed(f"oracle: sink {sink.name}", answer[sink.name]))
        return dict(answer)

    def checked(self, given: Given) -> Inputs:
        """Inputs, held against the sources; a ScenarioError where they do not fit."""
        check_same("inputs", "source", given, [source.name for source in self.sources])
        for source in self.sources:
            source.check(given[source.name])
        return Inputs.of(given)

    def sample(self, seed: int, rows: int | None = None) -> Inputs:
        """`rows` generated records a source; a ScenarioError where a generator is wrong."""
        return replace(self.slice(seed, range(self.rows if rows is None else rows)), seed=seed)

    def slice(self, seed: int, rows: range, locale: str | None = None) -> Inputs:
        """The records of these indices of each source, which are not a seed's as a whole."""
        asked = seed, rows.start, rows.stop, locale
        return self.checked({s.name: self.generated(s, *asked) for s in self.sources})

    def generated(
        self, source: Source, seed: int, start: int, stop: int, locale: str | None = None
    ) -> Sequence[Record]:
        """The records start..stop-1 of a source, which may yet not fit; a ScenarioError if none.

        What there is of a `locale` in them is of this one, such as zh_CN.
        """
        told = f"generator of source {source.name}"
        arguments = [seed, start, stop, *([locale] if locale and source.has_locales else [])]
        given = called(told, source.generate, *arguments, folder=self.folder)
        records = listed(told, given)
        rows = stop - start
        if len(records) != rows:
            raise ScenarioError(f"{told}: gives {len(records)} records, not the {rows} asked for")
        return records

    def shipped(self) -> Inputs | None:
        """The sample files in the folder; None where not every source has one."""
        if not all(source.shipped for source in self.sources):
            return None
        files = {source.name: self.folder / str(source.shipped) for source in self.sources}
        return self.checked({s.name: _read_csv(files[s.name], s.schema) for s in self.sources})


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
