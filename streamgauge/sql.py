"""The statements of `query.sql`: where each begins, and what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from threading import Lock
from typing import Any

from streamgauge.errors import ScenarioError

VIEW, FUNCTION, SET, QUERY = "view", "function", "set", "query"
# By the first words of a statement. What is none of these is of no kind.
_KINDS = (
    (QUERY, re.compile(r"(SELECT|WITH|VALUES|\()(?!\S)")),
    (SET, re.compile(r"SET(?!\S)")),
    (VIEW, re.compile(r"CREATE (TEMPORARY )?VIEW(?!\S)")),
    (FUNCTION, re.compile(r"CREATE (TEMPORARY (SYSTEM )?)?FUNCTION(?!\S)")),
)
_LONGEST_KIND = 4
_ALONE = Lock()
_NO_END = re.compile(r"Missing . from \d+:(\d+)")


@dataclass(frozen=True)
class Statement:
    """A statement without its `;`, as it is written; `line` and `column` count from 1."""

    text: str
    line: int
    column: int
    kind: str

    @property
    def place(self) -> str:
        """Where it begins, for an error."""
        return f"query.sql, line {self.line}, column {self.column}"


@dataclass(frozen=True)
class Created:
    """A function of Python's that SQL creates: of which `MODULE.NAME`, by which name in SQL."""

    name: str
    object: str
    system: bool


def statements(sql: str) -> list[Statement]:
    """The statements of a text of Flink SQL. A ScenarioError for a string that has no end."""
    return list(_statements(sql))


def tokens(sql: str) -> list[Any]:
    """Those of sqlglot in a text; a ScenarioError for a string that has no end."""
    return [token for token in _tokens(sql) if token]


def words(statement: Statement) -> list[str]:
    """Its words in capitals, and what else it has but comments."""
    return [text.upper() for text in _texts(statement)]


def first(statement: Statement) -> str:
    """Its first word."""
    return _texts(statement)[0]


def setting(statement: Statement) -> tuple[str, str]:
    """The key and the value of a SET; a ScenarioError where it has not just these."""
    texts = _texts(statement)
    if len(texts) != len(("SET", "key", "=", "value")) or texts[2] != "=":
        raise ScenarioError(f"{statement.place}: a SET is SET 'key' = 'value'")
    return texts[1], texts[3]


def created(statement: Statement) -> Created | None:
    """What a CREATE FUNCTION says where the function is one of Python's, else None."""
    if statement.kind != FUNCTION:
        return None
    tokens = [*_tokens(statement.text)][:-1]
    words = [token.text.upper() for token in tokens]
    if words[-2:] != ["LANGUAGE", "PYTHON"]:
        return None
    begin, end = words.index("FUNCTION") + 1, words.index("AS")
    begin += len(("IF", "NOT", "EXISTS")) if words[begin : begin + 2] == ["IF", "NOT"] else 0
    name = statement.text[tokens[begin].start : tokens[end - 1].end + 1]
    return Created(name, tokens[end + 1].text, "SYSTEM" in words[:begin])


def unpaired(statement: Statement) -> str | None:
    """The place of a parenthesis that has no other, if there is one."""
    whole = "\n" * (statement.line - 1) + " " * (statement.column - 1) + statement.text
    opened: list[int] = []
    for token in filter(None, _tokens(whole)):
        if token.token_type.name == "L_PAREN":
            opened.append(token.start)
        elif token.token_type.name == "R_PAREN" and not opened:
            return _told(whole, token.start)
        elif token.token_type.name == "R_PAREN":
            opened.pop()
    return _told(whole, opened[-1]) if opened else None


def told(error: str, asked: Sequence[Statement]) -> str:
    """An error of Flink's that names a place in the SQL, with the statement that is there."""
    place = re.search(r"line (\d+), column (\d+)", error)
    if not place:
        return error
    there = (int(place[1]), int(place[2]))
    begun = [each.line for each in asked if (each.line, each.column) <= there]
    return f"query.sql, in the statement of line {max(begun)}: {error}" if begun else error


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
    flink = tokenizer()
    from sqlglot.errors import TokenError  # noqa: PLC0415

    try:
        yield from flink.tokenize(sql)
    except TokenError as error:
        place = _told(sql, _begin(sql, str(error.__cause__)))
        raise ScenarioError(f"{place}: a string, a name or a comment has no end") from None
    yield None


def _texts(statement: Statement) -> list[str]:
    return [token.text for token in tokens(statement.text)]


def _begin(sql: str, error: str) -> int:
    """Where what has no end begins; of a comment the tokenizer does not say so."""
    found = _NO_END.match(error)
    return int(found[1]) if found else sql.find("/*", sql.rfind("*/") + 1)


def _told(sql: str, at: int) -> str:
    line, column = _place(sql, at)
    return f"query.sql, line {line}, column {column}"


def _place(sql: str, at: int) -> tuple[int, int]:
    return sql.count("\n", 0, at) + 1, at - sql.rfind("\n", 0, at)


def tokenizer() -> Any:
    """As Flink reads: names in backticks, no escapes in strings, and no statement is special.

    sqlglot is imported when this is first asked for: it takes a while, and most commands need no
    SQL. It is so by one thread alone: its modules import each other, and of two that begin at
    once each gets half of them.
    """
    with _ALONE:
        import_module("sqlglot")
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
    first = " ".join(words[:_LONGEST_KIND])
    kind = next((kind for kind, begins in _KINDS if begins.match(first)), "")
    return Statement(text, *_place(sql, sql.index(text, begin)), kind)
