"""What a Java or Python stack trace says to a user."""

from __future__ import annotations

import re
from pathlib import PurePath

_BEGIN = re.compile(r"^\s*(?:Caused by: |: )", re.MULTILINE)
_TRACEBACK = "Traceback (most recent call last)"
_FRAME = re.compile(r'^\s*File "(.+)", line (\d+)(?:, in (.+))?$', re.MULTILINE)
_IN_SQL = re.compile(r"line \d+, column \d+")
# Whose frames are nobody's dialect: packages, Python itself, and the worker.
_OTHERS = ("site-packages", "dist-packages", "<", "/lib/python", "/streamgauge/worker/")


def root_cause(trace: str) -> str:
    """The innermost cause in a stack trace, in one line, with its place in SQL or Python.

    Where a Python function failed, that is the last line of its own traceback. A query
    that does not fit its sink is told with the columns of both.
    """
    head, *inner = _BEGIN.split(trace)
    python = head if _TRACEBACK in head else ""
    parts = inner if inner and python else [head, *inner]
    causes = [said for said in map(_said, parts) if said]
    if not causes:
        return trace
    cause = _placed(causes)
    if any(_TRACEBACK in line for line in cause):
        part = next(part for part in parts if _said(part) == cause)
        return _raised(part) + _place("\n".join(cause).rpartition(_TRACEBACK)[2])
    whole = any(line.startswith("Query schema:") for line in cause)
    return (" ".join(cause) if whole else cause[0]) + _place(python)


def _raised(part: str) -> str:
    """The last exception of Python's in a cause; its message, which may have lines, in one."""
    lines = _lines(part.rpartition(_TRACEBACK)[2].partition("\n")[2])
    begins = next((n for n, line in enumerate(lines) if not line[0].isspace()), -1)
    return " ".join(line.strip() for line in lines[begins:])


def _said(part: str) -> list[str]:
    """A cause's message by lines, without Java's frames."""
    return [line.strip() for line in _lines(part)]


def _lines(part: str) -> list[str]:
    lines = part.splitlines()
    ends = (i for i, line in enumerate(lines) if line.startswith(("\tat ", "\t at ", "\t... ")))
    return [line for line in lines[: next(ends, len(lines))] if line.strip()]


def _placed(causes: list[list[str]]) -> list[str]:
    """The innermost cause; or one around it that says the same and where in the SQL it is."""
    innermost = causes[-1]
    said = innermost[0].partition(": ")[2] or innermost[0]
    around = [c for c in causes if _IN_SQL.search(c[0]) and said in c[0]]
    return innermost if _IN_SQL.search(innermost[0]) or not around else around[-1]


def _place(traceback: str) -> str:
    """File, line and function of the innermost frame in a dialect, if there is any."""
    frames = [f for f in _FRAME.findall(traceback) if not any(o in f[0] for o in _OTHERS)]
    if not frames:
        return ""
    file, line, function = frames[-1]
    told = "/".join(PurePath(file).parts[-3:])
    return f" ({told}, line {line}" + (f", in {function})" if function else ")")
