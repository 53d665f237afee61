"""Orders at the price that held when they came: prices are read straight from MySQL's binlog."""

from datetime import timedelta

from scenarios.priced_orders.shop import DISORDER, orders, prices

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

ORDERS = Schema.of(ts="TIMESTAMP(3)", order_id="BIGINT", item="BIGINT", quantity="INT")
PRICES = Schema.of(item="BIGINT", price="DECIMAL(10, 2)", since="TIMESTAMP(3)")
PRICED = Schema.of(
    order_id="BIGINT", ts="TIMESTAMP(3)", item="BIGINT", quantity="INT", price="DECIMAL(10, 2)"
)
_ONE = "the scenario is about how prices attach, for which one dialect will do (2026-11-26)"

SCENARIO = Scenario(
    id="priced_orders",
    version=1,
    question="What did the item of each order cost when it was ordered?",
    sources=(
        Source("orders", ORDERS, generate=orders, time="ts", disorder=DISORDER),
        Source(
            "prices",
            PRICES,
            generate=prices,
            key=("item",),
            time="since",
            disorder=timedelta(0),
        ),
    ),
    sinks=(Sink("priced", PRICED),),
    bindings=("cdc",),
    rows=400,
    absent=dict.fromkeys(("table", "datastream", "process"), _ONE),
)
