"""The statements of `query.sql`: where each begins, and which are views."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from streamgauge.errors import ScenarioError

_VIEWS = (["CREATE", "VIEW"], ["CREATE", "TEMPORARY", "VIEW"])


@dataclass(frozen=True)
class Statement:
    """A statement without its `;`, as it is written; `line` and `column` count from 1."""

    text: str
    line: int
    column: int
    view: bool


def statements(sql: str) -> list[Statement]:
    """The statements of a text of Flink SQL. A ScenarioError for a string that has no end."""
    return list(_statements(sql))


def _statements(sql: str) -> Iterator[Statement]:
    begin = 0
    words: list[str] = []
    for token in _tokens(sql):
        if token is None or token.token_type.name == "SEMICOLON":
            end = len(sql) if token is None else token.start
            # What has no words is comments alone.
            if words:
                yield _statement(sql, begin, end, words)
            begin, words = end + 1, []
        else:
            words.append(token.text.upper())


def _tokens(sql: str) -> Iterator[Any]:
    """The text's tokens and a None for its end."""
    # Imported when used: it takes a while, and most commands need no SQL.
    from sqlglot.errors import TokenError  # noqa: PLC0415

    try:
        yield from tokenizer().tokenize(sql)
    except TokenError:
        raise ScenarioError("query.sql: a string, a name or a comment has no end") from None
    yield None


def tokenizer() -> Any:
    """As Flink reads: names in backticks, no escapes in strings, and no statement is special."""
    from sqlglot.tokens import Tokenizer  # noqa: PLC0415

    class Flink(Tokenizer):
        IDENTIFIERS = ["`"]  # noqa: RUF012
        STRING_ESCAPES = ["'"]  # noqa: RUF012
        COMMENTS = ["--", ("/*", "*/")]  # noqa: RUF012
        COMMANDS = set()  # noqa: RUF012
        NESTED_COMMENTS = False

    return Flink()


def _statement(sql: str, begin: int, end: int, words: list[str]) -> Statement:
    text = sql[begin:end].strip()
    start = sql.index(text, begin)
    line = sql.count("\n", 0, start) + 1
    view = any(words[: len(view)] == view for view in _VIEWS)
    return Statement(text, line, start - sql.rfind("\n", 0, start), view)
