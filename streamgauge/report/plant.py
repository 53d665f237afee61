"""What became of wrong variants of a dialect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from rich.markup import escape
from rich.text import Text

from streamgauge.report.terminal import stdout
from streamgauge.report.verdict_table import plain_table

ENDED, SURVIVED, EQUIVALENT = "ended", "not caught", "equivalent"
# Why something is no error, where no scenario says so.
SAME_PLAN = "Flink's plan is the same"
# What fails while it runs, and what is ended by a limit, is seen too.
CAUGHT = ("caught", "failed", ENDED)
RESULTS = (*CAUGHT, SURVIVED, EQUIVALENT, "invalid")


class Tried(NamedTuple):
    """A variant: what is written otherwise, in which line, and what became of it in which cell.

    `why` is what was seen there, or why it is no error at all; `lifecycle` is what the cell went
    through; `rows` would catch it, a line a source.
    """

    kind: str
    file: str
    line: int
    diff: tuple[str, ...]
    result: str
    why: str = ""
    cell: str = ""
    lifecycle: str = ""
    rows: tuple[str, ...] = ()


def line(one: Tried) -> Text:
    """Such as `caught by restart query.sql:15 border: missing 3`."""
    color = "bold red" if one.result == SURVIVED else "green"
    why = f": {one.why.partition(chr(10))[0]}" if one.why else ""
    by = f" by {one.lifecycle}" if one.result in CAUGHT and one.lifecycle else ""
    return Text.assemble((one.result, color), f"{by} {one.file}:{one.line} {one.kind}{why}")


def share(tried: Sequence[Tried]) -> float:
    """Which part is caught of those that could be, 0 to 1; of none all."""
    caught, could = _caught(tried)
    return caught / could if could else 1.0


def _caught(tried: Sequence[Tried]) -> tuple[int, int]:
    """How many are, and how many could be."""
    caught = sum(each.result in CAUGHT for each in tried)
    return caught, caught + sum(each.result == SURVIVED for each in tried)


def tell(name: str, tried: Sequence[Tried]) -> None:
    """The survivors, each as a diff, and a table by kind."""
    console = stdout()
    tried = sorted(tried, key=lambda each: (each.file, each.line))
    for each in tried:
        if each.result == SURVIVED:
            console.print(f"not caught: {each.file}:{each.line} {each.kind}", style="bold")
            caught_by = [f"  {rows}" for rows in each.rows]
            told = [*each.diff, *(["would be caught by"] if caught_by else []), *caught_by]
            console.print(*map(escape, told), sep="\n", soft_wrap=True)
    table = plain_table(name, "variants", *RESULTS)
    kinds = dict.fromkeys(sorted(each.kind for each in tried))
    for kind in kinds:
        table.add_row(kind, *_counts([each for each in tried if each.kind == kind]))
    table.add_row("all", *_counts(tried), style="bold")
    console.print(table)
    console.print(summary(tried))


def summary(tried: Sequence[Tried]) -> str:
    """Such as `38 of 40 variants that are wrong caught (95%)`; a share is not rounded up."""
    caught, could = _caught(tried)
    percent = 100 * caught // could if could else 100
    by = Counter(each.lifecycle for each in tried if each.result in CAUGHT and each.lifecycle)
    told = ", ".join(f"{number} by {lifecycle}" for lifecycle, number in by.most_common())
    said = f"{caught} of {could} variants that are wrong caught ({percent}%)"
    return f"{said}: {told}" if told else said


def _counts(tried: Sequence[Tried]) -> list[str]:
    found = Counter(each.result for each in tried)
    return [str(len(tried)), *(str(found[result] or "") for result in RESULTS)]
