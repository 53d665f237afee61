"""Types made of other types: ARRAY, MAP and ROW, to any depth; JSON is how they are written."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from streamgauge.values import types
from streamgauge.values.text import json_value, to_text
from streamgauge.values.types import Type

ARRAY, MAP, ROW = NESTED = ("ARRAY", "MAP", "ROW")
KINDS = (*types.KINDS, *NESTED)
NOT_NULL = "NOT NULL"
_TOKEN = re.compile(r"\s*(`(?:[^`]|``)+`|\w+|[<>(),])")
_KEYS = ("STRING", "CHAR", "VARCHAR")


class Tree(NamedTuple):
    """A type as it is read: `parts` are those that it is made of, of a ROW with `names`.

    An atom has its whole text as `kind`.
    """

    kind: str
    parts: tuple[Tree, ...] = ()
    names: tuple[str, ...] = ()
    required: bool = False


@cache
def known(text: str) -> Type:
    """The type of a text such as `ARRAY<ROW<a INT>>`; a ValueError where there is none."""
    return _type(read(text)) if text.startswith(NESTED) else types.known(text)


@cache
def rendered(text: str) -> str:
    """The type as Flink reads it: names in it may be words of SQL."""
    return _text(read(text)) if text.startswith(NESTED) else text


def kind(text: str) -> str:
    """A type without what stands in brackets."""
    return re.split("[(<]", text, maxsplit=1)[0]


def _type(tree: Tree) -> Type:
    if not tree.parts:
        return types.known(tree.kind)
    parts = [_type(part) for part in tree.parts]
    nulls = [not part.required for part in tree.parts]
    if tree.kind == ARRAY:
        return _array(parts[0], null=nulls[0])
    if tree.kind == MAP:
        return _map(tree, parts[1], null=nulls[1])
    return _row(tree.names, parts, nulls)


def _array(part: Type, *, null: bool) -> Type:
    def fits(value: Any) -> bool:
        return type(value) is tuple and all(_fits(part, each, null=null) for each in value)

    return _written(
        fits,
        f"a tuple, each of it {part.values}",
        lambda value: [_to_json(part, each) for each in value],
        lambda told: tuple([_from_json(part, each) for each in _is(list, told)]),
    )


def _map(tree: Tree, part: Type, *, null: bool) -> Type:
    """Of pairs, for a dict is equal to others but can be no part of a set of rows."""
    if kind(tree.parts[0].kind) not in _KEYS:
        raise ValueError(f"{_text(tree)}: in JSON keys are texts: {', '.join(_KEYS)}")
    key = types.known(tree.parts[0].kind)

    def fits(value: Any) -> bool:
        if type(value) is not frozenset or not all(map(_is_pair, value)):
            return False
        unlike = len({name for name, _ in value}) == len(value)
        return unlike and all(key.fits(n) and _fits(part, v, null=null) for n, v in value)

    return _written(
        fits,
        f"a frozenset of pairs with keys of their own, each {key.values}, and {part.values}",
        lambda value: {name: _to_json(part, each) for name, each in sorted(value, key=_first)},
        lambda told: frozenset((n, _from_json(part, v)) for n, v in _is(dict, told).items()),
    )


def _first(pair: tuple[str, Any]) -> str:
    return pair[0]


def _is_pair(value: Any) -> bool:
    return type(value) is tuple and len(value) == 2  # noqa: PLR2004


def _row(names: Sequence[str], parts: Sequence[Type], nulls: Sequence[bool]) -> Type:
    def fits(value: Any) -> bool:
        if type(value) is not tuple or len(value) != len(parts):
            return False
        return all(_fits(p, each, null=null) for p, each, null in zip(parts, value, nulls))

    return _written(
        fits,
        f"a tuple of {', '.join(f'{n}: {part.values}' for n, part in zip(names, parts))}",
        lambda value: {n: _to_json(p, each) for n, p, each in zip(names, parts, value)},
        lambda told: tuple([_from_json(p, _is(dict, told).get(n)) for n, p in zip(names, parts)]),
    )


def _written(fits: types.Fits, values: str, to_json: types.Write, from_json: types.Write) -> Type:
    def parse(text: str) -> Any:
        return from_json(json.loads(text, parse_float=Decimal))

    return Type(parse, fits, values, None, to_json, from_json)


def _fits(part: Type, value: Any, *, null: bool) -> bool:
    return null if value is None else part.fits(value)


def _to_json(part: Type, value: Any) -> Any:
    return part.to_json(value) if part.to_json and value is not None else json_value(value)


def _from_json(part: Type, told: Any) -> Any:
    if told is None or type(told) is part.in_json:
        return told
    return part.from_json(told) if part.from_json else part.parse(plain(told))


def plain(told: Any) -> str:
    """The text of what JSON has for a value; a ValueError where there is none."""
    if isinstance(told, (dict, list)):
        raise ValueError(f"{told!r} is no single value of JSON")  # noqa: TRY004
    return str(to_text(told))


def _is(kind: type, told: Any) -> Any:
    """What JSON has; a ValueError where it is of another kind."""
    if type(told) is not kind:
        raise ValueError(f"{told!r} is no {kind.__name__} of JSON")
    return told


def _text(tree: Tree) -> str:
    inner = [_text(part) for part in tree.parts]
    if tree.names:
        quoted = ("`" + name.replace("`", "``") + "`" for name in tree.names)
        inner = [" ".join(pair) for pair in zip(quoted, inner)]
    whole = f"{tree.kind}<{', '.join(inner)}>" if inner else tree.kind
    return f"{whole} {NOT_NULL}" if tree.required else whole


def read(text: str) -> Tree:
    """A type as a tree; a ValueError where it is none."""
    tokens = _TOKEN.findall(text)
    try:
        tree = _tree(tokens)
    except (IndexError, KeyError):
        tokens = ["?"]
    if tokens or _TOKEN.sub("", text).strip():
        raise ValueError(f"unknown type {text!r}")
    return tree


def _tree(tokens: list[str]) -> Tree:
    """The type that the tokens begin with, which are taken."""
    name = tokens.pop(0)
    read = {ARRAY: _one, MAP: _two, ROW: _fields}[name] if name in NESTED else None
    tree = read(name, tokens) if read else Tree(name + _parameters(tokens))
    if tokens[:2] == NOT_NULL.split():
        del tokens[:2]
        return tree._replace(required=True)
    return tree


def _one(name: str, tokens: list[str]) -> Tree:
    _take(tokens, "<")
    part = _tree(tokens)
    _take(tokens, ">")
    return Tree(name, (part,))


def _two(name: str, tokens: list[str]) -> Tree:
    _take(tokens, "<")
    key = _tree(tokens)
    _take(tokens, ",")
    value = _tree(tokens)
    _take(tokens, ">")
    return Tree(name, (key, value))


def _fields(name: str, tokens: list[str]) -> Tree:
    names: list[str] = []
    parts: list[Tree] = []
    separator = "<"
    while separator != ">":
        _take(tokens, separator)
        names.append(_plain(tokens.pop(0)))
        parts.append(_tree(tokens))
        separator = ">" if tokens[0] == ">" else ","
    _take(tokens, ">")
    twice = [each for each in names if names.count(each) > 1]
    if twice:
        raise ValueError(f"{name} with {twice[0]} twice")
    return Tree(name, tuple(parts), tuple(names))


def _plain(name: str) -> str:
    return name[1:-1].replace("``", "`") if name.startswith("`") else name


def _parameters(tokens: list[str]) -> str:
    if tokens[:1] != ["("]:
        return ""
    end = tokens.index(")") + 1
    told = "".join(tokens[:end]).replace(",", ", ")
    del tokens[:end]
    return told


def _take(tokens: list[str], wanted: str) -> None:
    if tokens.pop(0) != wanted:
        raise KeyError(wanted)
