"""A scenario's tables: the sources that its rows come from, the sinks its answer goes to."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from streamgauge.errors import ScenarioError, choose
from streamgauge.own_options import changes_are_messages, check_format, check_options
from streamgauge.values import types
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import Comparison, compare
from streamgauge.values.event_time import TIMES, Alignment, is_time
from streamgauge.values.fields import check_fields
from streamgauge.values.fitting import check_changes, check_images, check_rows
from streamgauge.values.inputs import Message, Record
from streamgauge.values.names import check_column, check_name
from streamgauge.values.schema import Row, Schema

# Flink's, that the attachments of sources and of sinks use.
_FROM = ("filesystem", "jdbc", "kafka", "mysql-cdc")
_INTO = ("filesystem", "hive", "jdbc", "kafka", "upsert-kafka")

# What a job may write beside a message's key and value on Kafka, and of which type it is.
_METADATA: Mapping[str, str] = {
    "timestamp": "TIMESTAMP_LTZ(3)",
    "headers": "MAP<STRING, BYTES>",
}
# Of a computed column, or of one of metadata, what stands behind the name.
_ADDED = re.compile(r"AS\s+\S|\w.*\sMETADATA\b", re.IGNORECASE | re.DOTALL)

_MS = timedelta(milliseconds=1)

# Where a job may begin to read a topic, as Flink calls it.
EARLIEST, SPECIFIC, TIMESTAMP, GROUP = STARTS = (
    "earliest-offset",
    "specific-offsets",
    "timestamp",
    "group-offsets",
)
Generator = Callable[[int, int, int], Sequence[Any]]
Corner = Callable[[int], Sequence[Any]]


@dataclass(frozen=True)
class Source:
    """A stream of rows, or of changes where it has a primary key.

    `generate(seed, start, stop)` gives records start..stop-1; it may have a fourth argument
    `locale`, of which names and the like are then. `shipped` names a
    CSV file (with a header) in the scenario's folder that a plain run uses. Instead of both,
    `rows` are all that there is, by hand: tuples, or a Change each where there is a key; or the
    name of a `.csv` or `.jsonl` file in the folder, in which a field `op` says what a Change is.
    Among rows that lie in Kafka there may be a Message: bytes that need not be a row.
    `time` names the event-time column, a TIMESTAMP(3) or, where it is an instant, a
    TIMESTAMP_LTZ(3), or one of fewer digits; the watermark stays
    `disorder` behind the greatest event time so far and moves with each row. A partition that
    has had no rows for as long as `idle` holds it back no more; by its `alignment` a source waits
    for others. Both are of Kafka's partitions.
    `raw`: a message or line is the only column, as it is. `format` is that of other messages on
    Kafka: `json` or `csv`, or of a source with a key `debezium-json`, `canal-json` or
    `maxwell-json`, by which it lies there with its changes. `stored` gives columns'
    MySQL types where they are not the usual ones.
    `added` gives columns that Flink makes itself, as `{"part": "INT METADATA FROM 'partition'"}`
    or `{"day": "AS CAST(seen AS DATE)"}`: they stand behind the others, and no row has them.
    `message_key` names columns that lie in the keys of its messages on Kafka, as JSON, and not in
    their values. `options` gives each of Flink's connectors options of the user's own, as
    `{"kafka": {"json.ignore-parse-errors": "true"}}`. `binding` is how this table attaches, such as
    kafka, whatever the others do. Where it has an end and others have none, as `jdbc`, all its
    rows are there before a job begins: so they can be looked up. `earlier` has rows that lie in its
    topic and are not to be read, for a job begins behind them: by `start`, which is
    `specific-offsets`, `timestamp` or `group-offsets` then. No oracle is given them.
    `corners` has by name what gives, for a seed, rows that are too dear for every cell: see
    `streamgauge.corners`.
    """

    name: str
    schema: Schema
    generate: Generator | None = None
    key: tuple[str, ...] = ()
    shipped: str | None = None
    rows: Sequence[Any] | str | None = None
    time: str | None = None
    disorder: timedelta = timedelta(0)
    idle: timedelta | None = None
    alignment: Alignment | None = None
    raw: bool = False
    format: str = "json"
    stored: Mapping[str, str] = field(default_factory=dict)
    added: Mapping[str, str] = field(default_factory=dict)
    message_key: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    binding: str | None = None
    start: str = EARLIEST
    earlier: Sequence[Any] = ()
    corners: Mapping[str, Corner] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_fields(f"source {self.name}", self)
        check_name("source", self.name)
        self._check_start(f"source {self.name}")
        check_format(f"source {self.name}", self, raw=self.raw)
        check_options(f"source {self.name}", self, _FROM)
        self.schema.indices((*self.key, *self.stored))
        for column, text in self.added.items():
            self._check_added(f"source {self.name}: added column {column!r}", column, text)
        _check_message_key(f"source {self.name}: message_key", self)
        if (self.generate is not None and self.by_hand) or (self.shipped and not self.generate):
            raise ScenarioError(f"source {self.name}: needs generate, or else rows without shipped")
        if self.time and not is_time(self.schema.column(self.time).type):
            raise ScenarioError(f"source {self.name}: event time {self.time} is no {TIMES}")
        self._check_strategy()
        for corner in self.corners:
            check_name(f"source {self.name}: corner", corner)
            if self.by_hand:
                raise ScenarioError(f"source {self.name}: rows by hand have no corner {corner}")
        if self.raw and (self.key or self._types not in (["STRING"], ["BYTES"])):
            raise ScenarioError(f"source {self.name}: raw is one STRING or BYTES, without a key")

    def check(self, records: Sequence[Any]) -> None:
        """A ScenarioError where a record does not fit, with index, column and value."""
        time = (self.time,) if self.time else ()
        self._check_messages(records)
        if self.key:
            check_changes(f"source {self.name}", self.schema, records, self.key, time)
            if changes_are_messages(self) and self.by_hand:
                check_images(f"source {self.name}", records, self.schema.indices(self.key))
        else:
            required = self.schema.names if self.raw else time
            check_rows(f"source {self.name}", self.schema, records, required)

    def _check_strategy(self) -> None:
        told, way = f"source {self.name}", self.alignment
        if (self.idle or way) and (not self.time or self.key):
            raise ScenarioError(f"{told}: idle and alignment are of rows with event time")
        if self.disorder < timedelta(0) or self.disorder % _MS:
            raise ScenarioError(f"{told}: disorder of {self.disorder} is no number of milliseconds")
        lengths = {"idle": self.idle}
        if way:
            lengths.update({"drift": way.drift, "interval of alignment": way.interval})
        for name, length in lengths.items():
            if length is not None and length < _MS:
                raise ScenarioError(f"{told}: {name} of {length} is less than a millisecond")

    def _check_start(self, told: str) -> None:
        if self.start == "latest-offset":
            raise ScenarioError(
                f"{told}: start={self.start!r}: what is read then goes by when a job starts; say"
                f" {SPECIFIC}, {TIMESTAMP} or {GROUP}, and with earlier= what lies before that"
            )
        choose(f"start of {told}", self.start, STARTS)
        if (self.start == EARLIEST) == bool(self.earlier):
            raise ScenarioError(
                f"{told}: start={self.start!r} with earlier={self.earlier!r}: {EARLIEST} has none,"
                " any other start needs rows that lie before it"
            )
        if self.earlier and self.key:
            raise ScenarioError(f"{told}: earlier is of a source of rows, and it has a key")
        check_rows(f"{told}: earlier", self.schema, self.earlier)

    def _check_added(self, told: str, column: str, text: str) -> None:
        if self.key and not changes_are_messages(self):
            raise ScenarioError(f"{told}: a source with a key has none, but by a format of changes")
        if column in self.schema.names:
            raise ScenarioError(f"{told}: its rows have that one")
        check_column(column)
        if not _ADDED.match(text):
            raise ScenarioError(f"{told}: {text!r} is neither AS and how, nor a type and METADATA")

    def _check_messages(self, records: Sequence[Any]) -> None:
        for index, record in enumerate(records):
            if isinstance(record, Message):
                told = f"source {self.name}: record {index} is a message"
                changes = self.key and not changes_are_messages(self)
                if changes or self.raw or not self.by_hand:
                    raise ScenarioError(f"{told}: they go among rows by hand, of no key, not raw")
                if not isinstance(record.value, bytes):
                    raise ScenarioError(f"{told}: {record.value!r} are no bytes")

    @property
    def by_hand(self) -> bool:
        """Whether its rows are all there is, and none are generated."""
        return self.rows is not None

    @property
    def has_locales(self) -> bool:
        """Whether the generator can be given a locale, as its fourth argument."""
        return self.generate is not None and "locale" in inspect.signature(self.generate).parameters

    @property
    def _types(self) -> list[str]:
        return [column.type for column in self.schema.columns]


def _check_message_key(told: str, table: Source | Sink, others: Collection[str] = ()) -> None:
    """A ScenarioError where its columns cannot be those of keys; `others` are in no value too."""
    names = table.schema.indices(table.message_key)
    if names and table.key:
        what = "sink" if isinstance(table, Sink) else "source"
        raise ScenarioError(f"{told}: a {what} with a key has no messages of its own")
    if names and not set(table.schema.names).difference(table.message_key, others):
        raise ScenarioError(f"{told}: leaves no column for the value")
    if any(";" in name for name in table.message_key):
        raise ScenarioError(f"{told}: Flink lists its columns with ; between them")


Feed = Sequence[tuple[Source, Sequence[Record]]]


@dataclass(frozen=True)
class Sink:
    """Where the answer goes: a table with a primary key, or an append-only stream.

    With a key, every change has to be valid and the rows they fold into are
    compared; without, the sink takes inserts only, each as often as expected.
    `partitions` names the last columns, by which a warehouse lays out folders.
    `due` names a time, of the kind that sources' are: when event time has come to it the row has to
    be there, while those of other sinks may wait for the end of event time. `tolerance` says of
    FLOAT and DOUBLE columns how far a number may be from the one that is expected: so much, or that
    share of the greater of both. Without, it has to be the same to the last digit.
    `rows` is the right answer by hand, or a file's name, in place of an oracle's. `format`,
    `options`, `binding` and `message_key` are as a source's. `metadata` has columns that are no
    part of its messages on Kafka, but what goes with them, `timestamp` or `headers`:
    `{"sent": "timestamp"}`.
    """

    name: str
    schema: Schema
    key: tuple[str, ...] = ()
    partitions: tuple[str, ...] = ()
    due: str | None = None
    stored: Mapping[str, str] = field(default_factory=dict)
    tolerance: Mapping[str, float] = field(default_factory=dict)
    rows: Sequence[Any] | str | None = None
    format: str = "json"
    message_key: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    binding: str | None = None

    def __post_init__(self) -> None:
        check_fields(f"sink {self.name}", self)
        check_name("sink", self.name)
        check_format(f"sink {self.name}", self)
        check_options(f"sink {self.name}", self, _INTO)
        self.schema.indices((*self.key, *self.partitions, *self.stored))
        if self.partitions and self.schema.names[-len(self.partitions) :] != self.partitions:
            raise ScenarioError(f"sink {self.name}: its partitions are not its last columns")
        for column in self.partitions:
            # They are in the names of folders.
            check_name(f"sink {self.name}: partition", column)
        if self.due and not is_time(self.schema.column(self.due).type):
            raise ScenarioError(f"sink {self.name}: due by {self.due}, which is no {TIMES}")
        _check_message_key(f"sink {self.name}: message_key", self, self.metadata)
        for column, name in self.metadata.items():
            self._check_metadata(f"sink {self.name}: metadata {column}", column, name)
        for column, most in self.tolerance.items():
            self._check_tolerance(column, most)

    def _check_metadata(self, told: str, column: str, name: str) -> None:
        choose("metadata of Kafka", name, tuple(_METADATA))
        if (type_ := self.schema.column(column).type) != _METADATA[name]:
            raise ScenarioError(f"{told}: is a {type_}, and {name} a {_METADATA[name]}")
        if self.key:
            raise ScenarioError(f"{told}: a sink with a key has no messages of its own")
        if column in self.message_key or [*self.metadata.values()].count(name) > 1:
            raise ScenarioError(f"{told}: it is in the key too, or two columns are its {name}")
        if set(self.schema.names) <= set(self.metadata):
            raise ScenarioError(f"{told}: leaves no column for the value")

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
        """A ScenarioError where a row of the answer does not fit, with index, column and value."""
        due = (self.due,) if self.due else ()
        by_whom = "oracle: " if self.rows is None else ""
        check_rows(f"{by_whom}sink {self.name}", self.schema, rows, (*self.key, *due))

    @property
    def key_indices(self) -> tuple[int, ...]:
        """Where the primary key's columns stand."""
        return self.schema.indices(self.key)
