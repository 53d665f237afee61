"""Errors a user may see: one line each, and the exit code that goes with it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress


class StreamgaugeError(Exception):
    """Something streamgauge needs did not work; its text is for the user."""

    exit_code = 1


class UsageError(StreamgaugeError):
    """What the user asked for does not exist or does not fit."""

    exit_code = 2


class ScenarioError(UsageError):
    """A scenario folder is not what it should be; found before anything starts."""


class JobError(StreamgaugeError):
    """A job ended as it should not; its text is Flink's root cause."""


def nearest(word: str, choices: Collection[str]) -> str:
    """A hint that names the nearest of `choices`, in any case, or nothing where none is near."""
    folded = {choice.lower(): choice for choice in choices}
    near = difflib.get_close_matches(word.lower(), folded, n=1, cutoff=0.5)
    return f" (did you mean {folded[near[0]]}?)" if near else ""


def choose(kind: str, word: str, choices: Collection[str]) -> str:
    """`word` if it is one of `choices`, else a UsageError that lists them."""
    if word in choices:
        return word
    raise UsageError(
        f"unknown {kind} {word!r}{nearest(word, choices)}; valid: {', '.join(choices)}"
    )


@contextmanager
def tidied(tidy: Callable[[], None]) -> Iterator[None]:
    """`tidy` up after the body; what that complains of never hides why the body failed."""
    try:
        yield
    except BaseException:
        with suppress(Exception):
            tidy()
        raise
    tidy()
