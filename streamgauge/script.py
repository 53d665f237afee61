"""A user's own program, which a scenario has as the dialect `job`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from reprlib import repr as _short
from typing import Any

from streamgauge.errors import ScenarioError, UsageError, nearest
from streamgauge.sql import Statement, statements, words
from streamgauge.values.names import check_unlike

# Such as {topic:orders}: what a table's connector is told; {kafka}: where its topics are.
_PLACEHOLDER = re.compile(r"\{(kafka|[\w.-]+:\w+)\}")
_SERVERS = "properties.bootstrap.servers"

_SHIPPED = "pyflink:"
# EXECUTE STATEMENT SET BEGIN INSERT ...; END, or BEGIN STATEMENT SET; INSERT ...; END.
_OPEN = "EXECUTE STATEMENT SET BEGIN"
_ALONE = ["BEGIN", "STATEMENT", "SET"]


@dataclass(frozen=True)
class Script:
    """A program as it is: in Python, with its own environment and main, or the SQL client's.

    `file`, a .py or .sql, lies in the scenario's folder, or is one of the examples that each
    line's PyFlink comes with, such as `pyflink:table/word_count.py`. A .py is run as `__main__`
    with `arguments` and `environment`, in which `{OPTION:TABLE}` such as `{topic:orders}` or
    `{path:orders}` stands for an option of a source's or a sink's connector in this run, and
    `{kafka}` for the address of its topics. A table that no such placeholder names is one that the
    program makes: it keeps its columns and gets the run's options; or a topic or a path that it
    builds a source or a sink of Kafka or of files with, or the table that a JdbcSink of its
    inserts into. `tables` says which, by the names that the program has for them, where those are
    not the scenario's. `printed` names the sinks that get what it prints by `DataStream.print()`,
    or by `print()` or `collect()` of a query's result, in the order in which it does so.
    """

    file: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    printed: Sequence[str] = ()

    def __post_init__(self) -> None:
        self._check_texts()
        if not self.file.endswith((".py", ".sql")):
            raise ScenarioError(f"job {self.file}: no program, which is a file NAME.py or NAME.sql")
        if self.file.endswith(".sql") and (self.arguments or self.environment):
            raise ScenarioError(f"job {self.file}: SQL takes no arguments and no environment")

    def _check_texts(self) -> None:
        if not isinstance(self.file, str):
            raise ScenarioError(f"job {self.file}: file={self.file!r} is no text")
        listed = {"arguments": self.arguments, "printed": self.printed}
        for name, texts in listed.items():
            if isinstance(texts, str) or not isinstance(texts, Sequence) or not _are_texts(texts):
                raise ScenarioError(f"job {self.file}: {name}={_short(texts)} is no list of texts")
        by_name = {"environment": self.environment, "tables": self.tables}
        for name, by in by_name.items():
            if not isinstance(by, Mapping) or not _are_texts([*by, *by.values()]):
                raise ScenarioError(
                    f"job {self.file}: {name}={_short(by)} is no dictionary of texts by text"
                )

    def check(self, sources: Sequence[str], sinks: Sequence[str]) -> None:
        """A ScenarioError where it names none of the scenario's tables, or one in two ways."""
        told = self._placed()
        for name in (*self.tables.values(), *told):
            self._check_name("source or sink", name, [*sources, *sinks])
        for name in self.printed:
            self._check_name("sink", name, sinks)
            if name in self.tables.values() or name in told or self.printed.count(name) > 1:
                raise ScenarioError(f"job {self.file}: {name} is printed, and nothing else as well")
        check_unlike("table of the job", [*self.tables])
        for name, times in Counter(self.tables.values()).items():
            if times > 1:
                both = " and ".join(alias for alias, of in self.tables.items() if of == name)
                raise ScenarioError(
                    f"job {self.file}: {name} is {both} in tables: a table has one name"
                )

    def _check_name(self, what: str, name: str, names: Sequence[str]) -> None:
        if name not in names:
            raise ScenarioError(
                f"job {self.file}: no {what} {name!r}{nearest(name, names)};"
                f" valid: {', '.join(names)}"
            )

    @property
    def shipped(self) -> bool:
        """Whether PyFlink comes with it: what it says may differ by line."""
        return self.file.startswith(_SHIPPED)

    def path(self, folder: Path) -> str:
        """Where it is, for what runs in the line's interpreter."""
        return self.file if self.shipped else str(folder / self.file)

    def alias(self, name: str) -> str:
        """What the program calls a table of the scenario's."""
        return next((alias for alias, of in self.tables.items() if of == name), name)

    def told(self, options: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
        """What the worker runs, with the options of all tables by the scenario's names.

        A UsageError where a placeholder has no value.
        """
        known = {f"{key}:{name}": v for name, of in options.items() for key, v in of.items()}
        brokers = [of[_SERVERS] for of in options.values() if _SERVERS in of]
        known |= dict(zip(("kafka",), brokers))
        placed = self._placed()
        return {
            "arguments": [self._filled(text, known) for text in self.arguments],
            "environment": {k: self._filled(v, known) for k, v in self.environment.items()},
            "tables": {
                self.alias(name): dict(of)
                for name, of in options.items()
                if name not in placed and name not in self.printed
            },
        }

    def statements(self, folder: Path) -> list[Statement]:
        """Those of a file of SQL, a set of inserts as one; none of a program in Python."""
        if not self.file.endswith(".sql"):
            return []
        try:
            found = _together(statements(self._text(folder)))
        except ScenarioError as error:
            raise ScenarioError(str(error).replace("query.sql", self.file)) from None
        if not found:
            raise ScenarioError(f"{self.file}: no statement in it")
        return found

    def _text(self, folder: Path) -> str:
        try:
            return (folder / self.file).read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ScenarioError(f"{self.file}: is not UTF-8: {error}") from None

    def _placed(self) -> list[str]:
        """The tables that placeholders name."""
        texts = (*self.arguments, *self.environment.values())
        found = [name for text in texts for name in _PLACEHOLDER.findall(text)]
        return [name.partition(":")[2] for name in found if ":" in name]

    def _filled(self, text: str, known: Mapping[str, str]) -> str:
        for name in _PLACEHOLDER.findall(text):
            if name not in known:
                raise UsageError(
                    f"job {self.file}: no value for {{{name}}}; valid: {', '.join(known)}"
                )
        return _PLACEHOLDER.sub(lambda found: known[found[1]], text)


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _together(parts: Iterable[Statement]) -> list[Statement]:
    """Statements, of which those from the beginning of a set to its end are one.

    Each of its lines is where it was.
    """
    found: list[Statement] = []
    is_open = False
    for part in parts:
        said = words(part)
        if is_open:
            is_open = said != ["END"]
            found[-1] = _longer(found[-1], part.text, part.line, is_open=is_open)
        elif said == _ALONE:
            is_open = True
            found.append(replace(part, text=_OPEN))
        elif said[: len(_ALONE) + 1] == _OPEN.split():
            is_open = True
            found.append(replace(part, text=_ended(part.text)))
        else:
            found.append(part)
    if is_open:
        raise ScenarioError(f"{found[-1].place}: a set of statements has no END")
    return found


def _longer(whole: Statement, text: str, line: int, *, is_open: bool) -> Statement:
    lines = line - whole.line - whole.text.count("\n")
    part = _ended(text) if is_open else text
    return replace(whole, text=f"{whole.text}{chr(10) * lines or ' '}{part}")


def _ended(text: str) -> str:
    """With its `;`, which no comment takes away."""
    is_commented = "--" in text.splitlines()[-1]
    return f"{text}{chr(10) if is_commented else ''};"
