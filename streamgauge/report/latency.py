"""How long it takes until what comes in shows, in a table; why others have no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from streamgauge.report.terminal import print_rows, stdout

PERCENTILES = (50, 90, 99, 99.9)
_SHARES = tuple(f"p{percent:g}" for percent in PERCENTILES)
_COLUMNS = ("cell", "what, in ms", "count", *_SHARES, "max", "below 0", "load: events/s, late ms")


@dataclass(frozen=True)
class Spread:
    """Of so many seconds, `negative` of them below 0: the least, the most, and percentiles.

    A percentile is not there where too few are beyond it.
    """

    count: int
    negative: int
    least: float
    most: float
    percentiles: Mapping[str, float]


@dataclass
class Latency:
    """What is known of a cell under a load of `rate` events a second; or why it has no number.

    `load` has the rate that it came to, how many a second could have been sent (`able`), and how
    late the latest and the mean was sent (seconds). `spreads` are by what was measured: from when
    an entry was due until a sink had what it leads to (`SINK`), the age of the newest record in
    what a sink shows (`SINK: age`), and how far its refreshes are off their time (`SINK: jitter`).
    `entries` were counted, those of the warm-up left out; `unseen` of them changed nothing.
    `seconds` has each one that is in a spread: too many for the data.
    """

    cell: str
    scenario: str
    version: int
    dialect: str
    delivery: str
    rate: float
    refusal: str = ""
    entries: int = 0
    unseen: int = 0
    load: Mapping[str, float] = field(default_factory=dict)
    spreads: dict[str, Spread] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    seconds: dict[str, Sequence[float]] = field(default_factory=dict)

    def data(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(replace(self, seconds={}))


def tell(measured: Sequence[Latency]) -> None:
    """A row a cell and what was measured of it; below, why there is no number of others."""
    rows = [row for each in measured if not each.refusal for row in _rows(each)]
    if rows:
        print_rows(_COLUMNS, rows)
    for each in measured:
        if each.refusal:
            stdout().print(f"{each.cell}: no number: {each.refusal}", soft_wrap=True, markup=False)


def _rows(each: Latency) -> list[dict[str, str]]:
    load = f"{each.load['rate']:,.0f}, {_ms(each.load['late'])}"
    return [_row(f"{each.cell} {each.delivery}", *pair, load) for pair in each.spreads.items()]


def _row(cell: str, what: str, spread: Spread, load: str) -> dict[str, str]:
    shares = (spread.percentiles.get(share) for share in _SHARES)
    below = f"{spread.negative} ({_ms(spread.least)})" if spread.negative else ""
    percentiles = ("" if share is None else _ms(share) for share in shares)
    shown = (cell, what, f"{spread.count}", *percentiles, _ms(spread.most), below, load)
    return dict(zip(_COLUMNS, shown))


def _ms(seconds: float) -> str:
    """Milliseconds, three digits."""
    return f"{float(f'{seconds * 1000:.3g}'):g}"
