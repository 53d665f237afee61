"""The sum of each till's amounts."""

from collections import Counter


def expected(inputs):
    """(till, total)."""
    totals = Counter()
    for till, amount in inputs["sales"]:
        totals[till] += amount
    return {"totals": list(totals.items())}
