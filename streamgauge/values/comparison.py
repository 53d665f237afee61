"""Compare what a sink got with what the oracle expects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from streamgauge.values.changelog import Change, fold
from streamgauge.values.schema import Row

STRICTNESS = ("multiset", "changelog")
_SHOWN = 3


@dataclass(frozen=True)
class Comparison:
    """What differs: rows that are missing, rows too many, changes that are not valid.

    `rows` is what there is, equal or not.
    """

    missing: tuple[Row, ...] = ()
    extra: tuple[Row, ...] = ()
    invalid: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not (self.missing or self.extra or self.invalid)

    def __str__(self) -> str:
        parts = (("missing", self.missing), ("extra", self.extra), ("invalid", self.invalid))
        differences = "; ".join(_excerpt(name, items) for name, items in parts if items)
        return f"{self.note}{differences or 'equal'}"


def compare(
    expected: Iterable[Row],
    changes: Sequence[Change],
    strictness: str,
    key: tuple[int, ...] = (),
) -> Comparison:
    """Compare `changes`, in the order the sink got them, with the rows `expected`.

    `multiset`: the sink only takes inserts, and has each row as often as expected.
    `changelog`: every change is valid for the primary key at columns `key`, and
    the table they fold into has the expected rows.
    """
    if strictness == "multiset":
        bad = tuple(f"{c.op} {c.row}: only inserts" for c in changes if c.op != "+I")
        return _difference(expected, (change.row for change in changes), bad)
    folded = fold(changes, key)
    return _difference(expected, folded.table.values(), tuple(folded.invalid))


def _difference(expected: Iterable[Row], got: Iterable[Row], bad: tuple[str, ...]) -> Comparison:
    wanted, seen = Counter(expected), Counter(got)
    missing, extra = (wanted - seen).elements(), (seen - wanted).elements()
    return Comparison(tuple(missing), tuple(extra), bad, tuple(seen.elements()))


def _excerpt(name: str, items: Sequence[Row | str]) -> str:
    shown = ", ".join(str(item) for item in items[:_SHOWN])
    more = f", and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"{name} {len(items)}: {shown}{more}"
