"""Keep two MySQL tables equal to two others through their changes."""

from generators import orders
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

ORDERS = Schema.of(
    id="DECIMAL(20, 0)",
    customer="STRING",
    quantity="BIGINT",
    amount="DECIMAL(38, 10)",
    weight="DOUBLE",
    status="STRING",
    paid="BOOLEAN",
    flags="BYTES",
    details="STRING",
    scan="BYTES",
    due="DATE",
    ordered_at="TIMESTAMP(6)",
)
# BOOLEAN, DOUBLE, DATE and DATETIME(6) are the usual types of their columns.
ORDERS_STORED = {
    "id": "BIGINT UNSIGNED",
    "customer": "VARCHAR(100)",
    "quantity": "INT UNSIGNED",
    "status": "ENUM('new', 'paid', 'on its way', 'reçu')",
    "flags": "BIT(8)",
    "details": "JSON",
    "scan": "BLOB",
}
ITEMS = Schema.of(
    order_id="DECIMAL(20, 0)",
    line="INT",
    product="STRING",
    quantity="BIGINT",
    price="DECIMAL(12, 4)",
)
ITEMS_STORED = {
    "order_id": "BIGINT UNSIGNED",
    "line": "SMALLINT UNSIGNED",
    "quantity": "INT UNSIGNED",
}
ITEM = ("order_id", "line")

SCENARIO = Scenario(
    id="orders_cdc",
    version=3,
    question="Are copies of tables equal to them, through inserts, updates, deletes and new keys?",
    sources=(
        Source("orders", ORDERS, generate=orders.changes, key=("id",), stored=ORDERS_STORED),
        Source("items", ITEMS, generate=orders.items, key=ITEM, stored=ITEMS_STORED),
    ),
    sinks=(
        Sink("orders_copy", ORDERS, key=("id",), stored=ORDERS_STORED),
        Sink("items_copy", ITEMS, key=ITEM, stored=ITEMS_STORED),
    ),
    bindings=("cdc", "debezium"),
    rows=600,
    first=True,
    absent={"process": "a copy keeps no state of its own and sets no timers (2026-11-22)"},
)
