"""Each impression looked at with all that is known in the end."""

from datetime import timedelta

SEEN = timedelta(minutes=5)
CLICKED = timedelta(minutes=10)


def expected(inputs):
    """Rows of the sink `features`."""
    shown, clicked, versions = {}, {}, {}
    for ts, _, user, _ in inputs["impressions"]:
        shown.setdefault(user, []).append(ts)
    for ts, impression, _ in inputs["clicks"]:
        clicked.setdefault(impression, []).append(ts)
    for change in inputs["profiles"]:
        user, city, level, updated_at = change.row
        versions.setdefault(user, []).append((updated_at, city, level))
    return {
        "features": [
            (
                impression,
                ts,
                user,
                item,
                *profile(versions.get(user, []), ts),
                sum(ts - SEEN <= other <= ts for other in shown[user]),
                int(any(ts <= click <= ts + CLICKED for click in clicked.get(impression, []))),
            )
            for ts, impression, user, item in inputs["impressions"]
        ]
    }


def profile(versions, ts):
    """City and level of the newest version that is not newer than the impression.

    Of versions of the same time, the one that came last.
    """
    known = sorted((v for v in versions if v[0] <= ts), key=lambda version: version[0])
    return known[-1][1:] if known else (None, None)
