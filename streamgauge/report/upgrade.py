"""The matrix of an upgrade: cells against the steps of a path, on the terminal and as JUnit XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.markup import escape

from streamgauge.records import Record
from streamgauge.report.outcomes import Fate, Step
from streamgauge.report.terminal import stdout
from streamgauge.report.verdict_table import plain_table

_COLORS = {
    "restored": "green",
    "refused": "bold yellow",
    "wrong": "bold red",
    "broken": "bold red",
    "unknown": "bold yellow",
    "untried": "dim",
}
_SPARED = "Flink by its own default refuses the job"


def matrix(fates: Sequence[Fate], path: Sequence[str], absent: Sequence[Record]) -> None:
    """A row a cell, a column a step; below it what is to be said of those that are not right."""
    console = stdout()
    console.print(f"Flink {' -> '.join(path)}, from a savepoint in mid-stream\n")
    table = plain_table("cell", *path[1:], "replayed on", "time")
    for fate in fates:
        words = [f"[{_COLORS[step.word]}]{step.word}[/]" for step in fate.steps]
        ratio = "" if fate.ratio is None else f"x{fate.ratio:.2f}"
        table.add_row(escape(fate.cell), *words, " ".join(fate.replays) or "-", ratio)
    console.print(table)
    _explain(console, fates)
    console.print(f"\n{summary(fates, absent)}")


def _explain(console: Console, fates: Sequence[Fate]) -> None:
    """What is said of several cells alike is said once."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for fate in fates:
        if fate.spared or fate.word not in ("restored", "untried"):
            alike.setdefault(tuple(_said(fate)), []).append(fate.cell)
    for (head, *said), cells in alike.items():
        console.print("", *cells, sep="\n", markup=False)
        console.print(f"{head}:", markup=False)
        for text in said:
            console.print(indent(text, "  "), soft_wrap=True, markup=False)


def _said(fate: Fate) -> list[str]:
    said = [f"{fate.word}, {fate.blame}" if fate.blame else fate.word]
    said += [f"on {step.line}: {step.reason}" for step in fate.steps if step.reason]
    said += [f"as is known: {fate.declared}"] if fate.declared else []
    said += [f"on {line} {_SPARED}: {reason}" for line, reason in fate.spared]
    if fate.word == "restored":
        return said
    said += [f"in its plan: {change}" for change in fate.plan]
    return said + [f"{way}: {_came(step)}" for way, step in fate.ways]


def _came(step: Step) -> str:
    """A way's reason in a line: the whole of it is in the record."""
    reason = step.reason.partition("\n")[0]
    return f"{step.word}: {reason}" if reason else step.word


def summary(fates: Sequence[Fate], absent: Sequence[Record]) -> str:
    """How many cells have come to what."""
    counts = Counter[str](fate.word for fate in fates)
    parts = [f"{counts[word]} {word}" for word in _COLORS if counts[word] or word == "restored"]
    helped = sum(bool(fate.help) for fate in fates)
    parts += [f"{helped} of them restored in another way"] if helped else []
    parts += [f"{len(absent)} absent"] if absent else []
    return f"{len(fates) + len(absent)} cells: {', '.join(parts)}"


def junit(fates: Sequence[Fate], path: Sequence[str], absent: Sequence[Record], file: Path) -> None:
    """JUnit's XML: a test case a cell; a failure is what makes the command fail."""
    suite = ET.Element("testsuite", name=f"upgrade {' -> '.join(path)}")
    for fate in fates:
        case = ET.SubElement(suite, "testcase", classname=fate.axes[0], name=fate.cell)
        if fate.failed:
            ET.SubElement(case, "failure", message=f"{fate.word}: {fate.reason}")
        elif fate.word != "restored":
            ET.SubElement(case, "skipped", message=f"{fate.word}: {fate.reason}")
    for record in absent:
        case = ET.SubElement(suite, "testcase", classname=record.scenario, name=record.cell)
        ET.SubElement(case, "skipped", message=record.reason)
    ET.ElementTree(suite).write(file, encoding="utf-8", xml_declaration=True)
