"""Each order looked at with all prices that are known in the end."""


def expected(inputs):
    """Rows of the sink `priced`."""
    return {
        "priced": [
            (order, ts, item, quantity, price(inputs["prices"], item, ts))
            for ts, order, item, quantity in inputs["orders"]
        ]
    }


def price(changes, item, ts):
    """The newest price of the item that is not newer than the order."""
    known = [row for _, row in changes if row[0] == item and row[2] <= ts]
    return max(known, key=lambda row: row[2])[1] if known else None
