"""How values are written: as JSON, or as they are."""

from __future__ import annotations

import csv
import io
import json
from binascii import b2a_base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from streamgauge.values.schema import Row, as_bytes
from streamgauge.values.text import json_value

_FEW = 10
# Made once: dumps makes one for each value.
_TO_JSON = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, eq=False)
class Notation:
    """A way to write values, in UTF-8.

    `value` writes any value, None included; `inside` a part of a text, without the quotes
    around it, and `quote` is one of those. What goes between quotes as it is, such as a time,
    needs no more. `blob` writes bytes whole.
    """

    value: Callable[[Any], bytes]
    inside: Callable[[str], bytes]
    blob: Callable[[bytes], bytes]
    quote: bytes


def _json(value: Any) -> bytes:
    return _TO_JSON(json_value(value)).encode()


def _json_inside(text: str) -> bytes:
    return _TO_JSON(text)[1:-1].encode()


def _base64(value: bytes) -> bytes:
    return b'"' + b2a_base64(value, newline=False) + b'"'


JSON = Notation(_json, _json_inside, _base64, b'"')
RAW = Notation(as_bytes, str.encode, bytes, b"")


def few(rows: Sequence[Row], *others: Sequence[Row]) -> list[str]:
    """The rows of an only sink as sorted CSV lines, if they are few enough to read."""
    if others or len(rows) > _FEW:
        return []
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return sorted(text.getvalue().split("\n")[:-1])
