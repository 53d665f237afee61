"""The sum of each till's amounts."""

from collections import Counter


def expected(inputs):
    """(till, total)."""
    totals = Counter()
    for till, amount in inputs["sales"]:
        totals[till] += amount
    return {"totals": list(totals.items())}


def effects(inputs):
    """The total of its till that each sale leads to."""
    totals, found = Counter(), []
    for index, (till, amount) in enumerate(inputs["sales"]):
        totals[till] += amount
        found.append((index, (till, totals[till])))
    return {"totals": found}
