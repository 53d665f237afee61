"""Web server logs as lines of JSON, as many services with habits of their own write them.

A tenth of the lines is bad in one of the ways of `_SPOILERS`. All ids are unique.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from streamgauge.draws import below, chance, draws, pick

_STREAM = 9
_BAD_PERCENT = 10
_PIECE = 16

# Where days, months and years end, and where New York and Berlin skip an hour.
_HOURS = tuple(
    datetime.fromisoformat(f"{hour}:00+00:00")
    for hour in (
        "2024-02-29T23", "2025-12-31T22", "2025-12-31T23", "2026-01-01T00",
        "2026-01-01T01", "2026-03-08T02", "2026-03-29T02", "2026-12-31T23",
    )
)  # fmt: skip
_ZONES = tuple(timezone(timedelta(minutes=minutes)) for minutes in (120, -300, 330, 0, -210))
_METHODS = ("GET", "GET", "GET", "POST", "PUT", "DELETE")
_PATHS = (
    "/", "/cart?item=7&n=2", "/søk/λ", "/搜索?q=日本", "/a b", '/say "hi"', "/back\\slash",
    "/tab\there", "/🦑", "/it's", "/" + "long/" * 40,
)  # fmt: skip
_STATUS = (200, 204, 301, 404, 500, 599, 100)
_ADDRESSES = ("10.0.0.1", "192.168.7.23", "2001:db8::1", "172.25.0.2")
_UNKNOWN_TIMES = (
    "yesterday", "2026-02-30T10:00:00Z", "2026-01-01 10:00:00", "2026-01-01T24:00:00Z",
    "31/Foo/2026:10:00:00 +0000", "29/Feb/2025:10:00:00 +0000", "2026-01-01T10:00:00",
    "2026-1-1T10:00:00Z", "2026-01-01T10:00:60Z", 12345, "", True,
)  # fmt: skip
_NO_JSON = ("-- MARK --", "", "[1, 2]", "null", "{'id': 1}", "17", '"text"')
_BAD_STATUS = ("OK", 99, 600, None, 200.5, True, "", "0200", -200)
_BAD_BYTES = ("many", -5, 1.5, "", "1e3", False)

Log = dict[str, Any]


def rows(seed: int, start: int, stop: int) -> list[tuple[str]]:
    """Rows (line), for indices start..stop-1."""
    numbers = draws(seed, _STREAM, start, stop)
    return [(_line(index, drawn),) for index, drawn in zip(range(start, stop), numbers)]


def _line(index: int, drawn: list[int]) -> str:
    where, how, what, odd = (_pieces(word) for word in drawn)
    log = _log(index, where, how, what)
    if chance(odd[0], _BAD_PERCENT):
        return pick(odd[1], _SPOILERS)(log, odd[2])
    return _text(log, odd[1])


def _pieces(word: int) -> list[int]:
    """Four small draws out of a large one, each as `pick` and `below` take it."""
    return [(word >> at) % 2**_PIECE << 64 - _PIECE for at in range(0, 64, _PIECE)]


def _log(index: int, where: list[int], how: list[int], what: list[int]) -> Log:
    moment = pick(where[0], _HOURS) + timedelta(milliseconds=55 * below(where[1], 2**_PIECE))
    status = pick(what[0], _STATUS)
    return {
        "id": f"w{index}",
        "time": pick(how[0], _FORMATS)(moment.astimezone(pick(where[2], _ZONES))),
        "request": {"method": pick(where[3], _METHODS), "path": pick(how[1], _PATHS)},
        "status": str(status) if chance(what[1], 30) else status,
        **_bytes(how[2], below(what[2], 2**_PIECE) ** 2),
        **_client(how[3], pick(what[2], _ADDRESSES)),
        **_user(what[3], below(what[3], 500)),
    }


def _bytes(word: int, size: int) -> Log:
    return pick(
        word,
        ({"bytes": size}, {"bytes": str(size)}, {"bytes": "-"}, {"bytes": None}, {}),
    )


def _client(word: int, address: str) -> Log:
    return pick(word, ({"client": {"ip": address}}, {"client": {"ip": None}}, {"client": None}, {}))


def _user(word: int, number: int) -> Log:
    named = {"user": {"id": f"ü{number}", "groups": ["staff", "ops"]}}
    # From other bits than the number's, which are the highest ones.
    return pick(word << 8 & 2**64 - 1, ({"user": {"id": number}}, named, {"user": None}, {}))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.second % 2 else "seconds")


def _zulu(moment: datetime) -> str:
    return _iso(moment.astimezone(timezone.utc)).replace("+00:00", "Z")


def _apache(moment: datetime) -> str:
    # Not strftime's %b, which depends on the machine's language.
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return moment.strftime(f"%d/{months[moment.month - 1]}/%Y:%H:%M:%S %z")


def _millis(moment: datetime) -> int:
    return (moment - datetime.fromtimestamp(0, timezone.utc)) // timedelta(milliseconds=1)


_FORMATS: tuple[Callable[[datetime], Any], ...] = (
    _iso,
    _zulu,
    _apache,
    _millis,
    lambda moment: str(_millis(moment)),
    lambda moment: _millis(moment) // 1000,
    lambda moment: str(_millis(moment) // 1000),
)


def _text(log: Log, word: int) -> str:
    return json.dumps(log, ensure_ascii=chance(word, 30))


def _truncated(log: Log, word: int) -> str:
    text = _text(log, word)
    return text[: 1 + below(word, len(text) - 1)]


def _no_json(log: Log, word: int) -> str:
    return pick(word, _NO_JSON)


def _without(name: str) -> Callable[[Log, int], str]:
    """The field is not there, or is nothing, or is no value."""

    def spoil(log: Log, word: int) -> str:
        log.pop(name)
        return _text({**log, **pick(word, ({}, {name: None}, {name: {"of": "old"}}))}, 0)

    return spoil


def _without_request(name: str) -> Callable[[Log, int], str]:
    def spoil(log: Log, word: int) -> str:
        log["request"][name] = pick(word, (None, "", ["x"]))
        return _text({**log, "request": "GET /"} if chance(word, 10) else log, 0)

    return spoil


def _with(name: str, values: tuple[Any, ...]) -> Callable[[Log, int], str]:
    def spoil(log: Log, word: int) -> str:
        return _text({**log, name: pick(word, values)}, 0)

    return spoil


_SPOILERS: tuple[Callable[[Log, int], str], ...] = (
    _truncated,
    _no_json,
    _without("id"),
    _without("time"),
    _with("time", _UNKNOWN_TIMES),
    _without_request("method"),
    _without_request("path"),
    _with("status", _BAD_STATUS),
    _with("bytes", _BAD_BYTES),
)
