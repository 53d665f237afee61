"""What `check` found, by file and line of the file, within 80 columns."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_WIDE = 79


def findings(found: Sequence[Mapping[str, Any]], lines: Iterable[Mapping[str, Any]]) -> None:
    """Print each finding once, with the lines it holds for; then what was looked at."""
    file = None
    for finding, flink in _together(found):
        if finding["file"] != file:
            file = finding["file"]
            print(f"\n{file}" if file else "")
        _print(finding, flink)
    print() if found else None
    for line in lines:
        print(_filled(summary(found, line), "", "  "))


def _together(
    found: Sequence[Mapping[str, Any]],
) -> list[tuple[Mapping[str, Any], list[str]]]:
    """What differs in the Flink line alone is one; by file, in the order they were given."""
    alike: dict[tuple[Any, ...], tuple[Mapping[str, Any], list[str]]] = {}
    for finding in found:
        key = tuple(value for name, value in finding.items() if name != "flink")
        alike.setdefault(key, (finding, []))[1].append(finding["flink"])
    order = {finding["file"]: -number for number, finding in enumerate(reversed(found))}
    return sorted(alike.values(), key=lambda pair: (order[pair[0]["file"]], pair[0]["line"]))


def _print(finding: Mapping[str, Any], flink: Sequence[str]) -> None:
    place = f"{finding['line']:>5}  "
    told = f"{finding['state']} in {', '.join(flink)}: {finding['name']}"
    detail = f" ({finding['detail']})" if finding["detail"] else ""
    print(_filled(told + detail, place, " " * 9))
    if finding["instead"]:
        print(_filled(finding["instead"], " " * 9, " " * 9))


def _filled(text: str, first: str, others: str) -> str:
    return textwrap.fill(
        text,
        _WIDE,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def summary(found: Iterable[Mapping[str, Any]], line: Mapping[str, Any]) -> str:
    """What is told of one Flink line, and how much of it was not looked at."""
    states = Counter(f["state"] for f in found if f["flink"] == line["flink"])
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "all there"
    aside = {"undecided": "not decidable", "guarded": "missing, but guarded for"}
    rest = "".join(f", {line[key]} {word}" for key, word in aside.items() if line[key])
    files = counted(line["files"], "file")
    return f"Flink {line['flink']}: {told}; {files}, {line['names']} names{rest}"


def counted(number: int, what: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {what}{'' if number == 1 else 's'}"
