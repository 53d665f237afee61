"""A scenario to begin with: a folder of a few files that runs, and passes."""

from __future__ import annotations

import keyword
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from streamgauge.errors import ScenarioError, UsageError
from streamgauge.files import made_whole
from streamgauge.values.names import check_name
from streamgauge.values.schema import Column, Schema
from streamgauge.values.written import ENDINGS, read_lines, read_rows

_EXAMPLE = """\
customer,cents,ordered_at
ann,100,2026-01-31 12:00:00.250
bob,250,2026-01-31 12:00:01
,75,2026-01-31 12:00:02
"""
_SCENARIO = '''\
"""{question}"""

from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

ROWS = {schema}

SCENARIO = Scenario(
    id="{name}",
    version=1,
    question="{question}",
    sources=(Source("events", ROWS, rows="{file}"),),
    # The right answer: a file, or tuples. What query.sql asks has its own schema, as a rule.
    sinks=(Sink("answer", ROWS, rows="{file}"),),
    bindings=("files", "kafka"),
)
'''
_QUERY = """\
-- Ask your question here, and write down its right answer in scenario.py.
SELECT * FROM events
"""
_MOST_DIGITS = 38
_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(?:\.(\d+))?", re.ASCII)


def start(root: Path, name: str, rows: Path | None = None) -> list[Path]:
    """Make a scenario in a folder of `root`, of the rows of a file or an example; gives its files.

    A UsageError where the folder is there, its name is none, or the rows are none.
    """
    check_name("scenario", name)
    folder = root / name
    for there in (folder, folder.with_suffix(".py")):
        if there.exists():
            raise UsageError(f"{there} is there already: choose another name")
    with made_whole(folder) as temporary:
        file = _put_rows(temporary, rows)
        schema = infer(rows or temporary / file)
        texts = {"scenario.py": _scenario(name, file, schema), "query.sql": _QUERY}
        for each, text in texts.items():
            (temporary / each).write_text(text, encoding="utf-8")
        temporary.chmod(0o755)
    return sorted(folder.iterdir())


def _put_rows(folder: Path, rows: Path | None) -> str:
    """The name of the file of rows, which is there then."""
    if rows is None:
        (folder / "rows.csv").write_text(_EXAMPLE, encoding="utf-8")
        return "rows.csv"
    if rows.suffix not in ENDINGS:
        raise UsageError(f"{rows}: rows are in a file that ends in {' or '.join(ENDINGS)}")
    name = f"rows{rows.suffix}"
    try:
        shutil.copyfile(rows, folder / name)
    except OSError as error:
        raise UsageError(f"{rows}: {error.strerror}") from None
    return name


def _scenario(name: str, file: str, schema: Schema) -> str:
    question = "Does each row come through as it is?"
    return _SCENARIO.format(name=name, question=question, schema=_written(schema), file=file)


def infer(file: Path) -> Schema:
    """The schema that the rows of a file fit; a ScenarioError where there are none that do."""
    lines = [line.fields for line in read_lines(file, lambda *_: None)]
    if not lines:
        raise ScenarioError(f"{file.name}: has no rows: the columns' types are told by them")
    names = dict.fromkeys(name for fields in lines for name in fields)
    found = Schema(tuple(Column(name, _type([row.get(name) for row in lines])) for name in names))
    read_rows(file, found)
    return found


def _type(values: Sequence[Any]) -> str:
    """The first type that all of a column's values have; STRING where none is known of them."""
    known = [value for value in values if value is not None]
    for told in _TYPES:
        if known and (found := told(known)):
            return found
    return "STRING"


def _written(schema: Schema) -> str:
    """As somebody would write it."""
    types = {column.name: column.type for column in schema.columns}
    plain = all(name.isidentifier() and not keyword.iskeyword(name) for name in types)
    return f"Schema.of({_arguments(types) if plain else _dictionary(types)})"


def _arguments(types: Mapping[str, str]) -> str:
    return "\n" + "".join(f'    {name}="{type_}",\n' for name, type_ in types.items())


def _dictionary(types: Mapping[str, str]) -> str:
    inner = "".join(f'        {name!r}: "{type_}",\n' for name, type_ in types.items())
    return f"\n    **{{\n{inner}    }}\n"


def _boolean(values: Sequence[Any]) -> str:
    fit = all(value is True or value is False or value in ("true", "false") for value in values)
    return "BOOLEAN" if fit else ""


def _bigint(values: Sequence[Any]) -> str:
    return "BIGINT" if all(_WHOLE.fullmatch(str(value)) for value in values) else ""


def _decimal(values: Sequence[Any]) -> str:
    """As many digits before and behind the point as any of them has."""
    parts = [_NUMBER.fullmatch(str(value)) for value in values]
    if not all(parts):
        return ""
    behind = max(len(part[2] or "") for part in parts if part)
    digits = max(len(part[1]) for part in parts if part) + behind
    return f"DECIMAL({digits}, {behind})" if digits <= _MOST_DIGITS else ""


def _date(values: Sequence[Any]) -> str:
    return "DATE" if _fit("DATE", values) else ""


def _timestamp(values: Sequence[Any]) -> str:
    """To milliseconds where that is enough: event time is of that type."""
    if not _fit("TIMESTAMP(6)", values) or _fit("DATE", values):
        return ""
    return "TIMESTAMP(3)" if _fit("TIMESTAMP(3)", values) else "TIMESTAMP(6)"


def _fit(type_: str, values: Sequence[Any]) -> bool:
    column = Column("value", type_)
    if not all(isinstance(value, str) and _DAY.match(value) for value in values):
        return False
    try:
        return not any(column.check(column.parse(value), null=True) for value in values)
    except ValueError:
        return False


_TYPES: tuple[Callable[[Sequence[Any]], str], ...] = (
    _boolean,
    _bigint,
    _decimal,
    _date,
    _timestamp,
)
