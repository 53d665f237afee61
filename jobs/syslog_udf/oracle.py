"""Read syslog lines a field at a time, and count failures in a dictionary.

Nothing here is shared with the dialects: neither patterns nor functions.
"""

from calendar import monthrange
from collections import Counter
from datetime import datetime, timedelta

DISORDER = timedelta(seconds=5)
MINUTE = timedelta(minutes=1)
MILLISECOND = timedelta(milliseconds=1)
DAY_MS = 24 * 60 * 60 * 1000
MOST_PRI = 191
FIELDS = 7
LAST_OF_DAY = (23, 59, 59)
MANY = 5
DIGITS = set("0123456789")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


def expected(inputs):
    """Rows of the sinks `commands`, `rejected` and `alerts`."""
    commands, rejected, alerts = [], [], []
    failures, latest = Counter(), None
    for received, line in inputs["lines"]:
        latest = max(latest or received, received)
        reason, command = read(received, line)
        if reason:
            rejected.append((line, reason))
        else:
            commands.append(command)
            alerts += dangers(received, command)
            end = window_end(received)
            if command[-1] != 0 and latest - DISORDER < end - MILLISECOND:
                failures[command[2], end] += 1
    alerts += [("many failures", *at, str(n)) for at, n in failures.items() if n >= MANY]
    return {"commands": commands, "rejected": rejected, "alerts": alerts}


def effects(inputs):
    """The row of `commands` or of `rejected` that each line leads to."""
    found = {"commands": [], "rejected": []}
    for index, (received, line) in enumerate(inputs["lines"]):
        reason, command = read(received, line)
        if reason:
            found["rejected"].append((index, (line, reason)))
        else:
            found["commands"].append((index, command))
    return found


def read(received, line):
    """A reason and None, or None and a row of `commands`."""
    try:
        text = str(line or b"", "utf-8")
    except UnicodeDecodeError:
        return "wrong charset", None
    pri, closed, rest = text[1:5].partition(">")
    if text[:1] != "<" or not closed or not is_number(pri, 1, 3) or int(pri) > MOST_PRI:
        return "no PRI", None
    rest = text[len(pri) + 2 :]
    stamp, fields = rest[:15], rest[16:].split(" ", FIELDS - 1)
    if rest[15:16] != " " or len(fields) < FIELDS or not all(fields) or not are_fields(*fields):
        return "truncated", None
    moment = read_time(received.year, stamp)
    if moment is None:
        return "bad time", None
    if not -DAY_MS <= (moment - received) / MILLISECOND <= DAY_MS:
        return "year turn", None
    host, tag, client, user, login_user, status, command = fields
    return None, (tag[:-1], host, client, user, login_user, command, moment, int(status))


def are_fields(_host, tag, _client, _user, _login_user, status, _command):
    """Whether tag and status look as they should."""
    return len(tag) > 1 and tag.find(":") == len(tag) - 1 and is_number(status, 1, 3)


def is_number(text, least, most):
    """Whether a text is so many digits."""
    return least <= len(text) <= most and DIGITS.issuperset(text)


def read_time(year, stamp):
    """A time such as `Oct 28 14:28:06` of a year; None where there is no such time."""
    day, hour, minute, second = numbers = stamp[4:6], stamp[7:9], stamp[10:12], stamp[13:]
    day = day.lstrip(" ") if day != "  " else day
    if stamp[:3] not in MONTHS or stamp[3] + stamp[6] + stamp[9] + stamp[12] != "  ::":
        return None
    if not all(is_number(number, 1, 2) for number in (day, *numbers[1:])):
        return None
    month = MONTHS.index(stamp[:3]) + 1
    if not 1 <= int(day) <= monthrange(year, month)[1]:
        return None
    clock = (int(hour), int(minute), int(second))
    if any(number > last for number, last in zip(clock, LAST_OF_DAY)):
        return None
    return datetime(year, month, int(day), *clock)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone


def window_end(received):
    """The end of the minute in which a row was received."""
    return received.replace(second=0, microsecond=0) + MINUTE


def dangers(received, command):
    """One alert, or none, of a row of `commands`."""
    words = command[5].split(" ")
    rule = next((rule for rule, fits in RULES if fits([word for word in words if word])), None)
    return [(rule, command[2], received, command[5])] if rule else []


def removes_everything(words):
    """`rm -rf /` or the like."""
    return any(
        one == "rm" and two in ("-rf", "-fr") and three in ("/", "/*")
        for one, two, three in zip(words, words[1:], words[2:])
    )


def makes_a_file_system(words):
    """`mkfs` or one of its kinds."""
    return any(word.partition(".")[0] == "mkfs" for word in words)


def opens_to_everyone(words):
    """`chmod 777 /`, with `-R` or without."""
    rest = [
        word for at, word in enumerate(words) if word != "-R" or words[at - 1 : at] != ["chmod"]
    ]
    return ("chmod", "777", "/") in zip(rest, rest[1:], rest[2:])


def runs_a_download(words):
    """`curl` or `wget`, and further on a pipe to a shell."""
    pipes = [i for i, pair in enumerate(zip(words, words[1:])) if pair in SHELLS]
    return any({"curl", "wget"}.intersection(words[:i]) for i in pipes)


def overwrites_a_disk(words):
    """`dd`, and further on a device to write to."""
    return "dd" in words and any(
        word.startswith("of=/dev/") for word in words[words.index("dd") + 1 :]
    )


SHELLS = (("|", "sh"), ("|", "bash"))
RULES = (
    ("remove everything", removes_everything),
    ("make a file system", makes_a_file_system),
    ("open to everyone", opens_to_everyone),
    ("run a download", runs_a_download),
    ("overwrite a disk", overwrites_a_disk),
)
