"""A past run in one line, made from its records alone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from streamgauge.records import Record
from streamgauge.report.terminal import summary

COLUMNS = ("run", "when", "lines", "lifecycles", "inputs", "rows", "cells")


@dataclass(frozen=True)
class Past:
    """A run's id and what is known of it; `error` is why its records cannot be read."""

    run: str
    records: Sequence[Record] = ()
    going_on: bool = False
    error: str = ""

    @property
    def data(self) -> dict[str, Any]:
        """For JSON: `when` is in UTC, `rows` has how many rows went into a cell."""
        ran = [record for record in self.records if record.verdict != "absent"]
        return {
            "run": self.run,
            "when": _when(self.run),
            "going_on": self.going_on,
            "error": self.error,
            "lines": _distinct(record.line for record in self.records),
            "lifecycles": _distinct(record.lifecycle for record in self.records),
            "inputs": _distinct(_inputs(record) for record in ran),
            "rows": sorted({record.rows_in for record in ran}),
            "verdicts": dict(Counter(record.verdict for record in self.records)),
        }

    @property
    def row(self) -> dict[str, str]:
        """For a table."""
        data = self.data
        lists = {name: ", ".join(data[name]) for name in ("lines", "lifecycles", "inputs")}
        ends = dict.fromkeys(str(rows) for rows in (*data["rows"][:1], *data["rows"][-1:]))
        found = "cannot be read" if self.error else summary(self.records)
        going_on = ", still going on" if self.going_on else ""
        told = {"run": self.run, "when": data["when"], **lists}
        return {**told, "rows": "-".join(ends), "cells": found + going_on}


def _when(run: str) -> str:
    """A run's id begins with the time."""
    try:
        began = time.strptime(run[:15], "%Y%m%d-%H%M%S")
    except ValueError:
        return ""
    return time.strftime("%Y-%m-%d %H:%M:%S", began)


def _distinct(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word]


def _inputs(record: Record) -> str:
    kind = str(record.inputs.get("kind", ""))
    return kind if record.seed is None else f"seed {record.seed}"
