"""Meters that are read; what they show is what 32 bits hold."""

from struct import unpack

from streamgauge.draws import draws

# Of the 2**32 numbers, those of one sign between 2**-7 and 2**9.
_SMALLEST, _RANGE = 0x3C000000, 0x08000000


def readings(seed, start, stop):
    """Rows (id, level)."""
    drawn = draws(seed, 1, start, stop)
    return [(start + at, _single(int(words[0]))) for at, words in enumerate(drawn)]


def _single(word):
    (number,) = unpack("<f", (_SMALLEST + word % _RANGE).to_bytes(4, "little"))
    return number
