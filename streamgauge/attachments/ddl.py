"""CREATE statements of Flink, and names and texts as SQL has them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from streamgauge.errors import ScenarioError
from streamgauge.tables import Sink, Source
from streamgauge.values.schema import Schema

# As `_settings` writes them.
_SETTING = re.compile(r"^  '((?:[^']|'')*)' = '((?:[^']|'')*)',?$", re.MULTILINE)


def create_table(
    path: str,
    schema: Schema,
    key: tuple[str, ...],
    options: Mapping[str, str],
    clauses: Sequence[str] = (),
    partitions: Sequence[str] = (),
    metadata: Mapping[str, str] = {},
) -> str:
    """A Flink table at a quoted path: a primary key, if any, further clauses, connector options.

    `metadata` says of columns which that of the connector they are.
    """
    lines = [
        f"  {named(column.name)} {column.declared}"
        + (f" METADATA FROM {_quoted(metadata[column.name])}" if column.name in metadata else "")
        for column in schema.columns
    ]
    lines += [f"  {clause}" for clause in clauses]
    if key:
        lines.append(f"  PRIMARY KEY ({listed(key)}) NOT ENFORCED")
    columns = ",\n".join(lines)
    parts = f"PARTITIONED BY ({listed(partitions)}) " if partitions else ""
    return f"CREATE TABLE {path} (\n{columns}\n) {parts}WITH (\n{_settings(options)}\n)"


def with_own(
    table: Source | Sink, options: Mapping[str, str], usual: Mapping[str, str] = {}
) -> dict[str, str]:
    """A run's options and the table's own of their connector, which may change the usual alone."""
    own = table.options.get(options["connector"], {})
    if both := sorted(options.keys() & own.keys()):
        raise ScenarioError(f"{table.name}: option {both[0]} is the run's to set")
    return {**options, **usual, **own}


def create_catalog(name: str, options: Mapping[str, str]) -> str:
    """A catalog."""
    return f"CREATE CATALOG {named(name)} WITH (\n{_settings(options)}\n)"


def clauses(source: Source) -> list[str]:
    """What a source's table has behind its columns: those that Flink makes, and event time."""
    return [*(f"{named(name)} {text}" for name, text in source.added.items()), *watermark(source)]


def watermark(source: Source) -> list[str]:
    """The clause for the source's event time, if it has one."""
    if source.time is None:
        return []
    time = named(source.time)
    return [f"WATERMARK FOR {time} AS {time} - {_interval(source.disorder)}"]


def strategy(source: Source) -> dict[str, str]:
    """The options of Kafka's connector for how a source's watermark moves, and when not."""
    if source.time is None:
        return {}
    # Whether a row is late must not depend on when it is looked at.
    told = {"emit.strategy": "on-event"}
    if source.idle:
        told["idle-timeout"] = _milliseconds(source.idle)
    if way := source.alignment:
        told["alignment.group"] = way.group
        told["alignment.max-drift"] = _milliseconds(way.drift)
        told["alignment.update-interval"] = _milliseconds(way.interval)
    return {f"scan.watermark.{name}": value for name, value in told.items()}


def _milliseconds(length: timedelta) -> str:
    return f"{length // timedelta(milliseconds=1)} ms"


def named(*path: str) -> str:
    """A name, or a path of names, quoted as Flink and MySQL do: it may be a word of SQL."""
    return ".".join("`" + name.replace("`", "``") + "`" for name in path)


def listed(names: Sequence[str]) -> str:
    """Names side by side."""
    return ", ".join(map(named, names))


def _settings(options: Mapping[str, str]) -> str:
    return ",\n".join(f"  {_quoted(key)} = {_quoted(value)}" for key, value in options.items())


def path_of(statement: str) -> str:
    """The quoted path of what `create_table` made."""
    return statement.removeprefix("CREATE TABLE ").partition(" (\n")[0]


def options_of(statement: str) -> dict[str, str]:
    """The connector options in what `create_table` made."""
    told = statement.rpartition(" WITH (\n")[2]
    found = _SETTING.findall(told)
    return {_plain(key): _plain(value) for key, value in found}


def _plain(quoted: str) -> str:
    return quoted.replace("''", "'")


def _interval(length: timedelta) -> str:
    hours, seconds = divmod(length.seconds, 3600)
    time = f"{hours:02}:{seconds // 60:02}:{seconds % 60:02}.{length.microseconds // 1000:03}"
    return f"INTERVAL '{length.days} {time}' DAY TO SECOND(3)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
