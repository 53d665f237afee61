"""Results as files that pytest-benchmark reads, and a later run held against one of them."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from statistics import fmean, median, quantiles, stdev
from typing import Any

import psutil

from streamgauge import __version__, paths
from streamgauge.errors import StreamgaugeError
from streamgauge.measure import statistics
from streamgauge.measure.pairs import interval
from streamgauge.measure.side import Side
from streamgauge.measure.trial import Loaded
from streamgauge.records import Record
from streamgauge.report.bench import Measured
from streamgauge.report.compare import Compared, Interval
from streamgauge.report.latency import Latency

# What tells one machine from another.
_MACHINE = ("processor", "cores")


@dataclass(frozen=True)
class Held:
    """A cell's job time against that of a baseline; `beside` says what else is not the same."""

    cell: str
    ratio: Interval
    beside: str

    def fails(self, above: float) -> bool:
        """Whether it takes more than this share longer, and that is not by chance."""
        return self.ratio.found == "slower" and self.ratio.value > 1 + above

    def sentence(self, above: float) -> str:
        """What it comes to, in one."""
        told = f"{self.cell}: job time {self.ratio} of the baseline's"
        if self.fails(above):
            told += f": slower by more than {above:.0%}"
        return f"{told}; {self.beside}" if self.beside else told


def content(told: Compared, sides: Sequence[Side], records: Sequence[Record]) -> dict[str, Any]:
    """What was measured, as pytest-benchmark writes it: a benchmark a cell, its job's seconds."""
    return _file([_compared(told, number, side) for number, side in enumerate(sides)], records)


def of_bench(
    told: Sequence[Measured], sides: Sequence[Side], records: Sequence[Record]
) -> dict[str, Any]:
    """The same of cells that were measured one after the other: those of several rounds."""
    there = [(each, side) for each, side in zip(told, sides) if each.is_number and each.rounds[1:]]
    return _file([_measured(each, side) for each, side in there], records)


def of_latencies(
    told: Sequence[Latency], loads: Sequence[Loaded], records: Sequence[Record]
) -> dict[str, Any]:
    """The same of latencies: a benchmark for each cell and what was measured of it."""
    return _file(
        [
            _latency(each, loaded, what)
            for each, loaded in zip(told, loads)
            for what, seconds in each.seconds.items()
            if seconds[1:]
        ],
        records,
    )


def _file(benchmarks: Sequence[Mapping[str, Any]], records: Sequence[Record]) -> dict[str, Any]:
    return {
        "machine_info": machine(records),
        "commit_info": commit(),
        "benchmarks": benchmarks,
        "datetime": datetime.now(timezone.utc).isoformat(),
        "version": __version__,
    }


def machine(records: Sequence[Record]) -> dict[str, Any]:
    """The machine as it is now, and the Javas and Pythons that jobs ran on."""
    return {
        "node": platform.node(),
        "processor": _processor(),
        "machine": platform.machine(),
        "python_version": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "cores": psutil.cpu_count(),
        "load": list(os.getloadavg()),
        "java": sorted({record.java for record in records if record.java}),
        "python of jobs": sorted({record.python for record in records if record.python}),
    }


def _processor() -> str:
    """What Linux calls it, or else what Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def commit() -> dict[str, Any]:
    """The harness's own, where it runs from a checkout."""
    head, state = (_git(*ask) for ask in (("rev-parse", "HEAD"), ("status", "--porcelain")))
    return {"id": head or "unversioned", "dirty": bool(state), "project": "streamgauge"}


def _git(*ask: str) -> str:
    try:
        command = ["git", "-C", str(paths.PACKAGE.parent), *ask]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _compared(told: Compared, number: int, side: Side) -> dict[str, Any]:
    more = {
        "settings": dict(told.settings[number]) if told.settings[number:] else {},
        "build": told.seconds(number, "build"),
        "submit": told.seconds(number, "submit"),
        "sentence": told.sentence,
    }
    seconds = told.seconds(number, "job")
    return _benchmark(side, told, _name(told, number), {**more, "events": told.events}, seconds)


def _measured(told: Measured, side: Side) -> dict[str, Any]:
    more = told.data()
    jobs = [each.seconds["job"] for each in told.rounds]
    return _benchmark(side, told, told.cell, more, jobs)


