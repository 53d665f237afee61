"""What a scenario is: data, a question and an oracle, with no engine in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from streamgauge.divergence import Divergence
from streamgauge.errors import ScenarioError, choose
from streamgauge.own_options import changes_are_messages
from streamgauge.script import Script
from streamgauge.tables import Sink, Source
from streamgauge.usercode import called, listed, named, written
from streamgauge.values.arrivals import CUT, Arrival, Watermark, arrived, check_watermarks
from streamgauge.values.event_time import Alignment, in_time
from streamgauge.values.fields import check_fields
from streamgauge.values.inputs import Given, Inputs, Message, Record
from streamgauge.values.names import check_name, check_same, check_unlike
from streamgauge.values.schema import Row
from streamgauge.values.written import read_sample

# The others too: what a scenario.py needs comes from here.
__all__ = ["CUT", "Alignment", "Message", "Scenario", "Script", "Sink", "Source", "Watermark"]

# A program of the user's own, of which few scenarios have one.
JOB = "job"
DIALECTS = ("sql", "table", "datastream", "process", JOB)
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


@dataclass(frozen=True)
class Scenario:
    """A streaming question, declared once.

    `absent` gives the reason for each dialect, mode, binding or lifecycle that is not
    there; `divergences` are known differences of those that are. `rows` is how many
    records a source generates unless told otherwise; where sources have theirs by hand it says
    nothing, and the answer may be by hand too: the rows of each sink.
    `arrivals` has the rows of all sources in one list instead, in the order in which they
    arrive, each with the name of its source; a CUT among them is where a job is stopped, a
    Watermark where all that is due by then has to be out.
    `udfs` says in which ways the functions of `udf.py` run. `first` scenarios are
    what a run without arguments shows, which is to be quick. `settings` are Flink's, of
    its jobs.
    `sql` is the question of a scenario in a single file, which has no query.sql.
    `job` is a program that asks the question by itself, for the dialect of that name; where it
    has its rows too, there are no sources.
    Discovery fills in `folder`, `oracle` and, where oracle.py has them, `effects`: by sink, the
    row that each record of the only source leads to, with the record's index.
    """

    id: str
    version: int
    question: str
    sources: tuple[Source, ...]
    sinks: tuple[Sink, ...]
    bindings: tuple[str, ...]
    rows: int = 1000
    arrivals: Sequence[Arrival] = ()
    modes: tuple[str, ...] = MODES
    udfs: tuple[str, ...] = ()
    first: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    sql: str | None = None
    job: Script | None = None
    absent: Mapping[str, str] = field(default_factory=dict)
    divergences: tuple[Divergence, ...] = ()
    folder: Path = Path()
    oracle: Oracle | None = None
    effects: Callable[[Inputs], Mapping[str, Sequence[tuple[int, Row]]]] | None = None

    def __post_init__(self) -> None:
        check_fields(f"scenario {self.id}", self)
        check_name("scenario", self.id)
        check_unlike("source or sink", [*(s.name for s in self.sources), *self.sink_names])
        for mode in self.modes:
            choose("mode", mode, MODES)
        for udf in self.udfs:
            choose("udf", udf, UDFS)
        for divergence in self.divergences:
            for dialect in divergence.dialects:
                choose("dialect", dialect, DIALECTS)
            for udf in divergence.udfs:
                choose("udf", udf, UDFS)
            for mode in divergence.modes:
                choose("mode", mode, MODES)
        if self.job:
            self.job.check([s.name for s in self.sources], self.sink_names)
        if not all(self.absent.values()):
            raise ScenarioError("absent needs a reason for each entry")
        self._check_sources()
        if not (self.sinks and self.bindings and self.modes and self.rows > 0):
            raise ScenarioError("sinks, bindings, modes and rows may not be empty")
        self._take_arrivals()
        self._check_by_hand()

    def _take_arrivals(self) -> None:
        """Each source has the rows of its own among them."""
        inputs = arrived(self.arrivals, [source.name for source in self.sources])
        for source in self.sources:
            own = inputs[source.name]
            if self.arrivals and (source.generate or source.rows not in (None, own)):
                raise ScenarioError(f"source {source.name} has its rows among arrivals, alone")
            if not (self.arrivals or source.generate or source.by_hand):
                raise ScenarioError(
                    f"source {source.name}: needs generate, or else rows, here or among arrivals"
                )
        if self.arrivals:
            sources = tuple(replace(source, rows=inputs[source.name]) for source in self.sources)
            object.__setattr__(self, "sources", sources)
        if any(isinstance(each, Watermark) for each in self.arrivals):
            if not any(sink.due for sink in self.sinks):
                raise ScenarioError("a Watermark among arrivals needs a sink that says what is due")
            self.checked(inputs)
            check_watermarks(self.arrivals, self.sources)

    def _check_sources(self) -> None:
        if not self.sources and not self.job:
            raise ScenarioError("sources may be empty only where a job has its rows itself")
        if any(s.due for s in self.sinks) and not all(s.time and not s.key for s in self.sources):
            raise ScenarioError("rows can be due only where all sources are rows with a time")
        # A local time is another instant in each zone.
        due = {s.schema.column(s.due).kind for s in self.sinks if s.due}
        times = {s.schema.column(s.time).kind for s in self.sources if s.time}
        if due and len(due | times) > 1:
            raise ScenarioError(
                "rows can be due only by a time as that of all sources is: all TIMESTAMP, or all"
                " TIMESTAMP_LTZ"
            )

    def _check_by_hand(self) -> None:
        """Half of either would be rows, or an answer, that nobody could say how many are of."""
        if len({source.by_hand for source in self.sources}) > 1:
            raise ScenarioError("either all sources have their rows by hand, or none")
        if len({sink.rows is None for sink in self.sinks}) > 1:
            raise ScenarioError("either all sinks have their rows by hand, or none")
        if self.answered and not self.by_hand:
            raise ScenarioError("an answer by hand needs rows by hand")
        changed = [source for source in self.sources if source.key]
        if self.answered and not all(map(changes_are_messages, changed)):
            # Those of a snapshot are fewer than those that were made.
            raise ScenarioError("an answer by hand needs rows, not changes: write an oracle.py")

    @property
    def by_hand(self) -> bool:
        """Whether the sources' rows are all there is."""
        return all(source.by_hand for source in self.sources)

    def coming(self, ahead: Collection[str]) -> list[Arrival]:
        """The arrivals without those of sources `ahead`, which are there before any job."""
        return [
            each for each in self.arrivals if not (isinstance(each, tuple) and each[0] in ahead)
        ]

    @property
    def answered(self) -> bool:
        """Whether sinks have the right answer by hand: that to all rows, and to no part of them."""
        return all(sink.rows is not None for sink in self.sinks)

    @property
    def tables(self) -> tuple[Source | Sink, ...]:
        """The sources, and the sinks."""
        return (*self.sources, *self.sinks)

    @property
    def own_bindings(self) -> Mapping[str, str]:
        """By table, where one has its own."""
        return {table.name: table.binding for table in self.tables if table.binding}

    @property
    def sink_names(self) -> tuple[str, ...]:
        """The sinks' names, in order."""
        return tuple(sink.name for sink in self.sinks)

    @property
    def dialects(self) -> tuple[str, ...]:
        """The dialects whose file exists; of a single file the SQL that it says."""
        if self.sql is not None:
            return ("sql",)
        shipped = (JOB,) if self.job and self.job.shipped else ()
        return tuple(
            d for d in self.listed if d in shipped or (self.folder / self.file(d)).is_file()
        )

    @property
    def listed(self) -> tuple[str, ...]:
        """The dialects that are there, or absent for a reason: of programs only what it has."""
        return tuple(d for d in DIALECTS if d != JOB or self.job)

    def file(self, dialect: str) -> str:
        """The name of a listed dialect's file."""
        return self.job.file if dialect == JOB and self.job else DIALECT_FILES[dialect]

    def query(self) -> str:
        """The text of the dialect `sql`, where that is there."""
        if self.sql is not None:
            return self.sql
        return (self.folder / self.file("sql")).read_text(encoding="utf-8")

    @property
    def timed(self) -> bool:
        """Whether the answer waits for event time."""
        return any(source.time for source in self.sources)

    def expected(self, given: Given, mode: str = "streaming") -> Expected:
        """The oracle's rows for inputs, by sink; any prefix of the inputs will do.

        Of an answer by hand, all rows alone. A batch has all of its input before it: no row
        of it comes late. A ScenarioError says what is wrong with the oracle, or that inputs and
        sources are not the same.
        """
        check_same("inputs", "source", given, [source.name for source in self.sources])
        if self.oracle is None:
            return self._by_hand(given)
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

    def _by_hand(self, given: Given) -> Expected:
        assert self.answered, "scenarios come from discovery"
        whole = self.sample(0)
        if any(list(given[name]) != list(rows) for name, rows in whole.items()):
            raise ScenarioError(
                "the answer by hand is that to all rows of the sources, as they are"
            )
        answer: Expected = {s.name: written(f"sink {s.name}", s.rows) for s in self.sinks}
        for sink in self.sinks:
            sink.check(answer[sink.name])
        return answer

    def checked(self, given: Given) -> Inputs:
        """Inputs, held against the sources; a ScenarioError where they do not fit."""
        check_same("inputs", "source", given, [source.name for source in self.sources])
        for source in self.sources:
            source.check(given[source.name])
        return Inputs.of(given)

    def sample(self, seed: int, rows: int | None = None) -> Inputs:
        """`rows` generated records a source, or those by hand; a ScenarioError for wrong ones."""
        if rows is None and self.arrivals:
            return self.checked(arrived(self.arrivals, [s.name for s in self.sources]))
        if rows is None and self.by_hand:
            return self.checked({s.name: written(f"source {s.name}", s.rows) for s in self.sources})
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
        if source.generate is None:
            raise ScenarioError(f"source {source.name} has its rows by hand: none are generated")
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
        return self.checked({s.name: read_sample(files[s.name], s.schema) for s in self.sources})
