"""Wrong variants of Flink SQL, of the kinds that people write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from streamgauge.planting.conditions import KINDS, Found, by_one
from streamgauge.planting.reading import Reading
from streamgauge.planting.variant import Variant, differing

# The types of a table's columns by name.
Tables = Sequence[Mapping[str, str]]

_WINDOWS = ("TUMBLE", "HOP", "CUMULATE", "SESSION")
_AGGREGATES = {
    "SUM": "MAX",
    "AVG": "MAX",
    "MAX": "MIN",
    "MIN": "MAX",
    "FIRST_VALUE": "LAST_VALUE",
    "LAST_VALUE": "FIRST_VALUE",
}
_RANKS = {"ROW_NUMBER": "RANK", "RANK": "DENSE_RANK", "DENSE_RANK": "RANK"}
_NARROWER = {
    "BIGINT": "INT",
    "INT": "SMALLINT",
    "INTEGER": "SMALLINT",
    "SMALLINT": "TINYINT",
    "DOUBLE": "FLOAT",
    "STRING": "VARCHAR(10)",
}
_COUNTED = {"COUNT": "SMALLINT", "SUM": "INT"}
_CHANGES = {
    *("LOWER", "UPPER", "INITCAP", "TRIM", "LTRIM", "RTRIM", "ABS", "FLOOR", "CEIL", "ROUND"),
    *("REGEXP_EXTRACT", "REGEXP_REPLACE", "REPLACE", "SUBSTRING", "LPAD", "RPAD", "LEFT", "RIGHT"),
}
_DEFAULTS = ("COALESCE", "IFNULL")
_BOUNDS = {"WINDOW_START": "window_end", "WINDOW_END": "window_start"}


def variants(text: str, tables: Tables = ()) -> list[Variant]:
    """The wrong variants of a text, in order; columns are exchanged for others of the tables."""
    read = Reading(text)
    found = [variant for kind in (*KINDS, *_KINDS) for variant in kind(read)]
    return differing([*found, *_columns(read, tables)], text)


def _intervals(read: Reading) -> Found:
    inside = {n for at in read.calls(*_WINDOWS) for n in range(at, read.partner[at + 1])}
    for at in read.places("INTERVAL"):
        kind = "window" if at in inside else "interval"
        if read.word(at + 1) == "'":
            for other in by_one(read.name(at + 1)):
                yield read.put(kind, at + 1, at + 1, f"'{other}'")


def _windows(read: Reading) -> Found:
    for at in read.calls("HOP", "CUMULATE"):
        other = "CUMULATE" if read.word(at) == "HOP" else "HOP"
        yield read.put("window", at, at, other)
    for at in read.places("ROWS", "RANGE"):
        if read.word(at + 1) == "BETWEEN":
            yield read.put("window", at, at, "RANGE" if read.word(at) == "ROWS" else "ROWS")


def _aggregates(read: Reading) -> Found:
    for at in read.calls(*_AGGREGATES):
        yield read.put("aggregate", at, at, _AGGREGATES[read.word(at)])


def _distinct(read: Reading) -> Found:
    for at in read.places("DISTINCT"):
        if read.word(at + 1) != "FROM":
            yield read.without("DISTINCT lost", at, at)
    for at in read.calls("COUNT", "SUM", "AVG"):
        if read.word(at + 2) not in ("DISTINCT", "*", ")"):
            yield read.put("DISTINCT added", at + 1, at + 1, "(DISTINCT ")
    for at in read.places("SELECT"):
        if read.word(at + 1) != "DISTINCT" and not _grouped(read, at):
            yield read.put("DISTINCT added", at, at, "SELECT DISTINCT")


def _grouped(read: Reading, at: int) -> bool:
    """Whether a SELECT gives a row a group."""
    while at < len(read) and read.partner.get(at, at) >= at and read.word(at) not in ("UNION", ";"):
        if read.word(at) == "GROUP BY":
            return True
        at = read.after(at)
    return False


def _counts(read: Reading) -> Found:
    for at in read.calls("COUNT"):
        if read.word(at + 2) not in ("*", "DISTINCT", ")"):
            yield read.put("COUNT(*)", at + 2, read.partner[at + 1] - 1, "*")


def _orders(read: Reading) -> Found:
    for at in read.places("ORDER BY"):
        for number, (first, last) in enumerate(read.items(at + 1)):
            kind = "tie order" if number else "order"
            yield _turned(read, kind, first, last)
            if number:
                yield read.without(kind, first - 1, last)


def _turned(read: Reading, kind: str, first: int, last: int) -> Variant:
    if read.word(last) == "DESC":
        return read.without(kind, last, last)
    said = last - 1 if read.word(last) == "ASC" else last
    return read.put(kind, first, last, f"{read.written(first, said)} DESC")


def _partitions(read: Reading) -> Found:
    for at in read.places("PARTITION BY"):
        items = read.items(at + 1)
        for (first, _), (following, _) in zip(items, items[1:]):
            instead = read.written(following, following)
            yield read.put("partition", first, following, instead)
        if len(items) > 1:
            yield read.without("partition", items[-1][0] - 1, items[-1][1])


def _ranks(read: Reading) -> Found:
    for at in read.calls(*_RANKS):
        yield read.put("rank kind", at, at, _RANKS[read.word(at)])


def _casts(read: Reading) -> Found:
    for at in read.calls("CAST", "TRY_CAST"):
        last = read.partner[at + 1] - 1
        first = next((n for n in read.level(at + 2, last) if read.word(n) == "AS"), last) + 1
        narrower = _narrower(read, first, last)
        if narrower:
            yield read.put("narrower cast", first, last, narrower)
    for at in read.calls(*_COUNTED):
        last = read.partner[at + 1]
        if read.word(last + 1) == "OVER":
            last = read.after(last + 2) - 1
        wrapped = f"CAST({read.written(at, last)} AS {_COUNTED[read.word(at)]})"
        yield read.put("narrower cast", at, last, wrapped)


def _narrower(read: Reading, first: int, last: int) -> str:
    """Of the type that stands there; "" where we know of none."""
    name, number = read.word(first), read.word(last - 1)
    if first == last or name not in ("DECIMAL", "TIMESTAMP", "TIMESTAMP_LTZ"):
        return _NARROWER.get(name, "") if first == last else ""
    less = int(number) - 1 if number.isdigit() else -1
    before = read.text[read.tokens[first].start : read.tokens[last - 1].start]
    return f"{before}{less})" if less >= 0 else ""


def _cases(read: Reading) -> Found:
    for at in read.places("CASE"):
        if at not in read.partner:
            continue
        own = list(read.level(at + 1, read.partner[at] - 1))
        whens = [n for n in own if read.word(n) == "WHEN"]
        other = [n for n in own if read.word(n) == "ELSE"]
        stops = [*whens[1:], other[0] if other else read.partner[at]]
        branches = [(when, stop - 1) for when, stop in zip(whens, stops)]
        for one, two in zip(branches, branches[1:]):
            instead = f"{read.written(*two)} {read.written(*one)}"
            yield read.put("CASE order", one[0], two[1], instead)
        for n in other:
            yield read.without("CASE order", n, read.partner[at] - 1)


def _wrappings(read: Reading) -> Found:
    """The first argument of what only changes it."""
    for at in read.calls(*_DEFAULTS, *_CHANGES):
        kind = "coalesce left out" if read.word(at) in _DEFAULTS else "function left out"
        for argument in read.arguments(at)[:1]:
            yield read.put(kind, at, read.partner[at + 1], read.written(*argument))


def _arithmetic(read: Reading) -> Found:
    others = {"+": "-", "-": "+", "*": "/", "/": "*"}
    for at in read.places(*others):
        whole = read.word(at) == "*" and read.word(at - 1) in ("(", "SELECT", ",", ".", "DISTINCT")
        if not whole:
            yield read.put("arithmetic", at, at, others[read.word(at)])


def _unions(read: Reading) -> Found:
    for at in read.places("UNION"):
        if read.word(at + 1) == "ALL":
            yield read.put("UNION", at, at + 1, "UNION")
        else:
            yield read.put("UNION", at, at, "UNION ALL")


def _bounds(read: Reading) -> Found:
    for at in read.places(*_BOUNDS):
        yield read.put("another column", at, at, _BOUNDS[read.word(at)])


def _columns(read: Reading, tables: Tables) -> Found:
    """Another column of the same type, the next of its table, where one is read."""
    for columns in tables:
        for at in _read_columns(read, columns):
            alike = [n for n, kind in columns.items() if kind == columns[read.name(at)]]
            following = alike[(alike.index(read.name(at)) + 1) % len(alike)]
            if following != read.name(at):
                yield read.put("another column", at, at, f"`{following}`")


def _read_columns(read: Reading, columns: Mapping[str, str]) -> Iterator[int]:
    for at, token in enumerate(read.tokens):
        named = token.token_type.name != "STRING" and token.text in columns
        if named and read.word(at - 1) != "AS" and read.word(at + 1) not in ("(", "."):
            yield at


_KINDS: tuple[Callable[[Reading], Found], ...] = (
    _intervals,
    _windows,
    _aggregates,
    _distinct,
    _counts,
    _orders,
    _partitions,
    _ranks,
    _casts,
    _cases,
    _wrappings,
    _arithmetic,
    _unions,
    _bounds,
)
