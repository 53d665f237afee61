"""What Flink's planner does otherwise on another line, in lines that a person reads."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from streamgauge.graph import pairs

# Of a compiled plan: the class of an operator, and the version of its layout.
_TYPE = re.compile(r"(?:(?:stream|batch)-exec-)?(.+?)(?:_(\d+))?$")
_OPTIMISED = "== Optimized Execution Plan =="
_TREE = re.compile(r"^[\s:+-]*")
_REUSED = re.compile(r"\(reuse_id=\[\d+\]\)$")
_ALIAS = re.compile(r"\bAS ([\w$]+)")
_WORD = re.compile(r"[\w$]+")
_WIDEST = 200


@dataclass(frozen=True)
class Step:
    """An operator of a plan: what it does, in the planner's words, and the state that it keeps.

    `version` and `readers`, how many operators read it, are None where the plan does not tell.
    """

    kind: str
    text: str
    version: int | None = None
    output: str = ""
    states: tuple[str, ...] = ()
    readers: int | None = None

    def __str__(self) -> str:
        short = self.text if len(self.text) <= _WIDEST else f"{self.text[: _WIDEST - 3]}..."
        return f"{short}, which keeps {' and '.join(self.states)}" if self.states else short


def changes(baseline: str, candidate: str) -> list[str]:
    """What of the baseline's plan went (-), came (+) or changed (~) on the candidate.

    Both are either compiled plans (JSON), which tell state, versions and types too, or what
    `explain` gives. Tables' options, which may hold passwords, are not looked at.
    """
    old, new = steps(baseline), steps(candidate)
    found = pairs(old, new, lambda step: step.text, lambda step: step.kind)
    came = set(range(len(new))) - set(found.values())
    lines = [(at, f"- {step}") for at, step in enumerate(old) if at not in found]
    lines += [(at, f"+ {new[at]}") for at in came]
    changed = {at: _changed(old[at], new[to]) for at, to in found.items()}
    lines += [(at, f"~ {old[at]}: {'; '.join(said)}") for at, said in changed.items() if said]
    versions = dict.fromkeys(_version(old[at], new[to]) for at, to in found.items())
    return [line for _, line in sorted(lines, key=lambda each: each[0])] + list(
        filter(None, versions)
    )


def are_alike(baseline: str, candidate: str) -> bool:
    """Whether two plans are the same but for the names that a question gives its columns."""
    return _unnamed(steps(baseline)) == _unnamed(steps(candidate))


def _unnamed(found: Sequence[Step]) -> list[Step]:
    """Each name that comes after AS is told by when it first does."""
    told = "\n".join(step.text for step in found)
    numbers = {name: f"${at}" for at, name in enumerate(dict.fromkeys(_ALIAS.findall(told)))}

    def numbered(text: str) -> str:
        return _WORD.sub(lambda word: numbers.get(word[0], word[0]), text)

    return [replace(step, text=numbered(step.text), output=numbered(step.output)) for step in found]


def steps(plan: str) -> list[Step]:
    """The operators of a plan, as it orders them."""
    if plan.lstrip().startswith("{"):
        return _compiled(json.loads(plan))
    text = plan.partition(_OPTIMISED)[2] or plan
    told = (_REUSED.sub("", _TREE.sub("", line)).strip() for line in text.splitlines())
    return [Step(line.partition("(")[0], line) for line in told if line]


def _compiled(plan: dict[str, list[dict[str, object]]]) -> list[Step]:
    readers = Counter(edge["source"] for edge in plan["edges"])
    return [_step(node, readers[node["id"]]) for node in plan["nodes"]]


def _step(node: dict[str, object], readers: int) -> Step:
    kind, version = _TYPE.findall(str(node["type"]))[0]
    states = node.get("state") or []
    assert isinstance(states, list)
    return Step(
        kind,
        str(node["description"]),
        int(version) if version else None,
        _typed(node.get("outputType", "")),
        tuple(_state(state) for state in states),
        readers,
    )


def _typed(output: object) -> str:
    """A row's type: a text, or more, where it has a time attribute."""
    return output if isinstance(output, str) else json.dumps(output)


def _state(state: dict[str, str]) -> str:
    forever = state["ttl"] in ("0 ms", "")
    return state["name"] if forever else f"{state['name']} for {state['ttl']}"


def _changed(old: Step, new: Step) -> list[str]:
    """What is not the same of an operator that both plans have."""
    told = []
    if old.text != new.text:
        told.append(f"now {Step(new.kind, new.text)}")
    elif old.output != new.output:
        told.append(f"gives {new.output}, not {old.output}")
    if old.states != new.states:
        told.append(f"keeps {_all(new.states)}, not {_all(old.states)}")
    if old.readers != new.readers:
        told.append(f"is read by {new.readers}, not {old.readers}")
    return told


def _version(old: Step, new: Step) -> str:
    """Of all operators of a kind; "" where it is the same."""
    if old.version == new.version:
        return ""
    return f"~ every {new.kind}: version {new.version}, not {old.version}"


def _all(states: Sequence[str]) -> str:
    return " and ".join(states) or "no state"
