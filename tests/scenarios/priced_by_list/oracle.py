"""The list as it is when the job begins."""


def expected(inputs):
    """(id, name, cents) of the orders whose item has both."""
    prices = {}
    for change in inputs["prices"]:
        if change.op in ("+I", "+U"):
            prices[change.row[0]] = change.row[1]
        else:
            prices.pop(change.row[0])
    names = dict(inputs["names"])
    return {
        "priced": [
            (number, names[item], pieces * prices[item])
            for number, item, pieces in inputs["orders"]
            if item in prices and item in names
        ]
    }
