"""Changes of several tables as transactions, and transactions as statements of SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from typing import NamedTuple

from streamgauge.attachments import ddl
from streamgauge.tables import Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Row

# Even for up to three tables whose generators mean two changes for the same transaction.
SIZE = 60


class Statement(NamedTuple):
    """SQL, its parameters, and how many changes of a table each row of it is in the binlog."""

    table: str
    sql: str
    parameters: Sequence[object]
    changes: int


# Changes of any tables, in order.
Transaction = Sequence[tuple[Source, Change]]


def transactions(changes: Iterable[tuple[Source, Change]]) -> Iterator[Transaction]:
    """At least `SIZE` changes at a time; no update is cut into two transactions."""
    made: list[tuple[Source, Change]] = []
    begun: set[str] = set()
    for source, change in changes:
        made.append((source, change))
        begun.discard(source.name)
        if change.op == "-U":
            begun.add(source.name)
        if len(made) >= SIZE and not begun:
            yield made
            made = []
    if made:
        yield made


def statements(changes: Transaction, cut: set[str]) -> Iterator[Statement]:
    """SQL and its parameters: a `-U` and the `+U` of the same table after it are one UPDATE.

    `cut` holds the sources whose last change was a `-U` without its `+U`, before and
    after: the row is deleted then, and inserted when that comes.
    """
    begun: dict[str, tuple[Source, Row]] = {}
    for source, change in changes:
        if source.name in begun:
            yield _update(source, begun.pop(source.name)[1], change.row)
        elif change.op == "-U":
            begun[source.name] = source, change.row
        else:
            yield _statement(source, change, cut)
    for source, row in begun.values():
        cut.add(source.name)
        yield _delete(source, row)


def _statement(source: Source, change: Change, cut: set[str]) -> Statement:
    if change.op == "-D":
        return _delete(source, change.row)
    if change.op == "+I" or source.name in cut:
        cut.discard(source.name)
        return _insert(source, change.row)
    return _update(source, change.row, change.row)


def _insert(source: Source, row: Row) -> Statement:
    marks = ", ".join(["%s"] * len(row))
    names = ", ".join(map(_named, source.schema.names))
    sql = f"INSERT INTO {_named(source.name)} ({names}) VALUES ({marks})"
    return Statement(source.name, sql, _stored(row), 1)


def _update(source: Source, old: Row, new: Row) -> Statement:
    assignments = ", ".join(f"{_named(name)} = %s" for name in source.schema.names)
    sql = f"UPDATE {_named(source.name)} SET {assignments} WHERE {_where(source)}"
    return Statement(source.name, sql, [*_stored(new), *_key(source, old)], 2)


def _delete(source: Source, row: Row) -> Statement:
    sql = f"DELETE FROM {_named(source.name)} WHERE {_where(source)}"
    return Statement(source.name, sql, _key(source, row), 1)


def _named(name: str) -> str:
    """Quoted, in a statement whose parameters are put in by Python's `%`."""
    return ddl.named(name).replace("%", "%%")


def _where(source: Source) -> str:
    return " AND ".join(f"{_named(name)} = %s" for name in source.key)


def _key(source: Source, row: Row) -> list[object]:
    return _stored([row[index] for index in source.schema.indices(source.key)])


def _stored(values: Iterable[object]) -> list[object]:
    """As the driver takes them: it knows no zone, and the connection's is UTC."""
    return [
        value.astimezone(timezone.utc).replace(tzinfo=None)
        if isinstance(value, datetime) and value.tzinfo
        else value
        for value in values
    ]
