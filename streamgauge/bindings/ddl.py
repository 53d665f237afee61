"""CREATE TABLE statements."""

from __future__ import annotations

from collections.abc import Mapping

from streamgauge.values.schema import Schema


def create_table(
    name: str, schema: Schema, key: tuple[str, ...], options: Mapping[str, str]
) -> str:
    """A Flink table with a primary key, if any, and connector options."""
    lines = [f"  `{column.name}` {column.type}" for column in schema.columns]
    if key:
        lines.append(f"  PRIMARY KEY ({', '.join(f'`{k}`' for k in key)}) NOT ENFORCED")
    settings = [f"  {_quoted(k)} = {_quoted(v)}" for k, v in options.items()]
    columns, properties = ",\n".join(lines), ",\n".join(settings)
    return f"CREATE TABLE `{name}` (\n{columns}\n) WITH (\n{properties}\n)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
