"""Names of zones, as Flink's sessions take them."""

from __future__ import annotations

import re
import zoneinfo
from datetime import datetime

from streamgauge.errors import UsageError, nearest

# Flink refuses those of UTC, such as UTC+08:00.
_OFFSET = re.compile(r"GMT[+-]\d{2}:\d{2}")


UTC = "UTC"


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


def check_name(told: str, zone: str) -> None:
    """A UsageError, as of `check_zone`, where this machine knows no zone of the name.

    An offset is none: what the system takes for one has the other sign.
    """
    names = zoneinfo.available_timezones()
    if zone not in names:
        raise UsageError(
            f"{told}: unknown zone {zone!r}{nearest(zone, names)}; "
            "valid: a name that this machine knows, such as Europe/Berlin"
        )


def offset(zone: str) -> str:
    """How far a zone of this name is ahead of UTC now, such as +08:00."""
    if zone == UTC:
        return "+00:00"
    told = f"{datetime.now(zoneinfo.ZoneInfo(zone)):%z}"
    return f"{told[:3]}:{told[3:]}"
