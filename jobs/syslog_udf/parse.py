"""Parse syslog lines of shell commands, in Python alone.

A line is what RFC 3164 calls a message, in UTF-8, with one space between two fields:

    <PRI>Mmm dd hh:mm:ss HOST TOPIC: CLIENT USER LOGIN_USER STATUS COMMAND

as in `<14>Oct 28 14:28:06 172.25.0.2 syslog-user: 10.200.80.1 root root 0 vim /etc/my.cnf`.
The time has no year: it is that of the time when the line was received.
"""

import re
from datetime import datetime, timedelta

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MOST_PRI = 191
# Further away from `received`, the time may as well be of another year.
NEAR = timedelta(days=1)

PRI = re.compile(r"<([0-9]{1,3})>")
FIELDS = re.compile(
    r"(?P<time>.{15}) (?P<host>[^ ]+) (?P<topic>[^ :]+): (?P<client>[^ ]+) (?P<user_name>[^ ]+)"
    r" (?P<login_user>[^ ]+) (?P<status>[0-9]{1,3}) (?P<command>.+)",
    re.DOTALL,
)
TIME = re.compile(r"([A-Z][a-z]{2}) ([0-9 ][0-9]) ([0-9]{2}):([0-9]{2}):([0-9]{2})")

# The rule table: of each command, the first that is found counts.
DANGERS = tuple(
    (rule, re.compile(rf"(?:^|(?<= )){pattern}(?: |\Z)", re.DOTALL))
    for rule, pattern in (
        ("remove everything", r"rm +-(?:rf|fr) +/\*?"),
        ("make a file system", r"mkfs(?:\.[^ ]*)?"),
        ("open to everyone", r"chmod +(?:-R +)?777 +/"),
        ("run a download", r"(?:curl|wget) (?:.* )?\| +(?:ba)?sh"),
        ("overwrite a disk", r"dd (?:.* )?of=/dev/[^ ]*"),
    )
)


# Lines that were parsed, by their bytes: pandas asks for one field of a whole batch, then the next.
# Not functools.lru_cache: what that wraps is not pickled by value, as thread mode needs it.
KNOWN = {}
MOST_KNOWN = 10_000


class RejectedError(ValueError):
    """A line that does not parse; its text is the reason."""


def reject_reason(received, line):
    """Why a line does not parse; None where it does."""
    try:
        _time(received, _fields(line)["time"])
    except RejectedError as rejected:
        return str(rejected)
    return None


def logged_at(received, line):
    """When the command ran, by the host's clock."""
    try:
        return _time(received, _fields(line)["time"])
    except RejectedError:
        return None


def topic(line):
    """The topic: RFC 3164's tag."""
    return _field(line, "topic")


def host(line):
    """The host that logged the command."""
    return _field(line, "host")


def client(line):
    """The address the user came from."""
    return _field(line, "client")


def user_name(line):
    """Whom the command ran as."""
    return _field(line, "user_name")


def login_user(line):
    """Who had logged in."""
    return _field(line, "login_user")


def status(line):
    """The command's exit status."""
    text = _field(line, "status")
    return None if text is None else int(text)


def command(line):
    """The command, as it was typed."""
    return _field(line, "command")


def danger(command):
    """The rule by which a command is dangerous; None where it is not."""
    found = (rule for rule, pattern in DANGERS if pattern.search(command or ""))
    return next(found, None)


def _field(line, name):
    """A field; None where the line has no fields."""
    try:
        return _fields(line)[name]
    except RejectedError:
        return None


def _fields(line):
    """The line's fields, as a match; a line is parsed once, however many of them are asked for."""
    line = bytes(line or b"")
    if line not in KNOWN:
        if len(KNOWN) >= MOST_KNOWN:
            KNOWN.clear()
        KNOWN[line] = _parsed(line)
    return KNOWN[line]


def _parsed(line):
    text = _text(line)
    pri = PRI.match(text)
    if not pri or int(pri[1]) > MOST_PRI:
        raise RejectedError("no PRI")
    fields = FIELDS.fullmatch(text, pri.end())
    if not fields:
        raise RejectedError("truncated")
    return fields


def _text(line):
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise RejectedError("wrong charset") from None


def _time(received, text):
    """The time in the year of `received`."""
    found = TIME.fullmatch(text)
    if not found or found[1] not in MONTHS:
        raise RejectedError("bad time")
    month, *numbers = MONTHS.index(found[1]) + 1, *map(int, found.groups()[1:])
    try:
        time = datetime(received.year, month, *numbers)  # noqa: DTZ001 - as `received`
    except ValueError:
        raise RejectedError("bad time") from None
    if abs(time - received) > NEAR:
        raise RejectedError("year turn")
    return time
