"""The operators of a job as Flink knows them, and why their state finds no place in another.

State in a savepoint belongs to an operator's id. With a uid that is the uid's hash. Without
one Flink makes it from what stands around the operator (`StreamGraphHasherV2`): walking from
the sources, it hashes how many operators came before, once more for each operator after it
that is chained to it (runs in the same task), and the ids of its inputs. Names, functions and
tables are not in it. So an operator that comes, goes, is shared by one query more or is
chained otherwise gives new ids to itself, to all after it and to what is walked to later.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

_REFUSED = re.compile(r"state for operator ([0-9a-f]{32})")
# The number that the planner gives an operator, and how connectors call sources on some lines.
_NUMBER = re.compile(r"\[\d+\]")
_CONNECTOR = re.compile(r"^Source: .*[.$]")
# Flink's planner makes it from the number and the kind of an operator.
_PLANNED_UID = re.compile(r"(Sink Committer: )?\d+_[a-z-]+$")
_FEW = 6
T = TypeVar("T")


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

    @property
    def kind(self) -> str:
        """What it is called on every line: its name without what a line adds."""
        return _CONNECTOR.sub("Source: ", _NUMBER.sub("", self.name))


def unmapped(message: str) -> tuple[str, ...]:
    """The ids of operators, each once, that a refusal of Flink's says there is no place for."""
    return tuple(dict.fromkeys(_REFUSED.findall(message)))


def named(ids: Iterable[str], baseline: Sequence[Node], candidate: Sequence[Node]) -> str:
    """In lines: what these operators of the baseline are, why they have no place, what would help.

    Both are whole graphs; an id that is not in the baseline's is told as such.
    """
    compared = _Compared(baseline, candidate)
    lines = [compared.told(each) for each in ids]
    return "\n".join([*lines, *compared.moved(), compared.help()])


class _Compared:
    """Two graphs, and which operators of theirs are the same by what they are."""

    def __init__(self, baseline: Sequence[Node], candidate: Sequence[Node]) -> None:
        self._old, self._new = baseline, candidate
        self._pairs = pairs(baseline, candidate, _label(baseline, candidate), lambda n: n.kind)

    def told(self, key: str) -> str:
        """The operator, and what made its id another or took it away."""
        at = next((i for i, node in enumerate(self._old) if node.id == key), None)
        if at is None:
            return f"operator {key} is not in the baseline's graph: is the savepoint of this job?"
        if at not in self._pairs:
            return f"{self._placed(at)} is not in the candidate's graph."
        root = self._root(at)
        whose = "" if root == at else f", as {self._old[root].name} has before it"
        return f"{self._placed(at)} has another id on the candidate{whose}: {self._why(root)}."

    def _placed(self, at: int) -> str:
        node = self._old[at]
        after = " and ".join(self._old[i].name for i in node.inputs)
        place = f"operator {at + 1} of {len(self._old)}" + (f", after {after}" if after else "")
        return f"{node.name} ({place}{'; it keeps state' if node.state else ''})"

    def _root(self, at: int) -> int:
        """The first operator before this one that has another id for a reason of its own."""
        if self._old[at].uid or self._reads_another(at):
            return at
        for before in self._old[at].inputs:
            pair = self._pairs.get(before)
            if pair is not None and self._new[pair].id != self._old[before].id:
                return self._root(before)
        return at

    def _why(self, at: int) -> str:
        old, new = self._old[at], self._new[self._pairs[at]]
        if old.uid != new.uid:
            return f"its uid is {new.uid or 'none'}, not {old.uid or 'none'}"
        if self._reads_another(at):
            return f"its input is {' and '.join(self._new[i].name for i in new.inputs)}"
        if old.chained != new.chained:
            return self._chained(at)
        return "its place in the graph has changed, as operators before it came or went"

    def _reads_another(self, at: int) -> bool:
        new = self._new[self._pairs[at]]
        return {self._pairs.get(i) for i in self._old[at].inputs} != set(new.inputs)

    def _chained(self, at: int) -> str:
        old, new = self._old[at], self._new[self._pairs[at]]
        after = Counter(node.kind for node in self._new if self._pairs[at] in node.inputs)
        told = ", ".join(f"{number} {kind}" for kind, number in after.items())
        return f"its task goes on with {new.chained} of its outputs (to {told}), not {old.chained}"

    def moved(self) -> list[str]:
        """What came and went, in a line each."""
        came = sorted(set(range(len(self._new))) - set(self._pairs.values()))
        went = sorted(set(range(len(self._old))) - set(self._pairs))
        return [
            f"{head}: {_few([_described(graph, i) for i in found])}."
            for head, graph, found in (("went", self._old, went), ("came", self._new, came))
            if found
        ]

    def help(self) -> str:
        """What a team could do."""
        if any(_PLANNED_UID.match(node.uid) for node in self._old):
            return "what would help: the plan that is compiled on the baseline, with its uids."
        return (
            "what would help: ids that are not made from the graph, from before the savepoint on."
            " SQL and tables: the plan that is compiled on the baseline (for a savepoint of before:"
            " compile it now, and execute it with table.exec.uid.generation=DISABLED), or"
            " table.exec.uid.generation=ALWAYS; streams: a uid for each operator with state."
        )


def _label(baseline: Sequence[Node], candidate: Sequence[Node]) -> Callable[[Node], str]:
    """What an operator is the same by at first sight: its id, or else all that is said of it."""
    both = {node.id for node in baseline} & {node.id for node in candidate}

    def label(node: Node) -> str:
        said = _NUMBER.sub("", node.description)
        return node.id if node.id in both else f"{node.kind} {said}"

    return label


def pairs(
    old: Sequence[T], new: Sequence[T], label: Callable[[T], str], kind: Callable[[T], str]
) -> dict[int, int]:
    """Which of the new stands for which of the old, by positions in both.

    Those with the same label first; between them those of a kind, and one that stands alone
    in the place of another.
    """
    found: dict[int, int] = {}
    for tag, a, a_end, b, b_end in _blocks(old, new, label):
        if tag == "equal":
            found.update(zip(range(a, a_end), range(b, b_end)))
            continue
        if a_end - a == b_end - b == 1:
            found[a] = b
            continue
        for same, c, c_end, d, d_end in _blocks(old[a:a_end], new[b:b_end], kind):
            if same == "equal":
                found.update(zip(range(a + c, a + c_end), range(b + d, b + d_end)))
    return found


def _blocks(
    old: Sequence[T], new: Sequence[T], key: Callable[[T], str]
) -> list[tuple[str, int, int, int, int]]:
    texts = [key(each) for each in old], [key(each) for each in new]
    return list(SequenceMatcher(None, *texts, autojunk=False).get_opcodes())


def _described(graph: Sequence[Node], at: int) -> str:
    after = " and ".join(graph[i].name for i in graph[at].inputs)
    keeps = ", which keeps state" if graph[at].state else ""
    return f"{graph[at].name} after {after}{keeps}" if after else f"{graph[at].name}{keeps}"


def _few(told: Sequence[str]) -> str:
    more = f" and {len(told) - _FEW} more" if len(told) > _FEW else ""
    return ", ".join(told[:_FEW]) + more
