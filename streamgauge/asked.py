"""What a cell's query.sql says: its statements, and what is wrong with them before Flink does."""

from __future__ import annotations

from collections.abc import Sequence

from streamgauge import sql
from streamgauge.cells import Cell
from streamgauge.errors import ScenarioError
from streamgauge.sql import Created, Statement

_KINDS = "SELECT, WITH, VALUES, SET, CREATE [TEMPORARY] VIEW and CREATE [TEMPORARY] FUNCTION"


def statements(cell: Cell) -> list[Statement]:
    """Those of its query.sql, none where it has none; a ScenarioError where they cannot be."""
    if cell.dialect != "sql" or "sql" not in cell.scenario.dialects:
        return []
    asked = sql.statements(cell.scenario.query())
    for statement in asked:
        if not statement.kind:
            word = sql.first(statement)
            raise ScenarioError(f"{statement.place}: {word} begins no statement of {_KINDS}")
    return asked


def check(cell: Cell) -> None:
    """A ScenarioError where it is not one query a sink, or something is wrong with one."""
    asked, sinks = statements(cell), len(cell.scenario.sinks)
    queries = len(of_kind(asked, sql.QUERY))
    if cell.dialect == "sql" and queries != sinks:
        raise ScenarioError(f"query.sql: {queries} queries for {sinks} sinks, not one for each")
    for place in filter(None, map(sql.unpaired, asked)):
        raise ScenarioError(f"{place}: a parenthesis that has no other")
    created(cell, asked)


def of_kind(asked: Sequence[Statement], *kinds: str) -> tuple[Statement, ...]:
    """Those of some kinds, in order."""
    return tuple(statement for statement in asked if statement.kind in kinds)


def created(cell: Cell, asked: Sequence[Statement]) -> tuple[Created, ...]:
    """The functions of Python's that they create; a ScenarioError where no way to run is said."""
    found = {statement: sql.created(statement) for statement in asked}
    for statement, function in found.items():
        if function and cell.udf is None:
            raise ScenarioError(
                f"{statement.place}: a function of Python: the scenario's udfs says how those run"
            )
    return tuple(function for function in found.values() if function)


def settings(cell: Cell) -> dict[str, tuple[str, Statement]]:
    """By key the value of each SET, the last that there is, and the statement."""
    sets = of_kind(statements(cell), sql.SET)
    return {key: (value, each) for each in sets for key, value in [sql.setting(each)]}
