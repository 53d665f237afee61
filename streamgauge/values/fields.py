"""Fields of what a user declares, held against the types that they are declared with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from streamgauge.errors import ScenarioError

_TUPLE = re.compile(r"tuple\[(\w+), \.\.\.\]")
_MAPPING = re.compile(r"Mapping\[(\w+), (.+)\]")
_PLAIN = ("str", "int", "bool", "Schema", "Script", "Alignment", "timedelta")
_SHOWN = 60


def check_fields(told: str, thing: Any) -> None:
    """A ScenarioError for the first field of a dataclass that is of another type than it says.

    A text is no tuple: it would be one of its letters. What other types say nobody looks at.
    """
    for field in fields(thing):
        type_, value = str(field.type), getattr(thing, field.name)
        wanted = type_.removesuffix(" | None")
        if not (_fits(wanted, value) or (value is None and wanted != type_)):
            text = repr(value)
            short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
            raise ScenarioError(
                f"{told}: {field.name}={short} is no {wanted}{_advice(wanted, value)}"
            )


def _fits(wanted: str, value: Any) -> bool:
    if found := _TUPLE.fullmatch(wanted):
        return isinstance(value, (tuple, list)) and all(_is(found[1], each) for each in value)
    if found := _MAPPING.fullmatch(wanted):
        return isinstance(value, Mapping) and all(
            _is(found[1], key) and _fits(found[2], each) for key, each in value.items()
        )
    return wanted not in _PLAIN or _is(wanted, value)


def _is(name: str, value: Any) -> bool:
    """Whether it is of a class of that name; True is no number."""
    if isinstance(value, bool):
        return name == "bool"
    return name in {each.__name__ for each in type(value).__mro__}


def _advice(wanted: str, value: Any) -> str:
    found = _TUPLE.fullmatch(wanted)
    return f"; write ({value!r},)" if found and isinstance(value, str) else ""
