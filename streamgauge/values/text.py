"""Values as text, and as JSON has them."""

from __future__ import annotations

import base64
from datetime import datetime, timezone
from typing import Any

_AS_IS = (type(None), bool, int, float)


def json_value(value: Any) -> Any:
    """A value as Flink's JSON format reads it, of the types that JSON has."""
    return value if isinstance(value, _AS_IS) else to_text(value)


def to_text(value: Any) -> str | None:
    """A value as Flink's CSV and JSON formats read it; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime) and value.tzinfo:
        return f"{value.astimezone(timezone.utc).replace(tzinfo=None)}Z"
    return str(value)
