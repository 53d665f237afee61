"""Records held against the schema of their source or sink."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Any, get_args

from streamgauge.errors import ScenarioError
from streamgauge.values.changelog import Change, Op
from streamgauge.values.images import Images
from streamgauge.values.inputs import Message
from streamgauge.values.schema import Schema

_OPS = get_args(Op)
_COME = ("+I", "+U")


def check_rows(
    table: str, schema: Schema, rows: Sequence[Any], required: Sequence[str] = ()
) -> None:
    """A ScenarioError for the first row of a `table` (such as `sink counts`) that does not fit.

    It names the row's index, the column and its value. No column of `required` may be NULL.
    What messages are nobody looks at.
    """
    for index, row in enumerate(rows):
        if isinstance(row, Change):
            raise ScenarioError(f"{table}: record {index} is a change, not a row: {row}")
    is_row = [not isinstance(row, Message) for row in rows]
    found = schema.misfit(rows if all(is_row) else list(compress(rows, is_row)), required)
    if found:
        index = [at for at, row in enumerate(is_row) if row][found[0]]
        raise ScenarioError(f"{table}: row {index}: {found[1]}")


def check_changes(
    table: str, schema: Schema, changes: Sequence[Any], key: Sequence[str], time: Sequence[str]
) -> None:
    """A ScenarioError for the first change of a `table` that does not fit.

    Whatever happens to a row, its key is known; what goes may have no event time.
    """
    for index, change in enumerate(changes):
        if isinstance(change, Message):
            continue
        if not isinstance(change, Change):
            raise ScenarioError(f"{table}: record {index} is a row, not a change: {change}")
        if change.op not in _OPS:
            raise ScenarioError(
                f"{table}: record {index}: {change.op!r} is none of {', '.join(_OPS)}"
            )
    rows = [change if isinstance(change, Message) else change.row for change in changes]
    check_rows(table, schema, rows, key)
    for index, change in enumerate(changes if time else ()):
        comes = isinstance(change, Change) and change.op in _COME
        complaint = schema.check(change.row, time) if comes else None
        if complaint:
            raise ScenarioError(f"{table}: row {index}: {complaint}")


def check_images(table: str, records: Sequence[Any], key: tuple[int, ...]) -> None:
    """A ScenarioError for the first change of a `table` without the row that was there before.

    What messages are nobody looks at.
    """
    images = Images(key)
    for index, record in enumerate(records):
        try:
            if isinstance(record, Change):
                images.take(record)
        except ValueError as error:
            raise ScenarioError(f"{table}: record {index}: {error}: {record}") from None
