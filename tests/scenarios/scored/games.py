"""Points that players make."""

_PLAYERS = ("Ann", "Bob", "Cy", "Dee")


def points(seed, start, stop):
    """(player, points) of indices start..stop-1."""
    return [(_PLAYERS[(n + seed) % len(_PLAYERS)], n * 7 % 5) for n in range(start, stop)]
