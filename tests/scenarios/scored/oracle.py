"""The sum of each player's points that count."""

from collections import Counter


def expected(inputs):
    """(player, total)."""
    totals = Counter()
    for player, n in inputs["points"]:
        if n >= 1:
            totals[player] += n
    return {"scores": list(totals.items())}
