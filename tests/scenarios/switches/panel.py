"""Switches that MySQL keeps as TINYINT(1), which is a number all the same."""

from streamgauge.values.changelog import Change

# The public question's: of 8 bits, and more than the two that a truth has.
STATES = (0, 1, 2, -128, 127, None)


def switched(seed, start, stop):
    """New rows (id, state): the six, and the same six again."""
    return [Change("+I", (at, STATES[at % len(STATES)])) for at in range(start, stop)]
