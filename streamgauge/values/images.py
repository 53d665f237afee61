"""What was there before each change of a table, and what is after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from streamgauge.values.changelog import Change
from streamgauge.values.schema import Row


class Image(NamedTuple):
    """A row before a change and after it: None where there is none."""

    before: Row | None
    after: Row | None


class Images:
    """Changes one by one, with the primary key at columns `key`, as a database's log has them.

    A `-U` and the `+U` after it are one update; a `+U` alone finds what it updates by its key.
    """

    def __init__(self, key: tuple[int, ...]) -> None:
        self._key = key
        self._rows: dict[Row, Row] = {}
        self._begun: Row | None = None
        self._cut = False

    def take(self, change: Change) -> Sequence[Image]:
        """The images of a change, of a `-U` those that wait; a ValueError where none was before.

        An update of the key is a delete and an insert, as Debezium has it.
        """
        if change.op == "+U":
            return self._update(change.row)
        cut = self.cut()
        if change.op == "+I":
            return [*cut, self._insert(change.row)]
        before = self._taken(change)
        if change.op == "-D":
            return [*cut, Image(before, None)]
        self._begun = before
        return cut

    def cut(self) -> Sequence[Image]:
        """The delete that a `-U` is as long as its `+U` has not come; that is an insert then."""
        if self._begun is None:
            return []
        before, self._begun, self._cut = self._begun, None, True
        return [Image(before, None)]

    def _insert(self, row: Row) -> Image:
        at = self._at(row)
        if at in self._rows:
            raise ValueError(f"an insert of a row that is there: {self._rows[at]}")
        self._rows[at] = row
        return Image(None, row)

    def _update(self, row: Row) -> Sequence[Image]:
        if self._cut:
            self._cut = False
            return [self._insert(row)]
        before, self._begun = self._begun or self._taken(Change("+U", row)), None
        after = self._insert(row)
        same = self._at(before) == self._at(row)
        return [Image(before, row)] if same else [Image(before, None), after]

    def _taken(self, change: Change) -> Row:
        before = self._rows.pop(self._at(change.row), None)
        if before is None:
            what = "a delete" if change.op == "-D" else "an update"
            raise ValueError(f"{what} without its before image: no row of its key is there")
        return before

    def _at(self, row: Row) -> Row:
        return tuple(row[column] for column in self._key)
