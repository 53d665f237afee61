"""Changes of a table with a few rows."""

from streamgauge.values.changelog import Change


def ranks(seed, start, stop):
    """Changes of (group, select): of each three rows one stays, one is updated, one goes."""
    return [_change(seed, index) for index in range(start, stop)]


def _change(seed, index):
    group, step = divmod(index, 5)
    op, row = [("+I", 0), ("+I", 1), ("+I", 2), ("+U", 1), ("-D", 2)][step]
    return Change(op, (3 * group + row, f"{seed} {'new' if op == '+I' else 'then'}"))
