"""Sales of a thousand tills."""

_TILLS = 1000


def sales(seed: int, start: int, stop: int) -> list[tuple[int, int]]:
    """(till, amount) of sales start..stop-1."""
    return [(number * 7919 % _TILLS, 1 + (number + seed) % 11) for number in range(start, stop)]
