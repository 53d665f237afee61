"""CREATE TABLE statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from streamgauge.scenario import Source
from streamgauge.values.schema import Schema


def create_table(
    name: str,
    schema: Schema,
    key: tuple[str, ...],
    options: Mapping[str, str],
    clauses: Sequence[str] = (),
) -> str:
    """A Flink table with a primary key, if any, further clauses and connector options."""
    lines = [f"  `{column.name}` {column.type}" for column in schema.columns]
    lines += [f"  {clause}" for clause in clauses]
    if key:
        lines.append(f"  PRIMARY KEY ({', '.join(f'`{k}`' for k in key)}) NOT ENFORCED")
    settings = [f"  {_quoted(k)} = {_quoted(v)}" for k, v in options.items()]
    columns, properties = ",\n".join(lines), ",\n".join(settings)
    return f"CREATE TABLE `{name}` (\n{columns}\n) WITH (\n{properties}\n)"


def watermark(source: Source) -> list[str]:
    """The clause for the source's event time, if it has one."""
    if source.time is None:
        return []
    return [f"WATERMARK FOR `{source.time}` AS `{source.time}` - {_interval(source.disorder)}"]


def _interval(length: timedelta) -> str:
    hours, seconds = divmod(length.seconds, 3600)
    time = f"{hours:02}:{seconds // 60:02}:{seconds % 60:02}.{length.microseconds // 1000:03}"
    return f"INTERVAL '{length.days} {time}' DAY TO SECOND(3)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
