"""What is wrong in a sink, as data: rows side by side, invalid changes with what came before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from streamgauge.values.changelog import Change, Invalid, Past, pasts
from streamgauge.values.comparison import Answer, Comparison
from streamgauge.values.literals import literal
from streamgauge.values.pairing import LOOKED_AT, Pair, paired
from streamgauge.values.schema import Row

_FIRST = 10


@dataclass(frozen=True)
class Difference:
    """What is wrong in one sink with these columns; pairs and invalid changes in order."""

    sink: str
    columns: Sequence[str]
    seen: Comparison
    pairs: Sequence[Pair]
    invalid: Sequence[tuple[Invalid, Past]]

    def first(self) -> dict[str, Any]:
        """How much differs, and the first of it: what a record keeps."""
        data = self.whole()
        for part in ("pairs", "invalid"):
            data[part]["first"] = list(islice(data[part]["first"], _FIRST))
        return data

    def whole(self) -> dict[str, Any]:
        """All of it; `first` of pairs and of invalid changes gives each as it is asked for.

        Values are SQL literals; `differ` names columns. `among`: without a key, how many rows
        of each side were looked at for the nearest, where there are more.
        """
        seen = self.seen
        missing, extra = len(seen.missing), len(seen.extra)
        return {
            "sink": self.sink,
            "columns": list(self.columns),
            "key": [self.columns[at] for at in seen.key],
            "tolerance": {self.columns[at]: most for at, most in seen.tolerance.items()},
            "missing": missing,
            "extra": extra,
            "among": None if seen.key or max(missing, extra) <= LOOKED_AT else LOOKED_AT,
            "pairs": {"count": len(self.pairs), "first": map(self._pair, self.pairs)},
            "invalid": {"count": len(self.invalid), "first": map(_invalid, self.invalid)},
        }

    def _pair(self, pair: Pair) -> dict[str, Any]:
        return {
            "missing": _literals(pair.missing),
            "extra": _literals(pair.extra),
            "differ": [self.columns[at] for at in pair.differ(self.seen.tolerance)],
        }


def differences(answer: Answer, columns: Mapping[str, Sequence[str]]) -> list[Difference]:
    """What is wrong in each sink that is not as it should be; `columns` by sink."""
    return [_difference(name, columns[name], seen) for name, seen in answer.wrong.items()]


def _difference(sink: str, columns: Sequence[str], seen: Comparison) -> Difference:
    invalid = sorted(seen.invalid, key=lambda each: each.index)
    past = pasts(invalid, seen.changes, seen.key, _FIRST)
    pairs = paired(seen.missing, seen.extra, seen.key, seen.tolerance)
    return Difference(sink, columns, seen, pairs, list(zip(invalid, past)))


def _invalid(told: tuple[Invalid, Past]) -> dict[str, Any]:
    """`past` has the last changes before it, of `count`."""
    invalid, past = told
    last = [_change(index, change) for index, change in past.last]
    return {
        **_change(invalid.index, invalid.change),
        "complaint": invalid.complaint,
        "past": {"count": past.number, "last": last},
    }


def _change(index: int, change: Change) -> dict[str, Any]:
    return {"index": index, "op": change.op, "row": _literals(change.row)}


def _literals(row: Row | None) -> list[str] | None:
    return None if row is None else [literal(value) for value in row]
