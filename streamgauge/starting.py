"""A scenario to begin with: a folder of a few files that runs, and passes."""

from __future__ import annotations

import keyword
import shutil
from collections.abc import Mapping
from pathlib import Path
from unicodedata import normalize

from streamgauge.errors import ScenarioError, UsageError
from streamgauge.files import made_whole
from streamgauge.inferring import column_type
from streamgauge.values.names import check_name
from streamgauge.values.schema import Schema
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
    quoted = file.suffix == ".jsonl"
    names = dict.fromkeys(name for fields in lines for name in fields)
    types = {n: column_type([row.get(n) for row in lines], quoted=quoted) for n in names}
    try:
        found = Schema.of(**types)
    except ScenarioError as error:
        raise ScenarioError(f"{file.name}: {error}") from None
    read_rows(file, found)
    return found


def _written(schema: Schema) -> str:
    """As somebody would write it."""
    types = {column.name: column.type for column in schema.columns}
    plain = all(name.isidentifier() and not keyword.iskeyword(name) for name in types)
    # Python has some letters of names as others.
    plain = plain and all(name == normalize("NFKC", name) for name in types)
    return f"Schema.of({_arguments(types) if plain else _dictionary(types)})"


def _arguments(types: Mapping[str, str]) -> str:
    return "\n" + "".join(f"    {name}={_literal(type_)},\n" for name, type_ in types.items())


def _dictionary(types: Mapping[str, str]) -> str:
    inner = "".join(f"        {name!r}: {_literal(type_)},\n" for name, type_ in types.items())
    return f"\n    **{{\n{inner}    }}\n"


def _literal(type_: str) -> str:
    """A ROW's names may have quotes."""
    return repr(type_) if '"' in type_ or "\\" in type_ else f'"{type_}"'
