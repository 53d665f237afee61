"""What a table may say of its connector and format, and what is a run's alone to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from streamgauge.errors import ScenarioError
from streamgauge.values import avro
from streamgauge.values.schema import Schema

# Where a table lies, who logs in, what is read of it and how it is written: the run's alone.
_OURS = frozenset(
    (
        "connector",
        "topic",
        "topic-pattern",
        "path",
        "url",
        "username",
        "password",
        "hostname",
        "port",
        "database-name",
        "table-name",
        "server-id",
        "server-time-zone",
        "format",
        "key.format",
        "value.format",
        "csv.null-literal",
        "properties.bootstrap.servers",
        "properties.group.id",
        "sink.delivery-guarantee",
        "sink.transactional-id-prefix",
        "properties.transaction.timeout.ms",
        "sink.buffer-flush.interval",
    )
)
_OURS_BELOW = (
    "scan.bounded.",
    "properties.sasl.",
    "properties.security.",
    "properties.ssl.",
)

_LEGACY = "avro.timestamp_mapping.legacy"
# Those that count where a format is asked for: rows are written and read by them.
_OF_FORMAT: Mapping[str, Sequence[str]] = {
    "json": (),
    "csv": ("csv.field-delimiter", "csv.null-literal"),
    "avro": (_LEGACY,),
    "avro-confluent": (),
    "debezium-json": ("debezium-json.schema-include",),
    "canal-json": (),
    "maxwell-json": (),
}
# Those of the lines of files; changes of a sink with a key are debezium-json.
_OF_FILES = ("csv", "json")
_CACHE = "lookup.cache"
_POLICY, _SUCCESS = "sink.partition-commit.policy.kind", "success-file"
# Those whose messages are changes.
_OF_CHANGES = ("debezium-json", "canal-json", "maxwell-json")
# What a table's messages or lines look like, which are written and read here as well.
_LAYOUT = (
    "field-delimiter",
    "quote-character",
    "escape-character",
    "element-delimiter",
    "timestamp-format.standard",
    "schema-include",
    "fields-include",
    "key.fields",
    "key.fields-prefix",
    "avro.encoding",
    "avro-confluent.schema",
    "avro-confluent.subject",
)


class Table(Protocol):
    """A source or a sink, as far as its options go."""

    @property
    def schema(self) -> Schema:
        """Its columns."""

    @property
    def key(self) -> tuple[str, ...]:
        """Those of its primary key, if it has one."""

    @property
    def format(self) -> str:
        """That of its messages."""

    @property
    def options(self) -> Mapping[str, Mapping[str, str]]:
        """Its own, by connector."""


def changes_are_messages(table: Table) -> bool:
    """Whether a table lies on Kafka with its changes, in whatever binding."""
    return table.format in _OF_CHANGES


def check_format(told: str, table: Table, *, raw: bool = False) -> None:
    """A ScenarioError where nobody knows the format, or no message of the table has it."""
    if table.format not in _OF_FORMAT:
        known = ", ".join(_OF_FORMAT)
        raise ScenarioError(f"{told}: format {table.format!r} is none of {known}")
    if table.format == "csv" and table.schema.is_nested:
        raise ScenarioError(f"{told}: cannot have format csv: it has no values made of others")
    if is_avro(table):
        _check_avro(told, table)
    if changes_are_messages(table) and not table.key:
        raise ScenarioError(f"{told}: format {table.format} is of changes, which need a key")
    if table.format != "json" and (raw or (table.key and not changes_are_messages(table))):
        of_changes = ", ".join(_OF_CHANGES)
        why = "raw" if raw else f"it has a key, and messages of changes are {of_changes}"
        raise ScenarioError(f"{told}: cannot have format {table.format}: {why}")


def is_avro(table: Table) -> bool:
    """Whether its messages are Avro, by whatever schema."""
    return table.format in ("avro", "avro-confluent")


def is_registered(table: Table) -> bool:
    """Whether the schema of its messages is in a registry."""
    return table.format == "avro-confluent"


def has_old_timestamps(table: Table) -> bool:
    """Whether its Avro has timestamps as Flink mapped them before 1.19, which is the default."""
    return is_registered(table) or table.options.get("kafka", {}).get(_LEGACY, "true") != "false"


def _check_avro(told: str, table: Table) -> None:
    for column in table.schema.columns:
        try:
            avro.of_rows(Schema((column,)), legacy=has_old_timestamps(table))
        except ValueError as error:
            what = f"cannot have format avro: column {column.name}"
            raise ScenarioError(f"{told}: {what}: {error}") from None


def check_options(told: str, table: Table, connectors: Sequence[str]) -> None:
    """A ScenarioError where they are of no connector, or name what a run has to set."""
    for connector, own in table.options.items():
        written = _OF_FORMAT[table.format] if connector == "kafka" else ()
        if connector == "filesystem":
            written = (*written, "format")
            _check_files(told, table, own)
        if connector not in connectors:
            known = ", ".join(connectors)
            raise ScenarioError(f"{told}: options of {connector!r}, which is none of {known}")
        for name in sorted(own.keys() - set(written)):
            if reason := _reason_against(name):
                raise ScenarioError(f"{told}: option {name} of {connector} {reason}")
        if connector == "jdbc" and own.get(_CACHE, "").upper() == "FULL":
            # No error of Flink's: it looks up each time.
            raise ScenarioError(f"{told}: {_CACHE} FULL: Flink's JDBC connector has NONE, PARTIAL")
        delimiter = own.get("csv.field-delimiter", ",")
        if len(delimiter) != 1 or delimiter in '"\\\r\n':
            raise ScenarioError(f"{told}: csv.field-delimiter {delimiter!r} is no single character")


def _check_files(told: str, table: Table, own: Mapping[str, str]) -> None:
    """Of a folder: the format of its lines, and by what one sees what is committed."""
    name = own.get("format", _OF_FILES[0])
    if name not in _OF_FILES:
        raise ScenarioError(f"{told}: format {name!r} of files is none of {', '.join(_OF_FILES)}")
    if "format" in own and (table.key or (name == "csv" and table.schema.is_nested)):
        why = "changes" if table.key else "values made of others"
        raise ScenarioError(f"{told}: cannot have format {name} of files: it has {why}")
    policies = own.get(_POLICY, _SUCCESS).split(",")
    if _SUCCESS not in map(str.strip, policies):
        raise ScenarioError(
            f"{told}: {_POLICY} {own[_POLICY]!r} is without {_SUCCESS}, by which a partition"
            " is seen to be committed here"
        )


def _reason_against(option: str) -> str | None:
    """Why a table cannot have the option of its own, if it cannot."""
    if option.startswith("scan.watermark."):
        return "is for time, disorder, idle and alignment of the source to say"
    if option.startswith("scan.startup."):
        return "is said by start= and earlier= of the source"
    if option in _OURS or option.startswith(_OURS_BELOW):
        return "is the run's to set"
    if option.endswith(_LAYOUT):
        return "changes how rows are written, which would be read and written here as without it"
    return None
