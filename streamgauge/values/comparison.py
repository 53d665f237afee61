"""Compare what a sink got with what the oracle expects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from streamgauge.values.changelog import Change, Invalid, fold
from streamgauge.values.schema import Row
from streamgauge.values.tolerance import Tolerance, unmatched

_SHOWN = 3


@dataclass(frozen=True)
class Comparison:
    """What differs: rows that are missing, rows too many, changes that are not valid; all of them.

    `rows` is what there is, equal or not, and `changes` led there; `key` has the columns of
    the primary key, if there is one. `tolerance`: how far numbers could be apart.
    """

    missing: tuple[Row, ...] = ()
    extra: tuple[Row, ...] = ()
    invalid: tuple[Invalid, ...] = ()
    rows: tuple[Row, ...] = ()
    changes: Sequence[Change] = ()
    key: tuple[int, ...] = ()
    tolerance: Tolerance = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not (self.missing or self.extra or self.invalid)

    @property
    def about_nothing(self) -> bool:
        """Whether nothing was expected and nothing came."""
        return self.ok and not self.rows and not self.changes

    def so_far(self, due: Callable[[Row], bool] = lambda _: False) -> Comparison:
        """What is wrong even where rows that are not `due` are still to come.

        A row of a table with a key may yet be replaced, and half an update be completed.
        """
        missing = tuple(filter(due, self.missing))
        invalid = tuple(each for each in self.invalid if not each.pending)
        extra = () if self.key else self.extra
        return replace(self, missing=missing, extra=extra, invalid=invalid)

    @property
    def counts(self) -> str:
        """How much differs."""
        return ", ".join(f"{name} {len(items)}" for name, items in self._parts)

    def __str__(self) -> str:
        return "; ".join(_excerpt(name, items) for name, items in self._parts) or "equal"

    @property
    def _parts(self) -> list[tuple[str, Sequence[Row | Invalid]]]:
        """What differs, under its name."""
        parts = (("missing", self.missing), ("extra", self.extra), ("invalid", self.invalid))
        return [(name, items) for name, items in parts if items]


@dataclass(frozen=True)
class Answer:
    """What every sink got, compared; `note` says when."""

    sinks: Mapping[str, Comparison]
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing differs in any sink."""
        return not self.wrong

    @property
    def wrong(self) -> Mapping[str, Comparison]:
        """The sinks in which something differs."""
        return {name: seen for name, seen in self.sinks.items() if not seen.ok}

    @property
    def caveat(self) -> str:
        """What a right answer does not show: sinks that proved nothing, as nothing was to come."""
        empty = [name for name, seen in self.sinks.items() if seen.about_nothing]
        return f"{', '.join(empty)}: nothing expected, nothing came" if empty else ""

    @property
    def hopeless(self) -> bool:
        """Whether no later row can make it right."""
        return not self.so_far().ok

    def so_far(self, due: Callable[[str, Row], bool] = lambda *_: False) -> Answer:
        """What is wrong even where rows that are not `due`, by their sink, are still to come."""
        return Answer(
            {name: seen.so_far(partial(due, name)) for name, seen in self.sinks.items()},
            self.note,
        )

    @property
    def counts(self) -> str:
        """How much differs in which sinks, and when."""
        return self.note + "; ".join(f"{name}: {seen.counts}" for name, seen in self.wrong.items())

    def __str__(self) -> str:
        told = "; ".join(f"{name}: {seen}" for name, seen in self.wrong.items())
        return self.note + (told or "equal")


def compare(
    expected: Iterable[Row],
    changes: Sequence[Change],
    key: tuple[int, ...] = (),
    tolerance: Tolerance | None = None,
) -> Comparison:
    """Compare `changes`, in the order the sink got them, with the rows `expected`.

    With a primary key at columns `key`: every change is valid, and the table they
    fold into has the expected rows. Without: the sink only takes inserts, and has
    each row as often as expected. Numbers in columns with a `tolerance` may be that much
    off; but what is taken back is the very row that came.
    """
    off = tolerance or {}
    if not key:
        seen = _difference(expected, [change.row for change in changes], off)
        bad = [Invalid(n, c, "only inserts") for n, c in enumerate(changes) if c.op != "+I"]
        return replace(seen, invalid=tuple(bad), changes=changes)
    folded = fold(changes, key)
    seen = _difference(expected, [*folded.table.values()], off)
    return replace(seen, invalid=tuple(folded.invalid), changes=changes, key=key)


def _difference(expected: Iterable[Row], got: Sequence[Row], tolerance: Tolerance) -> Comparison:
    missing, extra = unmatched(expected, got, tolerance)
    return Comparison(tuple(missing), tuple(extra), rows=tuple(got), tolerance=tolerance)


def _excerpt(name: str, items: Sequence[Row | Invalid]) -> str:
    shown = ", ".join(str(item) for item in items[:_SHOWN])
    more = f", and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"{name} {len(items)}: {shown}{more}"
