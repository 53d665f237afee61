"""Columns with Flink SQL types, and how their values are written as text."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from streamgauge.errors import ScenarioError, choose, nearest
from streamgauge.values.names import check_column, check_unlike

Row = tuple[Any, ...]


def _timestamp(text: str) -> datetime:
    """Flink's SQL format: trailing zeros of the fraction may be missing."""
    moment, _, fraction = text.replace("T", " ").partition(".")
    return datetime.fromisoformat(moment).replace(microsecond=int(fraction[:6].ljust(6, "0")))


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is not true or false")
    return text.lower() == "true"


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


_FROM_TEXT: dict[str, Callable[[str], Any]] = {
    "STRING": str,
    "BOOLEAN": _boolean,
    "INT": int,
    "BIGINT": int,
    "DOUBLE": float,
    "DECIMAL": Decimal,
    "DATE": date.fromisoformat,
    "TIMESTAMP": _timestamp,
    "BYTES": _bytes,
}


@dataclass(frozen=True)
class Column:
    """A name and a Flink SQL type, such as `DECIMAL(10, 2)`."""

    name: str
    type: str

    def __post_init__(self) -> None:
        check_column(self.name)
        if self.kind not in _FROM_TEXT or not re.fullmatch(r"[A-Z]+(\(\d+(, ?\d+)?\))?", self.type):
            raise ScenarioError(
                f"column {self.name}: unknown type {self.type!r}{nearest(self.kind, _FROM_TEXT)};"
                f" valid: {', '.join(_FROM_TEXT)}"
            )

    @property
    def kind(self) -> str:
        """The type without its parameters."""
        return self.type.partition("(")[0]

    def parse(self, text: str | None) -> Any:
        """A value from its text; None stays None."""
        return None if text is None else _FROM_TEXT[self.kind](text)


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

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def indices(self, names: Sequence[str]) -> tuple[int, ...]:
        """Where the named columns stand; a UsageError for an unknown name."""
        return tuple(self.names.index(choose("column", name, self.names)) for name in names)

    def column(self, name: str) -> Column:
        """The named column; a UsageError for an unknown name."""
        return self.columns[self.indices([name])[0]]

    def parse(self, texts: Sequence[str | None]) -> Row:
        """A row from one text a column."""
        if len(texts) != len(self.columns):
            raise ValueError(f"{len(texts)} fields where {len(self.columns)} are expected: {texts}")
        return tuple(column.parse(text) for column, text in zip(self.columns, texts))


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
