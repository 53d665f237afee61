"""A wrong variant: what stands elsewhere in a file than it should."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Variant(NamedTuple):
    """What is written in a file's text from `start` to `stop`, and what stands there `instead`."""

    kind: str
    start: int
    stop: int
    instead: str
    file: str = ""

    def planted(self, text: str) -> str:
        """The whole text, with this in it."""
        return text[: self.start] + self.instead + text[self.stop :]

    def line(self, text: str) -> int:
        """Of its first change, from 1."""
        written = text[self.start : self.stop]
        pairs = enumerate(zip(written, self.instead))
        same = next((at for at, (old, new) in pairs if old != new), len(self.instead))
        blanks = len(written[same:]) - len(written[same:].lstrip())
        return text.count("\n", 0, self.start + same + blanks) + 1

    def diff(self, text: str) -> list[str]:
        """The lines that differ, as written (-) and as planted (+)."""
        old, new = text.split("\n"), self.planted(text).split("\n")
        first = _alike(old, new)
        last = _alike(old[first:][::-1], new[first:][::-1])
        gone, come = old[first : len(old) - last], new[first : len(new) - last]
        if len(gone) == len(come):
            pairs = [pair for pair in zip(gone, come) if pair[0] != pair[1]]
            gone, come = [each for each, _ in pairs], [each for _, each in pairs]
        lines = [f"- {line.strip()}" for line in gone] + [f"+ {line.strip()}" for line in come]
        return [line.rstrip() for line in lines]


def _alike(one: Sequence[str], two: Sequence[str]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(one, two))
    return next((at for at, (old, new) in pairs if old != new), min(len(one), len(two)))


def differing(found: Iterable[Variant], text: str) -> list[Variant]:
    """Those that are not the text itself, and the first of those that come to one text."""
    by_text: dict[str, Variant] = {}
    for variant in found:
        by_text.setdefault(variant.planted(text), variant)
    others = [variant for whole, variant in by_text.items() if whole != text]
    return sorted(others, key=lambda variant: (variant.start, variant.stop))
