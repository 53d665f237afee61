"""Sales of five tills."""


def sales(seed: int, start: int, stop: int) -> list[tuple[int, int]]:
    """(till, amount) of sales start..stop-1."""
    return [(number % 5, 1 + (number * 7 + seed) % 11) for number in range(start, stop)]
