"""Names of zones."""

import zoneinfo

import pytest

from streamgauge.errors import UsageError
from streamgauge.zones import check_zone


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "GMT+08:00"])
def test_zone_that_there_is(zone):
    """By its name, or as an offset."""
    check_zone("--set z", zone)


@pytest.mark.parametrize("zone", ["", "Shanghai", "asia/shanghai", "UTC+08:00", "/etc/passwd"])
def test_zone_that_nobody_knows(zone):
    """In one line, with what it may be."""
    with pytest.raises(UsageError, match=r"^--set z: unknown zone .*; valid: a name [^\n]*$"):
        check_zone("--set z", zone)


def test_machine_without_zones_leaves_it_to_flink(monkeypatch):
    """It knows none, so that it cannot say of one that there is none."""
    monkeypatch.setattr(zoneinfo, "available_timezones", set)

    check_zone("--set z", "Asia/Shanghai")
