"""Columns with Flink SQL types, and how their values are written as text."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from streamgauge.errors import ScenarioError, choose, nearest
from streamgauge.values import types
from streamgauge.values.names import check_column, check_unlike

Row = tuple[Any, ...]
_SHOWN = 100
_NOT_NULL = " NOT NULL"


@dataclass(frozen=True)
class Column:
    """A name and a Flink SQL type, such as `DECIMAL(10, 2)`; `required` where ` NOT NULL` follows.

    `type` is without that then.
    """

    name: str
    type: str
    required: bool = False

    def __post_init__(self) -> None:
        check_column(self.name)
        if self.type.endswith(_NOT_NULL):
            object.__setattr__(self, "type", self.type.removesuffix(_NOT_NULL))
            object.__setattr__(self, "required", True)
        try:
            types.known(self.type)
        except ValueError as error:
            near = "" if self.kind in types.KINDS else nearest(self.kind, types.KINDS)
            valid = ", ".join(types.KINDS)
            raise ScenarioError(f"column {self.name}: {error}{near}; valid: {valid}") from None

    @property
    def declared(self) -> str:
        """The type, with whether it may be NULL."""
        return f"{self.type}{_NOT_NULL}" if self.required else self.type

    @property
    def kind(self) -> str:
        """The type without its parameters."""
        return self.type.partition("(")[0]

    def parse(self, text: str | None) -> Any:
        """A value from its text; None stays None."""
        return None if text is None else types.known(self.type).parse(text)

    def check(self, value: Any, *, null: bool) -> str | None:
        """What is wrong with a value; `null`: whether it may be NULL."""
        if value is None:
            may_be = null and not self.required
            return None if may_be else f"column {self.name}: NULL, where a value is needed"
        known = types.known(self.type)
        if known.fits(value):
            return None
        advice = types.advice(value)
        return f"column {self.name}: {_short(value)} is no {self.type}, {known.values}{advice}"


@dataclass(frozen=True)
class Schema:
    """Columns in order."""

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        check_unlike("column", self.names)

    @classmethod
    def of(cls, **types: str) -> Schema:
        """A schema from `name="TYPE"` pairs."""
        return cls(tuple(Column(name, type_) for name, type_ in types.items()))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def indices(self, names: Sequence[str]) -> tuple[int, ...]:
        """Where the named columns stand; a UsageError for an unknown name."""
        return tuple(self.names.index(choose("column", name, self.names)) for name in names)

    def column(self, name: str) -> Column:
        """The named column; a UsageError for an unknown name."""
        return self.columns[self.indices([name])[0]]

    def misfit(self, rows: Sequence[Any], required: Collection[str] = ()) -> tuple[int, str] | None:
        """The first row that does not fit, by its index, and what is wrong with it.

        No column of `required` may be NULL.
        """
        if all(map(self._is_row, rows)) and self._all_fit(rows, required):
            return None
        told = ((index, self.check(row, required)) for index, row in enumerate(rows))
        return next((index, complaint) for index, complaint in told if complaint)

    def check(self, row: Any, required: Collection[str] = ()) -> str | None:
        """What is wrong with a row; no column of `required` may be NULL."""
        if not isinstance(row, tuple):
            return f"{_short(row)} is no tuple"
        if len(row) != len(self.columns):
            return f"{len(row)} columns, not {len(self.columns)}: {_short(row)}"
        for column, value in zip(self.columns, row):
            complaint = column.check(value, null=column.name not in required)
            if complaint:
                return complaint
        return None

    def _is_row(self, row: Any) -> bool:
        return isinstance(row, tuple) and len(row) == len(self.columns)

    def _all_fit(self, rows: Sequence[Row], required: Collection[str]) -> bool:
        """Column by column, which is much faster than row by row."""
        for at, column in enumerate(self.columns):
            values: Iterable[Any] = map(itemgetter(at), rows)
            if not column.required and column.name not in required:
                values = (value for value in values if value is not None)
            if not all(map(types.known(column.type).fits, values)):
                return False
        return True

    def parse(self, texts: Sequence[str | None]) -> Row:
        """A row from one text a column."""
        if len(texts) != len(self.columns):
            raise ValueError(f"{len(texts)} fields where {len(self.columns)} are expected: {texts}")
        return tuple(column.parse(text) for column, text in zip(self.columns, texts))

    def from_json(self, fields: Mapping[str, Any]) -> Row:
        """A row from what JSON has under the columns' names; NULL where it has nothing."""
        return tuple(
            [
                value
                if (value := fields.get(name)) is None or type(value) is plain
                else parse(str(to_text(value)))
                for name, plain, parse in self._in_json
            ]
        )

    @cached_property
    def _in_json(self) -> Sequence[tuple[str, type | None, Callable[[str], Any]]]:
        """Each column's name, what is a value as it stands, and how a text becomes one."""
        kinds = [types.known(column.type) for column in self.columns]
        return [(name, kind.in_json, kind.parse) for name, kind in zip(self.names, kinds)]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def as_bytes(value: str | bytes | None) -> bytes:
    """A raw message: a text in UTF-8, bytes as they are; a ValueError for NULL."""
    if value is None:
        raise ValueError("a raw message cannot be NULL")
    return value.encode() if isinstance(value, str) else value


def to_text(value: Any) -> str | None:
    """A value as Flink's CSV and JSON formats read it; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value)
