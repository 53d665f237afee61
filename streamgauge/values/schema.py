"""Columns with Flink SQL types, and how their values are written as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from operator import itemgetter
from typing import Any

from streamgauge.errors import ScenarioError, choose, nearest
from streamgauge.values import nested, types
from streamgauge.values.names import check_column, check_unlike
from streamgauge.values.text import json_value, to_text

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
        if not isinstance(self.type, str):
            raise ScenarioError(f"column {self.name}: {self.type!r} is no text such as 'BIGINT'")
        if self.type.endswith(_NOT_NULL):
            object.__setattr__(self, "type", self.type.removesuffix(_NOT_NULL))
            object.__setattr__(self, "required", True)
        try:
            nested.known(self.type)
        except ValueError as error:
            near = "" if self.kind in nested.KINDS else nearest(self.kind, nested.KINDS)
            valid = ", ".join(nested.KINDS)
            raise ScenarioError(f"column {self.name}: {error}{near}; valid: {valid}") from None

    @property
    def declared(self) -> str:
        """The type, with whether it may be NULL."""
        type_ = nested.rendered(self.type)
        return f"{type_}{_NOT_NULL}" if self.required else type_

    @property
    def kind(self) -> str:
        """The type without its parameters."""
        return nested.kind(self.type)

    def parse(self, text: str | None) -> Any:
        """A value from its text; None stays None."""
        return None if text is None else nested.known(self.type).parse(text)

    def check(self, value: Any, *, null: bool) -> str | None:
        """What is wrong with a value; `null`: whether it may be NULL."""
        if value is None:
            may_be = null and not self.required
            return None if may_be else f"column {self.name}: NULL, where a value is needed"
        known = nested.known(self.type)
        if known.fits(value):
            return None
        advice = types.advice(self.kind, value)
        return f"column {self.name}: {_short(value)} is no {self.type}, {known.values}{advice}"


@dataclass(frozen=True)
class Schema:
    """Columns in order."""

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        if not all(isinstance(column, Column) for column in self.columns):
            raise ScenarioError("a schema is of columns: Schema.of(id='BIGINT', name='STRING')")
        check_unlike("column", self.names)

    @classmethod
    def of(cls, /, **types: str) -> Schema:
        """A schema from `name="TYPE"` pairs; a ScenarioError for none."""
        if not types:
            raise ScenarioError("a schema without any column")
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
            if not all(map(nested.known(column.type).fits, values)):
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
                else read(value)
                for name, plain, read in self._in_json
            ]
        )

    def to_json(self, row: Row) -> dict[str, Any]:
        """What JSON has of a row, under the columns' names."""
        return {
            name: write(value) if write and value is not None else json_value(value)
            for (name, write), value in zip(self._to_json, row)
        }

    def texts(self, row: Row) -> list[str | None]:
        """One text a column, as `parse` reads it: JSON of what is made of others."""
        return [
            json.dumps(write(value), ensure_ascii=False)
            if write and value is not None
            else to_text(value)
            for (_, write), value in zip(self._to_json, row)
        ]

    @property
    def is_nested(self) -> bool:
        """Whether any column has values that are made of others."""
        return any(column.kind in nested.NESTED for column in self.columns)

    @cached_property
    def _to_json(self) -> Sequence[tuple[str, types.Write | None]]:
        """Each column's name, and how it is written where it is made of others."""
        return [(column.name, nested.known(column.type).to_json) for column in self.columns]

    @cached_property
    def _in_json(self) -> Sequence[tuple[str, type | None, types.Write]]:
        """Each column's name, what is a value as it stands, and how anything else becomes one."""
        kinds = [nested.known(column.type) for column in self.columns]
        reads = [kind.from_json or partial(_from_text, kind.parse) for kind in kinds]
        return [(name, kind.in_json, read) for name, kind, read in zip(self.names, kinds, reads)]


def _from_text(parse: Callable[[str], Any], value: Any) -> Any:
    return parse(nested.plain(value))


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def as_bytes(value: str | bytes | None) -> bytes:
    """A raw message: a text in UTF-8, bytes as they are; a ValueError for NULL."""
    if value is None:
        raise ValueError("a raw message cannot be NULL")
    return value.encode() if isinstance(value, str) else value
