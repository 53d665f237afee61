"""What a text of Flink SQL uses of a line: connectors, options, settings, functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from streamgauge.check.texts import HOLE, Text
from streamgauge.errors import StreamgaugeError
from streamgauge.sql import tokenizer

# What stands before a name without there being a call of it.
_NO_CALL = {"DOT", "TABLE", "INTO", "VIEW", "FUNCTION", "ALIAS", "JOIN", "UPDATE", "EXISTS", "FROM"}
# What a `(` may follow without being a function's name.
_KEYWORD = re.compile(
    "ALL|AND|ANY|AS|BETWEEN|BY|CASE|DISTINCT|ELSE|EXISTS|FROM|GROUPING|HAVING|IN"
    "|INTERSECT|INTO|JOIN|KEY|LIKE|NOT|ON|OR|OVER|PARTITION|SELECT|SETS|SOME|TABLE"
    "|THEN|UNION|UNIQUE|USING|VALUES|WHEN|WHERE|WITH|WITHIN",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z_]\w*")
# A hole is part of a name, or a name, whatever it becomes.
_HOLE = "__hole__"
_OPEN, _CLOSE, _EQUALS = "L_PAREN", "R_PAREN", "EQ"


@dataclass(frozen=True)
class SqlUse:
    """`kind`: connector, option (of a table), setting or function; by line of the file.

    `connector` is that of the table whose option it is.
    """

    kind: str
    name: str
    line: int
    connector: str = ""


def used(text: Text) -> list[SqlUse]:
    """All of it, and nothing of what has a hole. A StreamgaugeError where it is no SQL."""
    tokens = _tokens(text)
    found = [*_tables(tokens), *_settings(tokens), *_calls(tokens)]
    return [
        SqlUse(use.kind, use.name, min(text.line + use.line - 1, text.last), use.connector)
        for use in found
        if _HOLE.lower() not in (use.name + use.connector).lower()
    ]


def readable(text: Text) -> bool:
    """Whether it is SQL as far as its strings, names and comments have an end."""
    try:
        _tokens(text)
    except StreamgaugeError:
        return False
    return True


def registered(text: Text) -> set[str]:
    """The functions that it creates, in upper case."""
    words = [token.text.upper() for token in _tokens(text)]
    starts = (
        n for n, word in enumerate(words) if word == "FUNCTION" and "CREATE" in words[:n][-3:]
    )
    return {_created(words[n + 1 :]) for n in starts}


def _created(words: Sequence[str]) -> str:
    """The last part of the name that `CREATE FUNCTION` is followed by."""
    rest = list(words[3:] if list(words[:3]) == ["IF", "NOT", "EXISTS"] else words)
    while rest[1:2] == ["."]:
        rest = rest[2:]
    return rest[0] if rest else ""


def _tokens(text: Text) -> list[Any]:
    flink = tokenizer()
    from sqlglot.errors import TokenError  # noqa: PLC0415 - it takes a while

    try:
        return list(flink.tokenize(text.text.replace(HOLE, _HOLE)))
    except TokenError:
        raise StreamgaugeError("a string, a name or a comment has no end") from None


def _kind(token: Any) -> str:
    return str(token.token_type.name)


def _tables(tokens: Sequence[Any]) -> Iterator[SqlUse]:
    """The connector and the options in each `WITH ('key' = 'value', ...)`."""
    for at, token in enumerate(tokens):
        if token.text.upper() == "WITH" and [_kind(t) for t in tokens[at + 1 : at + 3]] == [
            _OPEN,
            "STRING",
        ]:
            yield from _table(list(_pairs(tokens[at + 2 :])))


def _table(pairs: Sequence[tuple[Any, Any]]) -> Iterator[SqlUse]:
    """A catalog has a type where a table has a connector, and options that are not looked at."""
    connector = next((value.text for key, value in pairs if key.text == "connector"), "")
    for key, value in pairs:
        if key.text == "connector" or (key.text == "type" and not connector):
            yield SqlUse("connector" if connector else "catalog", value.text, value.line)
        elif key.text.rpartition(".")[2] == "format":
            yield SqlUse("format", value.text, value.line)
        elif connector:
            yield SqlUse("option", key.text, key.line, connector)


def _pairs(tokens: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """`'key' = 'value'`, up to the parenthesis."""
    for at, token in enumerate(tokens):
        if _kind(token) == _CLOSE:
            return
        if [_kind(t) for t in tokens[at : at + 3]] == ["STRING", _EQUALS, "STRING"]:
            yield token, tokens[at + 2]


def _settings(tokens: Sequence[Any]) -> Iterator[SqlUse]:
    """`SET 'key' = ...` at the beginning of a statement."""
    for at, token in enumerate(tokens[:-1]):
        begins = at == 0 or _kind(tokens[at - 1]) == "SEMICOLON"
        key = tokens[at + 1]
        if begins and token.text.upper() == "SET" and _kind(key) == "STRING":
            yield SqlUse("setting", key.text, key.line)


def _calls(tokens: Sequence[Any]) -> Iterator[SqlUse]:
    """Names before a parenthesis that are not those of tables and the like."""
    for at, token in enumerate(tokens[:-1]):
        before = _kind(tokens[at - 1]) if at else ""
        plain = _kind(token) not in ("STRING", "IDENTIFIER") and not _KEYWORD.fullmatch(token.text)
        name = plain and _NAME.fullmatch(token.text)
        if name and _kind(tokens[at + 1]) == _OPEN and before not in _NO_CALL:
            yield SqlUse("function", token.text.upper(), token.line)
