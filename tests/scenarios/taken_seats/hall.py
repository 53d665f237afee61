"""People who move from seat to seat, also to those that others have."""

from streamgauge.draws import below, draws, pick

_PEOPLE = 6
_SEATS = "ABCDEFGH"


def moves(seed, start, stop):
    """Rows (person, seat)."""
    drawn = draws(seed, 1, start, stop)
    return [(below(words[0], _PEOPLE), pick(words[1], _SEATS)) for words in drawn]
