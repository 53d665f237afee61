"""Web server logs as lines of JSON, as many services with habits of their own write them.

A tenth of the lines is bad in one of the ways below, and more with hostile values. All ids are
unique.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from generators import clocks
from generators import hostile as hostiles
from streamgauge import draws
from streamgauge.values.columns import Chosen, Columns, Joined, Part, Partly, Pool, pick, piled
from streamgauge.values.kinds import Numbers, Texts
from streamgauge.vectors import (
    below,
    chance,
    indices,
    lower,
    pieces,
    pile,
    places,
    ranked,
    taken,
    words,
)

if TYPE_CHECKING:
    from streamgauge.vectors import Flags, Ints, Words

_STREAM = 9
_BAD_PERCENT = 10
_PIECE = 16

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
_WHOLE = (None, "", ["x"])

# What makes a line bad, each as often as the others: its end is gone, or it is no JSON; a field is
# not there, or is nothing, or is no value; or its value is none that can be read.
_CUT, _NO_LOG, _NO_ID, _NO_TIME, _TIME, _METHOD, _PATH, _CODE, _SIZE = range(9)
_FINE = 9
# So many of 100 lines with one of these have the next one too: the first is what is told.
_FIRST_OF_TWO = [kind in (_NO_ID, _TIME, _PATH, _CODE) for kind in range(_FINE + 1)]
_TWO_PERCENT = 40
# How a time is written.
_ISO, _ZULU, _APACHE, _MILLIS, _MILLIS_TEXT, _SECONDS, _SECONDS_TEXT = range(7)


def _dumped(values: Sequence[Any], *, ascii_only: bool = True) -> list[str]:
    return [json.dumps(value, ensure_ascii=ascii_only) for value in values]


def _field(name: str, values: Sequence[Any], after: str = "") -> Pool:
    return Pool(*(f', "{name}": {text}{after}' for text in _dumped(values)))


def _gone(name: str) -> Pool:
    """The end of a line that lacks a field: without it, or it comes last and says nothing."""
    return Pool("}", f', "{name}": null}}', f', "{name}": {{"of": "old"}}}}')


def _requests(methods: Sequence[Any], paths: Sequence[Any], *, ascii_only: bool = True) -> Pool:
    made = [{"method": method, "path": path} for method in methods for path in paths]
    return Pool(*(f'"request": {text}' for text in _dumped(made, ascii_only=ascii_only)))


_REQUESTS = _requests(_METHODS, _PATHS, ascii_only=False)
_ASCII_REQUESTS = _requests(_METHODS, _PATHS)
_NO_METHODS = _requests(_WHOLE, _PATHS)
_NO_PATHS = _requests(_METHODS, _WHOLE)
_CODES, _TEXT_CODES = _field("status", _STATUS), _field("status", [str(code) for code in _STATUS])
_BAD_CODES = _field("status", _BAD_STATUS)
_SIZES = Pool(', "bytes": ', ', "bytes": "', ', "bytes": "-"', ', "bytes": null', "")
_BAD_SIZES, _LAST_BAD_SIZES = _field("bytes", _BAD_BYTES), _field("bytes", _BAD_BYTES, after="}")
_ADDRESSED = _field("client", [{"ip": address} for address in _ADDRESSES])
_CLIENTS = Pool("", ', "client": {"ip": null}', ', "client": null', "")
_USERS = Pool(', "user": {"id": ', ', "user": {"id": "ü', ', "user": null', "")
_BEHIND_USERS = Pool("}", '", "groups": ["staff", "ops"]}', "", "")
# They come to lie in MySQL, in a VARCHAR(255).
_ODD_TEXTS = hostiles.every(hostiles.shorter(hostiles.TEXTS, 255))
_ODD_REQUESTS = _requests(("GET",), _ODD_TEXTS, ascii_only=False)
_ODD_ASCII_REQUESTS = _requests(("GET",), _ODD_TEXTS)
_ODD_USERS = Pool(*(f', "user": {{"id": {text}' for text in _dumped(_ODD_TEXTS)))
_BEHIND_ODD_USERS = Pool("}")
_NO_IDS, _NO_TIMES = _gone("id"), _gone("time")

_BAD_TIMES = Pool(*_dumped(_UNKNOWN_TIMES))
# Almost a number of seconds; a zone as the other form has it.
_ODD_TIMES = Pool(
    *_dumped(_UNKNOWN_TIMES),
    *_dumped(("2026-01-01", "\u0661" * 10, "2026-01-01T10:00:00+0100")),
    *_dumped(("31/Jan/2026:10:00:00 +01:00",)),
)


class _Draw(NamedTuple):
    """What lines are drawn from: four small draws of each word, and what makes which bad."""

    where: Sequence[Words]
    how: Sequence[Words]
    what: Sequence[Words]
    odd: Sequence[Words]
    spoiled: Ints
    also: Ints
    odd_path: Words
    odd_user: Words
    percent: int

    def lacks(self, kind: int) -> Flags:
        """Which lines have this fault."""
        found: Flags = (self.spoiled == kind) | (self.also == kind)
        return found


class _When(NamedTuple):
    """The times of lines: in which form, the number since 1970, the zone and its second.

    Where a time is told it is a number, which may be in quotes, or of a clock.
    """

    form: Ints
    number: Ints
    zone: Ints
    second: Ints
    numeric: Flags
    quoted: Flags
    clock: Flags


def rows(seed: int, start: int, stop: int, hostile: int = hostiles.USUAL) -> Columns:
    """Rows (line), for indices start..stop-1.

    Of `hostile` in 100 the path is a hostile text, of as many the user, and of as many the time
    is none; with it, some lines are bad in two ways.
    """
    # Four small draws out of each word.
    where, how, what, odd = (pieces(word, _PIECE) for word in words(seed, _STREAM, start, stop))
    path, user, second, time = hostiles.draws(seed, start, stop, 4, hostile)
    spoiled = pile(below(odd[1], _FINE), (~chance(odd[0], _BAD_PERCENT), _FINE))
    spoiled = pile(spoiled, (chance(time, hostile), _TIME))
    also = spoiled + taken(_FIRST_OF_TWO, spoiled) * chance(second, _TWO_PERCENT * bool(hostile))
    draw = _Draw(where, how, what, odd, spoiled, also, path, user, hostile)
    lines = _written(indices(start, stop), draw).raw()
    _spoil(lines, spoiled, odd[2])
    return Columns(Texts(lines), size=len(lines))


def _spoil(lines: list[bytes], spoiled: Ints, drawn: Words) -> None:
    """Lines that are cut, or are no JSON."""
    cut, no_log = spoiled == _CUT, spoiled == _NO_LOG
    for at, word in zip(places(cut), drawn[cut].tolist()):
        text = lines[at].decode()
        lines[at] = text[: 1 + draws.below(word, len(text) - 1)].encode()
    for at, word in zip(places(no_log), drawn[no_log].tolist()):
        lines[at] = draws.pick(word, _NO_JSON).encode()


def _written(at: Ints, draw: _Draw) -> Joined:
    return Joined(
        *_id(at, draw),
        *_time(draw),
        _request(draw),
        _status(draw),
        *_bytes(draw),
        _client(draw),
        *_user(draw),
        _end(draw),
    )


def _ascii(draw: _Draw) -> Flags:
    """Whether a line has other characters as escapes. Spoiled ones do, but for those cut."""
    fine, cut = draw.spoiled == _FINE, draw.spoiled == _CUT
    unspoiled = (fine & chance(draw.odd[1], 30)) | (cut & chance(draw.odd[2], 30))
    escaped: Flags = unspoiled | (~fine & ~cut)
    return escaped


def _id(at: Ints, draw: _Draw) -> Sequence[Part]:
    gone = draw.lacks(_NO_ID)
    number = Partly(~gone, Numbers(at[~gone]))
    return piled('{"id": "w', (gone, "{")), number, piled('", ', (gone, ""))


def _time(draw: _Draw) -> Sequence[Part]:
    when, gone = _when(draw), draw.lacks(_NO_TIME)
    return (
        piled('"time": ', (gone, "")),
        _day(when, draw),
        *_clock(when),
        Partly(when.numeric, Numbers(when.number[when.numeric])),
        piled(_zone(when), (gone, "")),
    )


def _when(draw: _Draw) -> _When:
    form, drawn_zone = below(draw.how[0], 7), below(draw.where[2], len(clocks.ZONES))
    milliseconds = taken(clocks.STARTS, below(draw.where[0], len(clocks.STARTS))) * 1000
    milliseconds += 55 * below(draw.where[1], 2**_PIECE)
    number = pile(milliseconds, (form >= _SECONDS, milliseconds // 1000))
    zone = pile(drawn_zone, (form == _ZULU, clocks.ZONES.index(0)))
    second = milliseconds // 1000 + taken(clocks.ZONES, zone) * 60
    told = ~draw.lacks(_NO_TIME) & ~draw.lacks(_TIME)
    numeric = told & (form >= _MILLIS)
    quoted = numeric & ((form == _MILLIS_TEXT) | (form == _SECONDS_TEXT))
    return _When(form, number, zone, second, numeric, quoted, told & ~numeric)


def _day(when: _When, draw: _Draw) -> Part:
    day = ranked(when.second // clocks.DAY, clocks.DAYS)
    return piled(
        Chosen(day, clocks.ISO_DAYS),
        (when.form == _APACHE, Chosen(day, clocks.APACHE_DAYS)),
        (~when.clock, ""),
        (when.quoted, '"'),
        (draw.lacks(_TIME), pick(draw.odd[2], _ODD_TIMES if draw.percent else _BAD_TIMES)),
    )


def _clock(when: _When) -> Sequence[Part]:
    """Minute and second, and each second time, if that form has them, milliseconds."""
    whole = ~when.clock | (when.form == _APACHE) | (when.second % 2 == 0)
    return (
        piled(Chosen(when.second % clocks.DAY // 60, clocks.MINUTES), (~when.clock, "")),
        piled(Chosen(when.second % 60, clocks.CLOCK_SECONDS), (~when.clock, "")),
        piled(Chosen(when.number % 1000, clocks.FRACTIONS), (whole, "")),
    )


def _zone(when: _When) -> Chosen:
    """How a time ends, and what is between it and the next field."""
    return piled(
        Chosen(when.zone, clocks.ISO_ZONES),
        (when.form == _ZULU, 'Z", '),
        (when.form == _APACHE, Chosen(when.zone, clocks.APACHE_ZONES)),
        (~when.clock, ", "),
        (when.quoted, '", '),
    )


def _request(draw: _Draw) -> Part:
    method, path = below(draw.where[3], len(_METHODS)), below(draw.how[1], len(_PATHS))
    none = below(draw.odd[2], len(_WHOLE))
    no_method, no_path = draw.lacks(_METHOD), draw.lacks(_PATH)
    at, odd = method * len(_PATHS) + path, (draw.odd_path, draw.percent)
    return piled(
        hostiles.texts(Chosen(at, _REQUESTS), *odd, _ODD_REQUESTS),
        (_ascii(draw), hostiles.texts(Chosen(at, _ASCII_REQUESTS), *odd, _ODD_ASCII_REQUESTS)),
        (no_method, Chosen(none * len(_PATHS) + path, _NO_METHODS)),
        (no_path, Chosen(method * len(_WHOLE) + none, _NO_PATHS)),
        ((no_method | no_path) & chance(draw.odd[2], 10), '"request": "GET /"'),
    )


def _status(draw: _Draw) -> Part:
    return piled(
        pick(draw.what[0], _CODES),
        (chance(draw.what[1], 30), pick(draw.what[0], _TEXT_CODES)),
        (draw.lacks(_CODE), pick(draw.odd[2], _BAD_CODES)),
    )


def _bytes(draw: _Draw) -> Sequence[Part]:
    form, bad = below(draw.how[2], 5), draw.lacks(_SIZE)
    told, quoted = (form <= 1) & ~bad, (form == 1) & ~bad
    size = below(draw.what[2], 2**_PIECE)[told] ** 2
    there = bad & (form < len(_SIZES.values) - 1)
    before = piled(Chosen(form, _SIZES), (there, pick(draw.odd[2], _BAD_SIZES)))
    return before, Partly(told, Numbers(size)), piled("", (quoted, '"'))


def _client(draw: _Draw) -> Part:
    form = below(draw.how[3], 4)
    return piled(Chosen(form, _CLIENTS), (form == 0, pick(draw.what[2], _ADDRESSED)))


def _user(draw: _Draw) -> Sequence[Part]:
    # From other bits than the number's, which are the highest ones.
    form, number = below(lower(draw.what[3], 8), 4), below(draw.what[3], 500)
    before = piled(Chosen(form, _USERS), (_ascii(draw) & (form == 1), ', "user": {"id": "\\u00fc'))
    odd = draw.odd_user, draw.percent
    numbered = (form <= 1) & ~chance(*odd)
    return (
        hostiles.texts(before, *odd, _ODD_USERS),
        Partly(numbered, Numbers(number[numbered])),
        hostiles.texts(Chosen(form, _BEHIND_USERS), *odd, _BEHIND_ODD_USERS),
    )


def _end(draw: _Draw) -> Part:
    """What a spoiled line has instead of a field comes last."""
    last = draw.lacks(_SIZE) & (below(draw.how[2], 5) == len(_SIZES.values) - 1)
    return piled(
        "}",
        (draw.lacks(_NO_ID), pick(draw.odd[2], _NO_IDS)),
        (draw.lacks(_NO_TIME), pick(draw.odd[2], _NO_TIMES)),
        (last, pick(draw.odd[2], _LAST_BAD_SIZES)),
    )
