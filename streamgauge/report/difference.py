"""What is wrong in a cell as lines of text, in which signs say what a colour can but stress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from streamgauge.records import Record

_SIGNS = "- is missing, + came and is not expected, ! is not valid"
_LONGEST = 200
_BEFORE = 20


def text(record: Record, differences: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines of a file of its own: what it is about, and each difference in full."""
    yield f"{record.cell}, run {record.run}"
    yield f"{record.verdict}: {record.brief}"
    yield _SIGNS
    for difference in differences:
        yield ""
        yield from lines(difference)


def short(record: Record) -> Iterator[str]:
    """The first of what differs, for a screen: very long values are cut."""
    if record.differences:
        yield _SIGNS
    for difference in record.differences:
        yield ""
        yield from lines(difference, _LONGEST)


def place(record: Record) -> str:
    """Where the whole difference is, or why it is nowhere; empty where nothing differs."""
    return record.lost or (f"in full: {here(Path(record.whole))}" if record.whole else "")


def printed(record: Record) -> str:
    """Where what a program of the user's own printed is; empty where it printed nothing."""
    return f"{record.cell} printed: {here(Path(record.printed))}" if record.printed else ""


def clock_notes(records: Iterable[Record]) -> Iterator[str]:
    """Of each question that asks the clock, once, what that means for its verdicts."""
    asking = {(r.scenario, r.dialect): r.clock for r in records if r.clock}
    for (scenario, dialect), places in asking.items():
        yield (
            f"clock note: {scenario}-{dialect} asks the machine's clock ({', '.join(places)}): when"
            " rows come may decide its answer too, so its verdicts are of this run alone"
        )


def here(path: Path) -> Path:
    """The path as seen from the working folder, where it is within."""
    return path.relative_to(Path.cwd()) if Path.cwd() in path.parents else path


def lines(difference: Mapping[str, Any], longest: int | None = None) -> Iterator[str]:
    """The sink, then what is wrong in it: rows side by side, changes with what came before.

    The difference is data as a record has it. What two rows have in common is said once.
    Of each value at most `longest` characters, those where two differ.
    """
    yield f"{difference['sink']}, {_paired(difference)}"
    as_text = _Lines(difference["columns"], difference["key"], longest)
    pairs, invalid = difference["pairs"], difference["invalid"]
    yield from _some(map(as_text.pair, pairs["first"]), pairs["count"], "")
    yield from _some(map(as_text.invalid, invalid["first"]), invalid["count"], " invalid")


def _paired(difference: Mapping[str, Any]) -> str:
    """By what rows are paired, and where not all were tried."""
    within = "".join(f", {name} within {t:g}" for name, t in difference["tolerance"].items())
    if difference["key"]:
        return f"rows of the same {', '.join(difference['key'])} side by side{within}:"
    tried = f", sought among the first {difference['among']}" if difference["among"] else ""
    return f"the nearest rows side by side{tried}{within}:"


def _some(items: Iterable[Iterable[str]], count: int, kind: str) -> Iterator[str]:
    """Their lines, and how many more there are."""
    shown = 0
    for shown, item in enumerate(items, 1):  # noqa: B007 - how many there were
        yield from item
    if count > shown:
        yield f"  and {count - shown} more{kind}"


class _Lines(NamedTuple):
    """Lines about rows of these columns."""

    columns: Sequence[str]
    key: Sequence[str]
    longest: int | None

    def pair(self, pair: Mapping[str, Any]) -> Iterator[str]:
        """What two rows have in common, the key first, then what differs; or the only row."""
        missing, extra, differ = pair["missing"], pair["extra"], pair["differ"]
        if missing is None or extra is None:
            yield f"  {'+' if missing is None else '-'} {self._row(missing or extra)}"
            return
        wanted, came = dict(zip(self.columns, missing)), dict(zip(self.columns, extra))
        names = dict.fromkeys([*self.key, *self.columns])
        same = (self._cell(name, wanted[name]) for name in names if name not in differ)
        yield f"  {', '.join(same)}"
        for name in differ:
            start = max(_parting(wanted[name], came[name]) - _BEFORE, 0)
            yield f"    - {self._cell(name, wanted[name], start)}"
            yield f"    + {self._cell(name, came[name], start)}"

    def invalid(self, change: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with a change, then what came before."""
        yield f"  ! {change['complaint']}: {self._change(change)}"
        past = change["past"]
        left = past["count"] - len(past["last"])
        if left:
            yield f"    after {left} more"
        for each in past["last"]:
            yield f"    after {self._change(each)}"

    def _change(self, change: Mapping[str, Any]) -> str:
        return f"change {change['index']}, {change['op']} {self._row(change['row'])}"

    def _row(self, values: Sequence[str]) -> str:
        return ", ".join(map(self._cell, self.columns, values))

    def _cell(self, name: str, value: str, start: int = 0) -> str:
        if self.longest is None or len(value) <= self.longest:
            return f"{name} = {value}"
        shown = value[start : start + self.longest]
        return f"{name} = {'...' if start else ''}{shown}... ({len(value)} characters)"


def _parting(one: str, other: str) -> int:
    """Where two texts begin to differ."""
    return next((at for at, (a, b) in enumerate(zip(one, other)) if a != b), 0)
