"""The operators of a job as Flink knows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """An operator: the id of its state in a savepoint (32 hex digits), and what it is.

    `uid` is the one that the job gives it, "" for none. `inputs` are positions among the nodes
    of its graph, which has sources first. `state` is None where it cannot be told. `chained`
    is how many of the operators after it run in its own task.
    """

    id: str
    name: str
    description: str
    uid: str
    inputs: tuple[int, ...]
    state: bool | None
    chained: int = 0
