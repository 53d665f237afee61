"""Names of zones, as Flink's sessions take them."""

from __future__ import annotations

import re
import zoneinfo

from streamgauge.errors import UsageError, nearest

# Flink refuses those of UTC, such as UTC+08:00.
_OFFSET = re.compile(r"GMT[+-]\d{2}:\d{2}")


def check_zone(told: str, zone: str) -> None:
    """A UsageError, beginning with what was `told`, where nobody knows the zone.

    A machine without any zones cannot tell: there Flink does.
    """
    names = zoneinfo.available_timezones()
    if names and zone not in names and not _OFFSET.fullmatch(zone):
        raise UsageError(
            f"{told}: unknown zone {zone!r}{nearest(zone, names)}; "
            "valid: a name such as Europe/Berlin, or an offset such as GMT+08:00"
        )
