"""What is wrong in a sink is told in full: side by side, with names, as data and as text."""

import json
from datetime import datetime
from decimal import Decimal

from streamgauge.values.changelog import Change
from streamgauge.values.comparison import Answer, compare
from streamgauge.values.difference import differences
from streamgauge.values.pairing import LOOKED_AT

NOON = datetime.fromisoformat("2024-02-29 12:00:00")
COLUMNS = ("name", "id", "total", "at")
KEY = (1,)


def row(number, name="Ann", total="1.50", at=NOON):
    return (name, number, Decimal(total), at)


def inserts(*rows):
    return [Change("+I", each) for each in rows]


def told(expected, changes, key=KEY, columns=COLUMNS):
    """The difference in the one sink."""
    seen = Answer({"totals": compare(expected, changes, key), "others": compare([], [])})
    (difference,) = differences(seen, {"totals": columns, "others": ("x",)})
    return difference


def test_rows_stand_side_by_side_as_sql():
    """By the key; columns that differ are named; it is JSON."""
    data = told([row(1), row(2)], inserts(row(1, total="1.05", at=None), row(3))).first()
    moment = "TIMESTAMP '2024-02-29 12:00:00'"

    assert data == json.loads(json.dumps(data, allow_nan=False))
    assert ("totals", list(COLUMNS), ["id"]) == (data["sink"], data["columns"], data["key"])
    assert (2, 2, None) == (data["missing"], data["extra"], data["among"])
    assert {"count": 0, "first": []} == data["invalid"]
    assert 3 == data["pairs"]["count"]
    assert [
        {
            "missing": ["'Ann'", "1", "1.50", moment],
            "extra": ["'Ann'", "1", "1.05", "NULL"],
            "differ": ["total", "at"],
        },
        {"missing": ["'Ann'", "2", "1.50", moment], "extra": None, "differ": []},
        {"missing": None, "extra": ["'Ann'", "3", "1.50", moment], "differ": []},
    ] == data["pairs"]["first"]


def test_first_of_many_and_all_of_them():
    """A record keeps ten, a file has all."""
    many = told([row(n) for n in range(30)], inserts(*(row(n, "Bob") for n in range(30))))
    first, whole = many.first()["pairs"], many.whole()["pairs"]

    assert (30, 10) == (first["count"], len(first["first"]))
    assert (30, 30) == (whole["count"], len(list(whole["first"])))


def test_invalid_change_has_its_past():
    """In the order in which they came, also those that were found at the end."""
    changes = [*inserts(row(1), row(2)), Change("-U", row(2)), Change("-D", row(1))]
    data = told([row(3)], [*changes, *inserts(row(3)), Change("-D", row(1))]).first()["invalid"]
    half, deleted = data["first"]
    values = ["'Ann'", "1", "1.50", "TIMESTAMP '2024-02-29 12:00:00'"]

    assert 2 == data["count"]
    assert ("half an update: its +U has not come", 2) == (half["complaint"], half["index"])
    assert ("delete of a missing row", 5) == (deleted["complaint"], deleted["index"])
    assert ("-D", values) == (deleted["op"], deleted["row"])
    assert {
        "count": 2,
        "last": [
            {"index": 0, "op": "+I", "row": values},
            {"index": 3, "op": "-D", "row": values},
        ],
    } == deleted["past"]


def test_nearest_of_many_is_said_to_be_looked_for_among_a_few():
    """Where there is no key, and there are more."""
    rows = [row(n) for n in range(LOOKED_AT + 1)]

    assert LOOKED_AT == told(rows, [], key=()).first()["among"]
    assert told(rows[1:], [], key=()).first()["among"] is None
    assert told(rows, []).first()["among"] is None
