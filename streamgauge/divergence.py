"""Differences that are known: which cells do not answer as the oracle does, why, and until when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol

from streamgauge import versions
from streamgauge.errors import ScenarioError, UsageError, choose

# What each has to say of itself.
_NEEDED = {
    "absent": "reason",
    "refused": "cause",
    "unknown": "cause",
    "fail": "cause",
    "another": "answers",
}


class Judged(NamedTuple):
    """A verdict with its reason; `issue` is that of the divergence that was met, if one was."""

    verdict: Literal["pass", "fail", "unknown", "absent"]
    reason: str
    issue: str = ""


class Told(Protocol):
    """A record, as far as a divergence has to know it."""

    dialect: str
    udf: str
    mode: str
    binding: str
    line: str
    lifecycle: str
    path: list[str]
    way: str
    verdict: Literal["pass", "fail", "unknown", "absent"]
    reason: str
    marks: list[dict[str, Any]]


@dataclass(frozen=True)
class Divergence:
    """What some of a scenario's cells are told instead of `pass`, for a reason that is known.

    `expects` says what they come to: `absent`, for this `reason`; `refused`, when the job is
    planned or submitted; `unknown`, broken at any time; `fail`; or `another`: the rows of the
    oracle `answers` are right, and those of the scenario's are not. `cause` is a regular
    expression that the reason of a refused, unknown or fail has in it, `issue` who knows of it.
    After the day `expires` the cells fail, so that somebody looks again. An axis that is empty
    means all of it. `lines` is a range of Flink lines: `2.1`, `2.0-2.2`, `<=1.20` or `>=2.1`;
    `baselines` is one too, of those that the state comes from which an upgrade carries there.
    """

    expects: Literal["absent", "refused", "unknown", "fail", "another"]
    issue: str
    expires: date
    cause: str = ""
    reason: str = ""
    dialects: tuple[str, ...] = ()
    udfs: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    bindings: tuple[str, ...] = ()
    lines: str = ""
    baselines: str = ""
    lifecycles: tuple[str, ...] = ()
    answers: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        choose("divergence", self.expects, _NEEDED)
        if not self.issue:
            raise ScenarioError("a divergence needs an issue")
        if complaint := self._complaint():
            raise ScenarioError(f"divergence {self.issue}: {complaint}")

    def _complaint(self) -> str:
        needed = _NEEDED[self.expects]
        given = [name for name in ("cause", "reason", "answers") if getattr(self, name)]
        if given != [needed]:
            has = " and ".join(given) or "nothing"
            return f"{self.expects} needs {needed} alone, and has {has}"
        if self.expects == "absent" and self.lifecycles:
            return "what is absent is so in each lifecycle"
        try:
            re.compile(self.cause)
            versions.within(self.lines)
            versions.within(self.baselines)
        except (re.error, UsageError) as error:
            return str(error)
        return ""

    def __str__(self) -> str:
        lines = (f"Flink {self.lines}",) if self.lines else ()
        origins = (f"from Flink {self.baselines}",) if self.baselines else ()
        axes = (
            self.dialects,
            self.udfs,
            self.modes,
            self.bindings,
            self.lifecycles,
            origins,
            lines,
        )
        where = " and ".join(" or ".join(words) for words in axes if words)
        told = f"{self.expects} in {where}" if where else self.expects
        return f"{told}, as is known until {self.expires}: {self.issue}"

    def takes(self, record: Told) -> bool:
        """Whether it is about the record's cell and lifecycle."""
        axes = record.dialect, record.udf, record.mode, record.binding, record.line
        here = self.takes_cell(*axes)
        origins = {versions.base(name) for name in record.path[-2:-1]}
        if self.baselines and not origins & set(versions.within(self.baselines)):
            return False
        return here and (not self.lifecycles or record.lifecycle in self.lifecycles)

    def takes_cell(self, dialect: str, udf: str, mode: str, binding: str, line: str) -> bool:
        """Whether it is about the cell at these axes; `udf` is empty where none are called."""
        values = dialect, udf, mode, binding
        named = self.dialects, self.udfs, self.modes, self.bindings
        here = not self.lines or versions.base(line) in versions.within(self.lines)
        return here and all(not names or value in names for value, names in zip(values, named))

    def is_met(self, record: Told) -> bool:
        """Whether a record that it is about is told what it expects."""
        if self.expects == "another":
            return record.verdict == "pass"
        if self.expects == "refused" and not _is_at_submit(record):
            return False
        verdict = "unknown" if self.expects == "refused" else self.expects
        return record.verdict == verdict and bool(re.search(self.cause, record.reason))


def _is_at_submit(record: Told) -> bool:
    """Whether it came as far as to plan and submit its job, and no further."""
    return any(mark["mark"] in ("submit", "build", "built") for mark in record.marks[-1:])


def judged(record: Told, divergences: Iterable[Divergence], today: date) -> Judged:
    """What a record comes to: a difference as it is known is no failure, and proves nothing.

    It is strict: one that has expired or is not needed any more is a failure. But what a way
    makes of a difference is what the way is tried for.
    """
    known = [each for each in divergences if each.takes(record)]
    if record.way:
        known = [each for each in known if each.expects == "another"]
    plain = Judged(record.verdict, record.reason)
    if not known or record.verdict == "absent":
        return plain
    for each in known:
        if each.expires < today:
            return Judged("fail", f"divergence expired on {each.expires}: {each.issue}")
    met = next((each for each in known if each.is_met(record)), None)
    return _unmet(plain, known[0]) if met is None else _met(plain, met)


def absence(
    divergences: Iterable[Divergence], axes: tuple[str, str, str, str, str], today: date
) -> str | None:
    """Why the cell at dialect, udf, mode, binding and line is absent, if one that holds says so."""
    for each in divergences:
        if each.expects == "absent" and today <= each.expires and each.takes_cell(*axes):
            return f"{each.reason}, as is known until {each.expires}: {each.issue}"
    return None


def _met(plain: Judged, known: Divergence) -> Judged:
    if plain.verdict == "pass":
        return plain._replace(issue=known.issue)
    reason = f"{plain.verdict} as is known until {known.expires}: {known.issue}: {plain.reason}"
    return Judged("absent", reason, known.issue)


def _unmet(plain: Judged, known: Divergence) -> Judged:
    if plain.verdict == "pass":
        return Judged("fail", f"divergence not needed any more: {known.issue}")
    return plain._replace(reason=f"{plain.reason} (not as is known: {known.issue})")
