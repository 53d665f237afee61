"""Readings of three meters, in bursts of three; all in time, and no two in one millisecond."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from streamgauge.draws import below, draws

BEGIN = datetime.fromisoformat("2024-02-29 23:59:59.900")
_IN_BURST = (0, 1, 3)


def readings(seed, start, stop):
    """Rows (at, meter, day, seen, price)."""
    drawn = draws(seed, 1, start, stop)
    return [reading(number, words) for number, words in enumerate(drawn, start)]


def reading(number, words):
    """One row. Bursts of a meter are too far apart to be one session."""
    burst, within = divmod(number, 3)
    at = BEGIN + timedelta(milliseconds=10 * burst + _IN_BURST[within])
    seen = at + timedelta(microseconds=below(words[0], 1000))
    price = Decimal(below(words[1], 100_000)).scaleb(-4)
    return at, burst % 3, date(2024, 1, 1) + timedelta(below(words[2], 400)), seen, price
