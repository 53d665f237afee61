"""What became of variants is kept, so that what is unchanged is not run again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from streamgauge import paths
from streamgauge.files import writing
from streamgauge.planting.dialect import Dialect
from streamgauge.planting.variant import Variant
from streamgauge.report.plant import ENDED, Tried

# What says nothing of a question, its rows or its answer.
_BESIDE = {"planted.py", "verdicts.json", "equivalent.toml"}


class Kept:
    """Results of a dialect's variants, a line of JSON each in a file of the dialect's.

    Each is known by all that decided it: the variant, the scenario's files, the rows, the right
    answers, the cells with their lifecycles, and what of streamgauge ran them.
    """

    def __init__(self, dialect: Dialect) -> None:
        cell = dialect.cells[0]
        name = f"{cell.scenario.id}-{cell.dialect}.jsonl"
        self._path = paths.state() / "planted" / name
        self._texts = dialect.texts
        self._asked = _digest(_asked(dialect))
        self._known = dict(_read(self._path))

    def known(self, variants: Sequence[Variant]) -> dict[Variant, Tried]:
        """What is known of those of which something is."""
        keys = {variant: self._key(variant) for variant in variants}
        return {v: self._known[key] for v, key in keys.items() if key in self._known}

    def add(self, variant: Variant, tried: Tried) -> None:
        """Keep one; not one that was ended by a limit: there is no telling what it would be."""
        if tried.result == ENDED:
            return
        line = json.dumps([self._key(variant), tried._asdict()], ensure_ascii=False)
        with writing(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"{line}\n")

    def _key(self, variant: Variant) -> str:
        whole = variant.planted(self._texts[variant.file])
        return _digest([self._asked.encode(), variant.file.encode(), whole.encode()])


def _read(path: Path) -> Iterator[tuple[str, Tried]]:
    """What is there; a line that a kill has cut short is passed over."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    # Not splitlines: in JSON, U+2028 is no end of a line.
    for line in text.split("\n"):
        try:
            key, fields = json.loads(line)
        except ValueError:
            continue
        yield key, _tried(fields)


def _tried(fields: Mapping[str, object]) -> Tried:
    found = Tried(**fields)  # type: ignore[arg-type]
    return found._replace(diff=tuple(found.diff), rows=tuple(found.rows))


def _asked(dialect: Dialect) -> Iterator[bytes]:
    """All that decides what becomes of a variant."""
    for run in dialect.runs:
        scenario, inputs = run.cell.scenario, run.inputs
        yield repr((run.cell.id, run.cell.line.flink, run.lifecycle, scenario.sql)).encode()
        yield repr((inputs.entries, scenario.expected(inputs, run.cell.mode))).encode()
    folder = dialect.cells[0].scenario.folder
    own = (path for path in sorted(folder.rglob("*")) if path.name not in _BESIDE)
    for path in (*own, *sorted(paths.PACKAGE.rglob("*.py"))):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.name.encode()
            yield path.read_bytes()


def _digest(parts: Iterable[bytes]) -> str:
    """Of parts, each by itself."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()
