"""A shop's orders and prices. Order and price of an index come at about the same time."""

from datetime import datetime, timedelta
from decimal import Decimal

from streamgauge.draws import below, draws
from streamgauge.values.changelog import Change

DISORDER = timedelta(seconds=3)
_ORDERS, _PRICES = 1, 2
_ITEMS = 12
# The other items have no price.
_PRICED = 10
_EPOCH = datetime(2024, 2, 28, 23, 55)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
_GAP = timedelta(seconds=1)


def orders(seed, start, stop):
    """Rows (ts, order_id, item, quantity), out of order within `DISORDER`."""
    drawn = draws(seed, _ORDERS, start, stop)
    return [_order(index, words) for index, words in zip(range(start, stop), drawn)]


def prices(seed, start, stop):
    """Changes of (item, price, since), in order of time; the items take turns."""
    drawn = draws(seed, _PRICES, start, stop)
    return [_price(index, words) for index, words in zip(range(start, stop), drawn)]


def _order(index, words):
    # Whole seconds, so that orders and changes of prices meet.
    ts = _EPOCH + index * _GAP - timedelta(seconds=below(words[0], 3))
    return ts, index + 1, below(words[1], _ITEMS), 1 + below(words[2], 5)


def _price(index, words):
    row = (index % _PRICED, Decimal(below(words[0], 10**6)).scaleb(-2), _EPOCH + index * _GAP)
    return Change("+I" if index < _PRICED else "+U", row)
