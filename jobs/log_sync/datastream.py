"""Parse JSON logs in Python; bad lines go to a side output."""

import json
import re
from datetime import datetime, timedelta, timezone

from pyflink.common import Row, Types
from pyflink.common.typeinfo import LocalTimeTypeInfo
from pyflink.datastream import DataStream, OutputTag, ProcessFunction

LOCAL_DATE_TIME = LocalTimeTypeInfo(LocalTimeTypeInfo.TimeType.LOCAL_DATE_TIME)
FIELDS = {
    "id": Types.STRING(),
    "at": LOCAL_DATE_TIME,
    "method": Types.STRING(),
    "path": Types.STRING(),
    "status": Types.INT(),
    "bytes": Types.LONG(),
    "user_id": Types.STRING(),
    "client": Types.STRING(),
}
REQUEST = Types.ROW_NAMED(list(FIELDS), list(FIELDS.values()))
EVENT = Types.ROW_NAMED([*FIELDS, "dt", "hr"], [*FIELDS.values(), Types.STRING(), Types.STRING()])
BAD = OutputTag("bad", Types.ROW_NAMED(["line", "reason"], [Types.STRING(), Types.STRING()]))

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
UNITS = {10: "seconds", 13: "milliseconds"}
NAMES = "JanFebMarAprMayJunJulAugSepOctNovDec"
MONTHS = {NAMES[at : at + 3]: f"{at // 3 + 1:02}" for at in range(0, len(NAMES), 3)}
ZONE = r"[+-](?:0\d|1[0-4]):?[0-5]\d"
# strptime takes `2026-1-1` too, and its month names are those of the machine's language.
ISO = re.compile(rf"(19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{{3}})?(Z|{ZONE})", re.ASCII)
APACHE = re.compile(rf"(\d\d)/([A-Z][a-z]{{2}})/(\d{{4}}):([\d:]{{8}}) ({ZONE})", re.ASCII)


class BadLineError(Exception):
    """A line that is no log; the text is the reason."""


class Parse(ProcessFunction):
    """Rows of requests; a bad line with its reason to the side."""

    def process_element(self, value: Row, ctx: ProcessFunction.Context):
        """Parse one line."""
        try:
            yield parse(value[0])
        except BadLineError as bad:
            yield BAD, Row(value[0], str(bad))


def parse(line: str) -> Row:
    """The line's request. A BadLineError where it has none."""
    log = load(line)
    id_ = required(text(log, "id"), "no id")
    at = moment(required(text(log, "time"), "no time"))
    method = required(text(log, "request", "method"), "no method")
    path = required(text(log, "request", "path"), "no path")
    status = text(log, "status") or ""
    if not re.fullmatch("[1-5][0-9][0-9]", status):
        raise BadLineError("bad status")
    size = text(log, "bytes")
    size = None if size == "-" else size
    if size is not None and not re.fullmatch("[0-9]{1,18}", size):
        raise BadLineError("bad bytes")
    user, client = text(log, "user", "id"), text(log, "client", "ip")
    return Row(id_, at, method, path, int(status), size and int(size), user, client)


def load(line: str) -> dict:
    """The JSON object that a line is."""
    try:
        log = json.loads(line)
    except ValueError:
        raise BadLineError("not JSON") from None
    if not isinstance(log, dict):
        raise BadLineError("not JSON")
    return log


def text(log: dict, *names: str):
    """The text of a nested value; None where there is none, or it is an object or an array."""
    value = log
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    if value is None or isinstance(value, (dict, list)):
        return None
    return value if isinstance(value, str) else json.dumps(value)


def required(value, reason: str) -> str:
    """The text, if there is one."""
    if not value:
        raise BadLineError(reason)
    return value


def moment(written: str) -> datetime:
    """The moment in UTC, from any of the ways in which our services write it."""
    if written.isascii() and written.isdigit() and len(written) in UNITS:
        at = EPOCH + timedelta(**{UNITS[len(written)]: int(written)})
    else:
        at = zoned(written)
    return at.astimezone(timezone.utc).replace(tzinfo=None)


def zoned(written: str) -> datetime:
    """A moment with its zone."""
    apache = APACHE.fullmatch(written)
    if apache and ":" not in apache[5]:
        day, month, year, clock, zone = apache.groups()
        written = f"{year}-{MONTHS.get(month)}-{day}T{clock}{zone[:3]}:{zone[3:]}"
    iso = ISO.fullmatch(written)
    if not iso or iso[3][-3:-2] not in ("", ":"):
        raise BadLineError("unknown time")
    try:
        return datetime.strptime(written, f"%Y-%m-%dT%H:%M:%S{'.%f' if iso[2] else ''}%z")
    except ValueError:
        raise BadLineError("unknown time") from None


def query(logs: DataStream) -> tuple:
    """Events with day and hour, requests, and the lines that are neither with the reason."""
    requests = logs.process(Parse(), output_type=REQUEST).uid("requests")
    events = requests.map(
        lambda row: Row(*row, f"{row[1]:%Y-%m-%d}", f"{row[1]:%H}"), output_type=EVENT
    )
    return events, requests, requests.get_side_output(BAD)
