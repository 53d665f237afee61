"""Values that are made of others, to some depth."""

from datetime import date
from decimal import Decimal

TYPES = {
    "id": "BIGINT",
    "tags": "ARRAY<STRING>",
    "days": "ARRAY<ARRAY<DATE>>",
    "prices": "MAP<STRING, DECIMAL(10, 2)>",
    "place": "ROW<`a b` DOUBLE, select STRING, inner ROW<on BOOLEAN, at TIMESTAMP(3)>>",
    "lines": "ARRAY<ROW<product STRING NOT NULL, n INT, codes MAP<STRING, BYTES>>>",
}
DAY = date(2024, 2, 29)
NAMED = frozenset({"é": Decimal("1.50"), "": Decimal("-0.01")}.items())
CODES = frozenset({"a": b"\x00\xff", "b": None}.items())
ROWS = (
    (1, ("a", "", "ß"), ((DAY,), ()), NAMED, (0.5, "x", (True, None)), (("p", 1, CODES),)),
    (2, (), (), frozenset(), (None, None, None), (None, ("q", None, frozenset()))),
    (3, None, None, None, None, None),
)
