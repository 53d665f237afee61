"""Differences that are known: which cells do not answer as the oracle does, why, and until when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from streamgauge.errors import ScenarioError, choose

_EXPECTED = ("fail", "unknown", "either")
_OPERATORS = tuple("<>=!~")


class Judged(NamedTuple):
    """A verdict with its reason; `issue` is that of the divergence that was met, if one was."""

    verdict: Literal["pass", "fail", "unknown", "absent"]
    reason: str
    issue: str = ""


class Told(Protocol):
    """A record, as far as a divergence has to know it."""

    dialect: str
    mode: str
    binding: str
    line: str
    lifecycle: str
    verdict: Literal["pass", "fail", "unknown", "absent"]
    reason: str


@dataclass(frozen=True)
class Divergence:
    """What some of a scenario's cells are told instead of `pass`, for a reason that is known.

    `expects` is `fail`, `unknown` (refused or broken), or `either`: the rows of the oracle
    `answers` are as right as those of the scenario's. `cause` is a regular expression that the
    reason of a fail or unknown has in it, `issue` who knows of it. After the day `expires` the
    cells fail, so that somebody looks again. An axis that is empty means all of it. `lines` has
    names of Flink lines, or ranges such as `>=2.3`.
    """

    expects: Literal["fail", "unknown", "either"]
    issue: str
    expires: date
    cause: str = ""
    dialects: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    bindings: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    lifecycles: tuple[str, ...] = ()
    answers: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        choose("divergence", self.expects, _EXPECTED)
        if not self.issue:
            raise ScenarioError("a divergence needs an issue")
        if (self.expects == "either") != (self.answers is not None):
            raise ScenarioError(f"divergence {self.issue}: answers go with either alone")
        if (self.expects == "either") == bool(self.cause):
            raise ScenarioError(f"divergence {self.issue}: a cause goes with fail and unknown")
        self._check_texts()

    def _check_texts(self) -> None:
        try:
            re.compile(self.cause)
            for line in self.lines:
                _range(line)
        except (re.error, InvalidSpecifier) as error:
            raise ScenarioError(f"divergence {self.issue}: {error}") from None

    def takes(self, record: Told) -> bool:
        """Whether it is about the record's cell and lifecycle."""
        axes = (
            (record.dialect, self.dialects),
            (record.mode, self.modes),
            (record.binding, self.bindings),
            (record.lifecycle, self.lifecycles),
        )
        here = not self.lines or any(_is_in(record.line, line) for line in self.lines)
        return here and all(not named or value in named for value, named in axes)

    def is_met(self, record: Told) -> bool:
        """Whether a record that it is about is told what it expects."""
        if self.expects == "either":
            return record.verdict == "pass"
        return record.verdict == self.expects and bool(re.search(self.cause, record.reason))


def _range(line: str) -> SpecifierSet | None:
    return SpecifierSet(line) if line.startswith(_OPERATORS) else None


def _is_in(name: str, line: str) -> bool:
    versions = _range(line)
    return name == line if versions is None else name in versions


def judged(record: Told, divergences: Iterable[Divergence], today: date) -> Judged:
    """What a record comes to: a difference as it is known is no failure, and proves nothing.

    It is strict: one that has expired or is not needed any more is a failure.
    """
    known = [each for each in divergences if each.takes(record)]
    plain = Judged(record.verdict, record.reason)
    if not known or record.verdict == "absent":
        return plain
    for each in known:
        if each.expires < today:
            return Judged("fail", f"divergence expired on {each.expires}: {each.issue}")
    met = next((each for each in known if each.is_met(record)), None)
    return _unmet(plain, known[0]) if met is None else _met(plain, met)


def _met(plain: Judged, known: Divergence) -> Judged:
    if plain.verdict == "pass":
        return plain._replace(issue=known.issue)
    reason = f"{plain.verdict} as is known until {known.expires}: {known.issue}: {plain.reason}"
    return Judged("absent", reason, known.issue)


def _unmet(plain: Judged, known: Divergence) -> Judged:
    if plain.verdict == "pass":
        return Judged("fail", f"divergence not needed any more: {known.issue}")
    told = "" if known.expects == "either" else f" (not as is known: {known.issue})"
    return plain._replace(reason=f"{plain.reason}{told}")
