"""Sessions row by row, as a stream sees them: what the watermark has closed stays closed."""

from datetime import timedelta

_GAP = timedelta(milliseconds=4)
_MS = timedelta(milliseconds=1)


def expected(inputs):
    """Rows of the sink `sessions`."""
    running, closed = {}, []
    for row in inputs["readings"]:
        at, meter, *_ = row
        rows = running.setdefault(meter, [])
        if rows and at > rows[-1][0] + _GAP:
            closed.append(session(rows))
            rows.clear()
        rows.append(row)
        over = [m for m, kept in running.items() if kept[-1][0] + _GAP - _MS <= at]
        closed += [session(running.pop(other)) for other in over]
    return {"sessions": closed + [session(rows) for rows in running.values()]}


def session(rows):
    """(meter, began, readings, first day, last seen, total)."""
    ats, meters, days, seen, prices = zip(*rows)
    return meters[0], min(ats), len(rows), min(days), max(seen), sum(prices)
