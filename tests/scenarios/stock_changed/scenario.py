"""Changes of a table as Debezium writes them to Kafka: a sum needs what was there before each."""

from datetime import datetime
from decimal import Decimal

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema

_COLUMNS = Schema.of(
    id="BIGINT NOT NULL", name="STRING", n="INT", price="DECIMAL(8, 2)", counted="TIMESTAMP(3)"
)
_NOON = datetime.fromisoformat("2026-11-27 12:00:00")
_ONE = datetime.fromisoformat("2026-11-27 13:00:00.250")


def _is(op, number, name, n, price, counted=_NOON):
    return Change(op, (number, name, n, price and Decimal(price), counted))


SCENARIO = Scenario(
    id="stock_changed",
    version=1,
    question="What is on the shelves, and how many of each, after all that became of them?",
    sources=(
        Source(
            "stock",
            _COLUMNS,
            key=("id",),
            format="debezium-json",
            rows=[
                _is("+I", 1, "pear", 5, "1.50"),
                _is("+I", 2, "apple", 7, None),
                _is("+I", 3, "pear", 2, "1.40"),
                # Its number alone; then from no price to one, and back.
                _is("+U", 1, "pear", 4, "1.50"),
                _is("+U", 2, "apple", 7, "0.99", _ONE),
                _is("+U", 2, "apple", 7, None, _ONE),
                # Both halves, by which it changes its name; then another changes its key.
                _is("-U", 3, "pear", 2, "1.40"),
                _is("+U", 3, "quince", 2, "1.40"),
                _is("-U", 1, "pear", 4, "1.50"),
                _is("+U", 9, "pear", 4, "1.50"),
                _is("+I", 4, "fig", 1, "3.00"),
                _is("-D", 4, "fig", 1, "3.00"),
                _is("+I", 5, "apple", None, "1.05"),
            ],
        ),
    ),
    sinks=(
        Sink(
            "shelves",
            _COLUMNS,
            key=("id",),
            format="debezium-json",
            rows=[
                (2, "apple", 7, None, _ONE),
                (3, "quince", 2, Decimal("1.40"), _NOON),
                (5, "apple", None, Decimal("1.05"), _NOON),
                (9, "pear", 4, Decimal("1.50"), _NOON),
            ],
        ),
        Sink(
            "totals",
            Schema.of(name="STRING", n="INT", rows="BIGINT"),
            key=("name",),
            rows=[("apple", 7, 2), ("quince", 2, 1), ("pear", 4, 1)],
        ),
    ),
    bindings=("kafka",),
    modes=("streaming",),
)
