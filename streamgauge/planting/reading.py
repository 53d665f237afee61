"""Flink SQL as a tree of brackets and CASEs over its text, where each word keeps its place.

sqlglot reads its words. Its tree would not do: it knows neither windows nor FOR SYSTEM_TIME, and
does not write back what was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from streamgauge.planting.variant import Variant
from streamgauge.sql import tokenizer

_OPENS = {"(": ")", "CASE": "END", "[": "]"}
# What an expression ends at, where it is not the name of a function.
_ENDS = {
    *("SELECT", "FROM", "WHERE", "HAVING", "ON", "GROUP BY", "ORDER BY", "WINDOW"),
    *("PARTITION BY", "LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT", "AS", "ROWS"),
    *("RANGE", "JOIN", "LEFT", "RIGHT", "INNER", "FULL", "CROSS", "WHEN", "THEN", "ELSE", ",", ";"),
}


class Reading:
    """A text's words by number; `partner` has of a bracket the other one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenizer().tokenize(text)
        self.words = [self._word(token) for token in self.tokens]
        self.partner = dict(_partners(self.words))

    @staticmethod
    def _word(token: object) -> str:
        """In capitals; that of a string or of a name in backticks is no word."""
        kind = token.token_type.name  # type: ignore[attr-defined]
        text = " ".join(token.text.upper().split())  # type: ignore[attr-defined]
        return {"STRING": "'", "IDENTIFIER": "`"}.get(kind, text)

    def __len__(self) -> int:
        return len(self.words)

    def word(self, at: int) -> str:
        """The word at a place; "" outside of the text."""
        return self.words[at] if 0 <= at < len(self) else ""

    def name(self, at: int) -> str:
        """As it is written, without backticks."""
        return str(self.tokens[at].text)

    def places(self, *words: str) -> Iterator[int]:
        """Where one of these words stands."""
        return (at for at, word in enumerate(self.words) if word in words)

    def calls(self, *names: str) -> Iterator[int]:
        """Where one of these functions is called."""
        return (at for at in self.places(*names) if self.word(at + 1) == "(")

    def written(self, first: int, last: int) -> str:
        """The text from a word to another."""
        return self.text[self.tokens[first].start : self.tokens[last].end + 1]

    def put(self, kind: str, first: int, last: int, instead: str) -> Variant:
        """Another text for the words from a first to a last."""
        return Variant(kind, self.tokens[first].start, self.tokens[last].end + 1, instead)

    def without(self, kind: str, first: int, last: int) -> Variant:
        """The words left out, with the blanks before them."""
        start = self.tokens[first - 1].end + 1 if first else 0
        return Variant(kind, start, self.tokens[last].end + 1, "")

    def after(self, at: int) -> int:
        """The word that follows, or the bracket that this one opens."""
        return max(at, self.partner.get(at, at)) + 1

    def level(self, at: int, last: int) -> Iterator[int]:
        """The words up to a last one, but for those within brackets."""
        while at <= last:
            yield at
            at = self.after(at)

    def ends(self, at: int) -> bool:
        """Whether no expression goes on there."""
        word = self.word(at)
        if word in ("LEFT", "RIGHT"):
            return self.word(at + 1) != "("
        if word == "FROM":
            return self.word(at - 1) != "DISTINCT"
        return word in _ENDS or not word or self.partner.get(at, at) < at

    def splits(self, at: int) -> bool:
        """Whether it is an AND or an OR between conditions."""
        return self.words[at] in ("AND", "OR") and at not in self._of_between

    @cached_property
    def _of_between(self) -> set[int]:
        """The ANDs that follow a BETWEEN."""
        found = set()
        for place in self.places("BETWEEN"):
            at = place
            while at < len(self) and self.word(at) != "AND":
                at = self.after(at)
            found.add(at)
        return found

    def last(self, at: int) -> int:
        """The last word of a condition that begins there."""
        while not self.ends(at) and not self.splits(at):
            at = self.after(at)
        return at - 1

    def end(self, at: int) -> int:
        """The last word of an expression that begins there, with its ANDs and ORs."""
        while not self.ends(at):
            at = self.after(at)
        return at - 1

    def first(self, at: int) -> int:
        """The first word of a condition whose last is there."""
        place = min(at, self.partner.get(at, at))
        while place and self._goes_on(place - 1):
            place = min(place - 1, self.partner.get(place - 1, place))
        return place

    def _goes_on(self, at: int) -> bool:
        """Whether what follows is of the same condition: not behind the bracket it is in."""
        if at in self.partner:
            return self.partner[at] < at
        return not self.ends(at) and not self.splits(at)

    def items(self, at: int) -> list[tuple[int, int]]:
        """The first and last word of each item of a list that begins there."""
        found = [(at, self.end(at))]
        while self.word(found[-1][1] + 1) == ",":
            begin = found[-1][1] + 2
            found.append((begin, self.end(begin)))
        return found

    def arguments(self, call: int) -> list[tuple[int, int]]:
        """The first and last word of each argument of a call; none for `f()`."""
        return [] if self.word(call + 2) == ")" else self.items(call + 2)


def _partners(words: list[str]) -> Iterator[tuple[int, int]]:
    opened: list[int] = []
    for at, word in enumerate(words):
        if word in _OPENS:
            opened.append(at)
        elif opened and word == _OPENS[words[opened[-1]]]:
            begin = opened.pop()
            yield begin, at
            yield at, begin
