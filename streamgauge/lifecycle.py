"""How a job lives: where its input is cut, and what is done to it there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Lifecycle:
    """A job over unbounded input gets `cut` (0..1) of it, then the rest.

    It runs at `parallelism`. With `restored` it is stopped with a savepoint at the
    cut and goes on from it, before the rest comes, at that parallelism. Topics of
    its sources have `idle` partitions more than get rows.
    """

    cut: float = 0.5
    parallelism: int = 1
    restored: int | None = None
    idle: int = 0

    @property
    def partitions(self) -> int:
        """As many as let every source task have one: a task without holds the watermark back."""
        return max(self.parallelism, self.restored or 1)


ONCE = Lifecycle()
