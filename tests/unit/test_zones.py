"""Names of zones."""

import zoneinfo

import pytest

from streamgauge.errors import UsageError
from streamgauge.zones import check_name, check_zone, offset


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


@pytest.mark.parametrize("zone", ["", "GMT+08:00", "Shanghai"])
def test_zone_of_processes_has_a_name(zone):
    """To the system an offset has the other sign."""
    with pytest.raises(UsageError, match=r"^--zone: unknown zone .*; valid: a name [^\n]*$"):
        check_name("--zone", zone)


def test_zone_is_ahead_by_an_offset():
    """As MySQL writes it, which knows no names by itself."""
    zones = ("UTC", "Asia/Shanghai", "Asia/Kolkata", "America/Phoenix")

    assert ["+00:00", "+08:00", "+05:30", "-07:00"] == [*map(offset, zones)]
