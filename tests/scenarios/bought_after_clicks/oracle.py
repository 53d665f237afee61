"""The orders as they are in the end, and all clicks."""

from collections import Counter


def expected(inputs):
    """(buyer, cents, clicks) of those who have both."""
    orders = {}
    for change in inputs["orders"]:
        if change.op in ("+I", "+U"):
            orders[change.row[0]] = change.row
        elif change.op in ("-D", "-U"):
            orders.pop(change.row[0])
    paid = Counter()
    for _, buyer, cents in orders.values():
        paid[buyer] += cents
    clicks = Counter(who for (who,) in inputs["clicks"])
    return {"buyers": [(who, cents, clicks[who]) for who, cents in paid.items() if clicks[who]]}
