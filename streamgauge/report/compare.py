"""What a comparison of two cells came to: a sentence, and the table under it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, NamedTuple

from rich.markup import escape

from streamgauge.report.terminal import stdout
from streamgauge.report.verdict_table import plain_table

# What is timed of a round, as it is told.
PARTS = {
    "build": "building",
    "submit": "planning and submitting",
    "start": "starting tasks",
    "job": "job time",
    "cpu": "CPU of Flink and Python",
}


class Interval(NamedTuple):
    """How many times as long the second takes as the first, with its interval.

    `found` is `slower`, `faster` or nothing, of the second; `smallest` the smallest
    difference, as a share, that would have been found.
    """

    value: float
    low: float
    high: float
    pairs: int
    found: str
    smallest: float

    def __str__(self) -> str:
        return f"{_short(self.value)} [{_short(self.low)}, {_short(self.high)}]"


class Round(NamedTuple):
    """One timed run of one of the two, 0 or 1: seconds by part. A warm-up counts for nothing.

    `loaded` says why the machine was too busy with something else for it to count.
    """

    side: int
    warm: bool
    seconds: Mapping[str, float]
    loaded: str = ""


@dataclass
class Compared:
    """All that is told of a comparison; `cells` and `labels` are the first's and the second's.

    `alike`: they are run the same way, and only asked in another. `plan`: how the second's plan
    differs, a line each; None before it is known. `refusal` says why there is no number. `ratios`
    are by part. `ended` says why it did not go on. `pace` is how many seconds a round took, with
    all that is not timed. `settings` are what each was told.
    `planted` is for how many seconds an event the second was slowed down.
    """

    scenario: str
    version: int
    labels: tuple[str, str]
    cells: tuple[str, str]
    alike: bool = False
    events: int = 0
    plan: list[str] | None = None
    refusal: str = ""
    cut_short: bool = False
    ended: str = ""
    rounds: list[Round] = field(default_factory=list)
    ratios: dict[str, Interval] = field(default_factory=dict)
    itself: Interval | None = None
    pace: float = 0
    settings: list[Mapping[str, str]] = field(default_factory=list)
    planted: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether it came to a number."""
        return bool(self.ratios) and not self.refusal

    @property
    def same_plan(self) -> bool:
        """Whether both are known to be the same to the planner."""
        return self.plan == []

    def seconds(self, side: int, part: str) -> list[float]:
        """Of the rounds of one of the two that count."""
        return [r.seconds[part] for r in self.counted if r.side == side and not r.loaded]

    @property
    def counted(self) -> list[Round]:
        """The rounds after those that warm up."""
        return [each for each in self.rounds if not each.warm]

    def times(self, part: str) -> list[float]:
        """Of all that count in their order; not a number where the machine was too busy."""
        return [math.nan if each.loaded else each.seconds[part] for each in self.counted]

    @property
    def sentence(self) -> str:
        """What it comes to, in one."""
        return sentence_of(self)

    def data(self) -> dict[str, Any]:
        """As JSON."""
        ratios = {part: each._asdict() for part, each in self.ratios.items()}
        rounds = [each._asdict() for each in self.rounds]
        itself = self.itself and self.itself._asdict()
        more = {"rounds": rounds, "ratios": ratios, "itself": itself, "sentence": self.sentence}
        return {**asdict(self), **more}


def sentence_of(compared: Compared) -> str:
    """Such as `word_count: table and sql compile to the same plan; building it takes 1.4x ...`."""
    if compared.refusal:
        return f"{compared.scenario}: no number: {compared.refusal}"
    parts = [f"{_both(compared)} {_plans(compared)}"]
    ratios = compared.ratios
    if not ratios:
        parts.append("no number: there were too few rounds that count")
    else:
        parts.append(f"building it takes {_times(ratios['build'])}")
        parts.append(f"job time {ratios['job']}: {_concluded(compared, ratios['job'])}")
        if ratios["cpu"].found:
            parts.append(f"it takes {_times(ratios['cpu'])} the CPU time")
        if compared.planted is not None:
            parts.append(_planted(compared, compared.planted))
    parts += ["cut short"] if compared.cut_short else []
    return f"{compared.scenario}: {'; '.join(parts)}"


def _both(compared: Compared) -> str:
    first, second = compared.labels
    return f"{second} and {first}"


def _plans(compared: Compared) -> str:
    if compared.plan is None:
        return "were not planned"
    return "compile to the same plan" if compared.same_plan else "have different plans"


def _times(ratio: Interval) -> str:
    return f"{_short(ratio.value)}x [{_short(ratio.low)}, {_short(ratio.high)}]"


def _concluded(compared: Compared, ratio: Interval) -> str:
    """With the same plan, run the same way, no winner is named."""
    if not ratio.found:
        return f"no difference found, one of {_percent(ratio.smallest)} would have been"
    if compared.same_plan and compared.alike:
        return "the plan is the same, so that is no property of either"
    return f"{compared.labels[1]} is {ratio.found}"


def _planted(compared: Compared, seconds: float) -> str:
    """Against what the first took."""
    share = seconds * compared.events / median(compared.seconds(0, "job"))
    return f"{1e6 * seconds:.1f} microseconds an event were planted, {_percent(share)} of the job"


def _short(value: float) -> str:
    """Three digits, two behind the point at most."""
    return f"{value:.2f}" if value < 10 else f"{value:.3g}"  # noqa: PLR2004 - as it says


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def tell(compared: Compared) -> None:
    """The sentence, and below it a row a part, and how the plans differ."""
    console = stdout()
    console.print(sentence_of(compared), soft_wrap=True, markup=False)
    rows = [] if compared.refusal else _rows(compared)
    if rows:
        first, second = map(escape, compared.labels)
        table = plain_table("median seconds", first, second, f"{second} / {first}", "smallest")
        for row in rows:
            table.add_row(*row)
        console.print("", table, sep="\n")
        console.print(f"\n{_how(compared)}", soft_wrap=True, markup=False)
    for line in compared.plan or ():
        console.print(line, soft_wrap=True, markup=False)


def _rows(compared: Compared) -> list[Sequence[str]]:
    found: list[Sequence[str]] = []
    for part, told in PARTS.items():
        times = [compared.seconds(side, part) for side in (0, 1)]
        if all(times):
            ratio = compared.ratios.get(part)
            shown = [f"{median(each):.3f}" for each in times]
            told_of = (str(ratio), _percent(ratio.smallest)) if ratio else ("", "")
            found.append((told, *shown, *map(escape, told_of)))
    return found


def _how(compared: Compared) -> str:
    """What the figures are of."""
    counted, busy = compared.counted, sum(bool(each.loaded) for each in compared.counted)
    left = f", {busy} left out since others took the machine" if busy else ""
    itself = f"; the same against itself: {compared.itself}" if compared.itself else ""
    rounds = f"{len(counted)} rounds in turn{left}"
    return f"{compared.events} events a source, {rounds}, {compared.ended}{itself}"
