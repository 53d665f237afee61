"""What changed between two runs, made from their records alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streamgauge.records import Record

# What each run has of its own: it is another each time, and decides nothing.
_OWN = frozenset(
    {
        "execution.savepoint.path",
        "execution.state-recovery.path",
        "pipeline.name",
        "python.client.executable",
        "python.executable",
        "python.files",
        "rest.address",
        "rest.port",
    }
)
_NOTHING = "nothing"
_SECONDS = "seconds, where they differ by more than a factor of {:g}:"
Conditions = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Pair:
    """A cell that both runs have."""

    cell: str
    a: Record
    b: Record

    @property
    def verdict_changed(self) -> bool:
        """Whether it is another one."""
        return self.a.verdict != self.b.verdict

    @property
    def reason_changed(self) -> bool:
        """Whether the same verdict has another reason."""
        return not self.verdict_changed and _reason(self.a) != _reason(self.b)

    @property
    def conditions(self) -> Conditions:
        """Inputs, settings and versions that were not the same: for each what it was in A and B."""
        a, b = _conditions(self.a), _conditions(self.b)
        told = {name: (a[name], b[name]) for name in a if name in b}
        told.update(_settings(self.a.settings, self.b.settings))
        return {name: values for name, values in told.items() if values[0] != values[1]}

    def slower(self, factor: float) -> bool:
        """Whether the one took more than `factor` times the seconds of the other."""
        short, long = sorted((self.a.total_seconds, self.b.total_seconds))
        return short > 0 and long > factor * short


@dataclass(frozen=True)
class Changes:
    """The cells of two runs: those that both have, and those of one alone."""

    pairs: Sequence[Pair]
    only_a: Sequence[str]
    only_b: Sequence[str]

    @property
    def verdicts(self) -> list[Pair]:
        """Those with another verdict."""
        return [pair for pair in self.pairs if pair.verdict_changed]

    @property
    def reasons(self) -> list[Pair]:
        """Those with the same verdict for another reason."""
        return [pair for pair in self.pairs if pair.reason_changed]


def changes(a: Sequence[Record], b: Sequence[Record]) -> Changes:
    """What changed from the records of run A to those of run B.

    Where each run is of one Flink line alone, and of another, these are compared; lifecycles too.
    """
    varying = [name for name in ("line", "lifecycle") if not _one_each(name, a, b)]
    of_a, of_b = _by_cell(a, varying), _by_cell(b, varying)
    pairs = [Pair(cell, record, of_b[cell]) for cell, record in of_a.items() if cell in of_b]
    only_a = [cell for cell in of_a if cell not in of_b]
    return Changes(pairs, only_a, [cell for cell in of_b if cell not in of_a])


def _one_each(name: str, a: Sequence[Record], b: Sequence[Record]) -> bool:
    """Whether each of the runs has a single value of it, and another than the other."""
    of_a, of_b = ({getattr(record, name) for record in records} for records in (a, b))
    return len(of_a) == len(of_b) == 1 and of_a != of_b


def _by_cell(records: Sequence[Record], varying: Sequence[str]) -> dict[str, Record]:
    """By the cell's name; one that ran again has a number."""
    seen: Counter[str] = Counter()
    found = {}
    for record in records:
        name = _name(record, varying)
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} ({seen[name]})"] = record
    return found


def _name(record: Record, varying: Sequence[str]) -> str:
    axes = (record.scenario, record.dialect, record.udf, record.mode, record.binding)
    others = [getattr(record, name) for name in varying]
    return "-".join(part for part in (*axes, *others) if part not in ("", "once"))


def _reason(record: Record) -> str:
    """Without the run's id, which is in the names of its folder, topics and databases."""
    if not record.run:
        return record.reason
    return re.sub(record.run.replace("-", "[-_]") + r"(_\d+)?", "RUN", record.reason)


def _conditions(record: Record) -> dict[str, str]:
    """What is known of how a cell ran, beside its settings."""
    told = {
        "Flink": record.flink,
        "lifecycle": record.lifecycle,
        "version of the scenario": record.version,
        "inputs": _inputs(record.inputs),
        "parallelism": record.parallelism,
        "delivery": record.delivery,
        "provider": record.provider,
        "cluster": record.cluster,
        "Python": record.python,
        "Java": record.java,
        "zone": record.zone,
        "machine": ", ".join(f"{name} {value}" for name, value in record.environment.items()),
    }
    return {name: str(value) for name, value in told.items() if value}


