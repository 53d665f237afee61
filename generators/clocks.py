"""How days and clocks are written in web logs: each text of them once."""

from datetime import date, datetime

from streamgauge.values.columns import Pool

# Where days, months and years end, and where New York and Berlin skip an hour.
_HOURS = tuple(
    datetime.fromisoformat(f"{hour}:00+00:00")
    for hour in (
        "2024-02-29T23", "2025-12-31T22", "2025-12-31T23", "2026-01-01T00",
        "2026-01-01T01", "2026-03-08T02", "2026-03-29T02", "2026-12-31T23",
    )
)  # fmt: skip
# In minutes.
ZONES = (120, -300, 330, 0, -210)

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY = 86_400
STARTS = [int(hour.timestamp()) for hour in _HOURS]
DAYS = sorted({start // DAY + more for start in STARTS for more in (-1, 0, 1)})
_DATES = [date.fromordinal(day + date(1970, 1, 1).toordinal()) for day in DAYS]
ISO_DAYS = Pool(*(f'"{day}T' for day in _DATES))
APACHE_DAYS = Pool(*(f'"{day.day:02}/{_MONTHS[day.month - 1]}/{day.year}:' for day in _DATES))
MINUTES = Pool(*(f"{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60)))
CLOCK_SECONDS = Pool(*(f"{second:02}" for second in range(60)))
FRACTIONS = Pool(*(f".{milliseconds:03}" for milliseconds in range(1000)))
_SIGNED = [("-" if zone < 0 else "+", *divmod(abs(zone), 60)) for zone in ZONES]
_OFFSETS = [f"{sign}{hours:02}:{minutes:02}" for sign, hours, minutes in _SIGNED]
ISO_ZONES = Pool(*(f'{offset}", ' for offset in _OFFSETS))
APACHE_ZONES = Pool(*(f' {offset.replace(":", "")}", ' for offset in _OFFSETS))
