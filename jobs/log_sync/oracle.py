"""Parse log lines one by one with patterns and plain arithmetic on dates."""

import json
import re
from datetime import datetime, timedelta

_EPOCH = datetime.fromisoformat("1970-01-01")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905 - a table
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_ZONE = r"(?P<sign>[+-])(?P<hours>0\d|1[0-4])%s(?P<minutes>[0-5]\d)"
_ISO = re.compile(
    rf"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)T{_CLOCK}(?:\.(?P<ms>\d\d\d))?"
    rf"(?:Z|{_ZONE % ':'})",
    re.ASCII,
)
_APACHE = re.compile(
    rf"(?P<day>\d\d)/(?P<name>{'|'.join(_MONTHS)})/(?P<year>(?:19|20)\d\d):{_CLOCK}"
    rf" {_ZONE % ''}",
    re.ASCII,
)
_SECONDS = re.compile(r"\d{10}", re.ASCII)
_MILLIS = re.compile(r"\d{13}", re.ASCII)
_STATUS = re.compile(r"[1-5]\d\d", re.ASCII)
_BYTES = re.compile(r"\d{1,18}", re.ASCII)


class Bad(Exception):  # noqa: N818 - a line is bad, nothing went wrong
    """A line that is no log; the text is the reason."""


def expected(inputs):
    """Rows of `events`, `requests`, `dead_letters`; a line is in the first two or the last."""
    requests, dead_letters = [], []
    for (line,) in inputs["logs"]:
        try:
            requests.append(_request(line))
        except Bad as bad:
            dead_letters.append((line, str(bad)))
    events = [(*row, f"{row[1]:%Y-%m-%d}", f"{row[1]:%H}") for row in requests]
    return {"events": events, "requests": requests, "dead_letters": dead_letters}


def effects(inputs):
    """The row that each line leads to, in `requests` and `events`, or in `dead_letters`."""
    found = {"events": [], "requests": [], "dead_letters": []}
    for index, line in enumerate(inputs["logs"]):
        for sink, rows in expected({"logs": [line]}).items():
            found[sink] += [(index, row) for row in rows]
    return found


def _request(line):
    log = _object(line)
    return (
        _needed(log, "no id", "id"),
        _time(_needed(log, "no time", "time")),
        _needed(log, "no method", "request", "method"),
        _needed(log, "no path", "request", "path"),
        _status(_text(log, "status")),
        _bytes(_text(log, "bytes")),
        _text(log, "user", "id"),
        _text(log, "client", "ip"),
    )


def _object(line):
    try:
        log = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Bad("not JSON") from None
    if not isinstance(log, dict):
        raise Bad("not JSON")
    return log


def _no_constant(name):
    raise ValueError(f"{name} is Python's, not JSON's")


def _text(value, *names):
    """The text of a nested string, number or boolean; None for anything else."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None


def _needed(log, reason, *names):
    text = _text(log, *names)
    if not text:
        raise Bad(reason)
    return text


def _time(text):
    """The moment in UTC."""
    if _SECONDS.fullmatch(text):
        return _EPOCH + timedelta(seconds=int(text))
    if _MILLIS.fullmatch(text):
        return _EPOCH + timedelta(milliseconds=int(text))
    match = _ISO.fullmatch(text) or _APACHE.fullmatch(text)
    if match is None:
        raise Bad("unknown time")
    try:
        return _moment({k: v for k, v in match.groupdict().items() if v is not None})
    except ValueError:
        raise Bad("unknown time") from None


def _moment(part):
    month = _MONTHS.index(part["name"]) + 1 if "name" in part else int(part["month"])
    day = [int(part["year"]), month, int(part["day"])]
    clock = [int(part[name]) for name in ("hour", "minute", "second")]
    offset = int(part.get("hours", 0)) * 60 + int(part.get("minutes", 0))
    east = -1 if part.get("sign") == "-" else 1
    wall = datetime(*day, *clock, int(part.get("ms", 0)) * 1000)  # noqa: DTZ001 - TIMESTAMP
    return wall - timedelta(minutes=east * offset)


def _status(text):
    if text is None or not _STATUS.fullmatch(text):
        raise Bad("bad status")
    return int(text)


def _bytes(text):
    if text in (None, "-"):
        return None
    if not _BYTES.fullmatch(text):
        raise Bad("bad bytes")
    return int(text)