def _inputs(inputs: Mapping[str, Any]) -> str:
    """Such as `generated, seed 7 (clicks 1000)`; nothing where a cell did not come to have any."""
    if not inputs:
        return ""
    seed = "" if inputs.get("seed") is None else f", seed {inputs['seed']}"
    rows = ", ".join(f"{source} {count}" for source, count in inputs.get("rows", {}).items())
    return f"{inputs.get('kind')}{seed} ({rows})"


def _settings(a: Mapping[str, str], b: Mapping[str, str]) -> Conditions:
    """Those that decide something; a cell that did not come to run has none, which says nothing."""
    names = sorted({*a, *b} - _OWN) if a and b else ()
    return {name: (a.get(name, _NOTHING), b.get(name, _NOTHING)) for name in names}


def as_data(found: Changes, factor: float) -> dict[str, Any]:
    """For JSON; `seconds` has the pairs that differ by more than the factor."""
    return {
        "both": len(found.pairs),
        "verdicts": [_pair(pair) for pair in found.verdicts],
        "reasons": [_pair(pair) for pair in found.reasons],
        "only_a": list(found.only_a),
        "only_b": list(found.only_b),
        "conditions": {pair.cell: pair.conditions for pair in found.pairs if pair.conditions},
        "factor": factor,
        "seconds": [_pair(pair) for pair in found.pairs if pair.slower(factor)],
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {"cell": pair.cell, "a": _side(pair.a), "b": _side(pair.b)}


def _side(record: Record) -> dict[str, Any]:
    seconds = round(record.total_seconds, 3)
    return {"verdict": record.verdict, "reason": record.reason, "seconds": seconds}


def told(found: Changes, factor: float) -> list[str]:
    """The same in lines: a part for each kind of change that there is, and what they come to."""
    parts = {
        "not the same in both runs:": _told_conditions(found.pairs),
        "another verdict:": _told_pairs(found.verdicts),
        "another reason:": _told_pairs(found.reasons),
        "only in A:": [f"  {cell}" for cell in found.only_a],
        "only in B:": [f"  {cell}" for cell in found.only_b],
        _SECONDS.format(factor): _told_seconds(found.pairs, factor),
    }
    lines = [line for title, part in parts.items() if part for line in (title, *part, "")]
    return [*lines, _conclusion(found)]


def _told_conditions(pairs: Sequence[Pair]) -> list[str]:
    """Each once, with the cells that it is of."""
    cells: dict[str, list[str]] = {}
    for pair in pairs:
        for name, (a, b) in pair.conditions.items():
            cells.setdefault(f"  {name}: {a} in A, {b} in B", []).append(pair.cell)
    lines = []
    for line, of in cells.items():
        every = len(of) == len(pairs)
        lines += [f"{line} (all cells)"] if every else [line, *(f"    {cell}" for cell in of)]
    return lines


def _told_pairs(pairs: Sequence[Pair]) -> list[str]:
    return [line for pair in pairs for line in _told_pair(pair)]


def _told_pair(pair: Pair) -> Iterator[str]:
    yield f"  {pair.cell}"
    for run, record in (("A", pair.a), ("B", pair.b)):
        reason = f": {record.reason}" if record.reason else ""
        yield f"    {run}: {record.verdict}{reason}".replace("\n", "\n      ")
    if pair.conditions:
        yield f"    not of the same {', '.join(pair.conditions)}"


def _told_seconds(pairs: Sequence[Pair], factor: float) -> list[str]:
    slower = [pair for pair in pairs if pair.slower(factor)]
    width = max((len(pair.cell) for pair in slower), default=0)
    return [
        f"  {pair.cell:{width}}  {pair.a.total_seconds:8.2f} -> {pair.b.total_seconds:8.2f}"
        for pair in slower
    ]


def _conclusion(found: Changes) -> str:
    if not found.pairs:
        return "no cell is in both"
    count = len(found.pairs)
    both = f"{count} cell{' is' if count == 1 else 's are'} in both"
    if not any((found.verdicts, found.reasons, found.only_a, found.only_b)):
        return f"nothing changed: {both}, verdicts and reasons alike"
    verdicts, reasons = len(found.verdicts), len(found.reasons)
    return f"{both}: {verdicts} with another verdict, {reasons} with another reason"