def _latency(told: Latency, loaded: Loaded, what: str) -> dict[str, Any]:
    """Without each of its seconds, which are a thousand times as many as rounds."""
    more = {**told.data(), "events": told.entries}
    name = f"{told.cell} {told.delivery} at {told.rate:g}/s: {what}"
    benchmark = _benchmark(loaded, told, name, more, told.seconds[what])
    benchmark["stats"]["data"] = []
    return benchmark


def _benchmark(
    side: Side | Loaded,
    told: Compared | Measured | Latency,
    name: str,
    more: Mapping[str, Any],
    seconds: Sequence[float],
) -> dict[str, Any]:
    return {
        "group": told.scenario,
        "name": name,
        "fullname": name,
        "params": None,
        "param": None,
        "extra_info": {
            **more,
            "scenario": told.scenario,
            "version": told.version,
            "flink": side.cell.line.flink,
            "pins": [pin for name in side.cell.kind.connectors for pin in _pins(side, name)],
            "parallelism": side.parallelism,
        },
        "options": {},
        "stats": stats(seconds),
    }


def _pins(side: Side | Loaded, connectors: str) -> Sequence[str]:
    return side.cell.line.connectors[connectors].artifacts


def _name(told: Compared, number: int) -> str:
    """The cell, and what else tells it from the other one."""
    cell, label = told.cells[number], told.labels[number]
    return cell if told.cells[0] != told.cells[1] else f"{cell} [{label}]"


def stats(seconds: Sequence[float]) -> dict[str, Any]:
    """Of rounds, two at least, as pytest-benchmark has them."""
    low, _, high = quantiles(seconds, n=4, method="inclusive")
    return {
        "min": min(seconds),
        "max": max(seconds),
        "mean": fmean(seconds),
        "stddev": stdev(seconds),
        "rounds": len(seconds),
        "median": median(seconds),
        "iqr": high - low,
        "q1": low,
        "q3": high,
        "iqr_outliers": 0,
        "stddev_outliers": 0,
        "outliers": "0;0",
        "ld15iqr": min(seconds),
        "hd15iqr": max(seconds),
        "ops": 1 / fmean(seconds),
        "total": sum(seconds),
        "iterations": 1,
        "data": list(seconds),
    }


def read(path: Path) -> dict[str, Any]:
    """A baseline; a StreamgaugeError where the file is none, or cannot be read."""
    try:
        found = json.loads(path.read_bytes())
        if all("version" in each["extra_info"] for each in found["benchmarks"]):
            return dict(found)
    except OSError as error:
        raise StreamgaugeError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, TypeError, KeyError):
        pass
    raise StreamgaugeError(f"{path}: no baseline that `compare --save` wrote")


def held(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[Held]:
    """What both have measured, of files as `content` gives them.

    A StreamgaugeError where they have nothing in common, or it is of another version of the
    scenario, or of other events.
    """
    known = {each["fullname"]: each for each in before["benchmarks"]}
    pairs = [(b, known[b["fullname"]]) for b in now["benchmarks"] if b["fullname"] in known]
    if not pairs:
        raise StreamgaugeError("the baseline has none of these cells")
    for new, old in pairs:
        _check_same(new, old)
    beside = _beside(now["machine_info"], before["machine_info"])
    return [Held(new["fullname"], _ratio(new, old), beside) for new, old in pairs]


def _check_same(new: Mapping[str, Any], old: Mapping[str, Any]) -> None:
    for what in ("version", "events"):
        values = [each["extra_info"][what] for each in (old, new)]
        if values[0] != values[1]:
            raise StreamgaugeError(
                f"{new['fullname']}: not compared: {what} {values[0]} in the baseline,"
                f" {values[1]} now"
            )


def _beside(now: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    found = [
        f"{what} {now[what]}, not {before[what]}" for what in _MACHINE if now[what] != before[what]
    ]
    return f"on another machine: {'; '.join(found)}" if found else ""


def _ratio(new: Mapping[str, Any], old: Mapping[str, Any]) -> Interval:
    return interval(statistics.unpaired(old["stats"]["data"], new["stats"]["data"]))
