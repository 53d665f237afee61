"""The matrix has every combination, and a reason for each that is not there."""

from collections import Counter

import pytest

from streamgauge.bindings import KINDS
from streamgauge.cells import Filter, cells, delivered, make_cell
from streamgauge.errors import UsageError
from streamgauge.scenario import UDFS, Scenario, Sink, Source
from streamgauge.values.schema import Schema
from streamgauge.versions import Line

ROWS = Schema.of(id="BIGINT")
NEWER = Line("9.1", "9.1.0", ">=3.9", (), {}, absent={"cdc": "no connector is released"})
OLDER = Line("9.0", "9.0.2", ">=3.9", (), {}, absent={})


def question(name="copy", attached_by=("files", "cdc"), **more):
    return Scenario(
        id=name,
        version=1,
        question="Are they equal?",
        sources=(Source("rows", ROWS, generate=lambda *_: [], key=("id",)),),
        sinks=(Sink("copies", ROWS, key=("id",)),),
        bindings=attached_by,
        rows=1,
        **more,
    )


def calling(**more):
    """A scenario whose functions run in each way."""
    return question("parse", attached_by=("files",), modes=("batch",), udfs=UDFS, **more)


def present(found):
    return [cell for cell in found if cell.absent is None]


def test_only_topics_are_written_to_exactly_once():
    """A cell that has none is absent where that is asked for; nothing else changes it."""
    files, kafka = (
        make_cell(question(attached_by=(b,)), "sql", "streaming", b, OLDER)
        for b in ("files", "kafka")
    )

    assert delivered(files, "exactly-once").absent == (
        "no sink of it is a topic, so nothing is exactly-once"
    )
    assert files == delivered(files, "at-least-once")
    assert "exactly-once" == delivered(kafka, "exactly-once").delivery
    assert delivered(kafka, "exactly-once").absent is None


def test_matrix_is_every_combination():
    """Scenarios x dialects x modes x bindings x lines."""
    found = cells([question("one"), question("two")], [OLDER, NEWER])

    assert 2 * 4 * 2 * 2 * 2 == len(found)
    assert len(found) == len({cell.id for cell in found})
    assert {"9.0": 32, "9.1": 32} == Counter(cell.line.name for cell in found)


def test_scenarios_that_need_fewest_services_come_first_on_each_line():
    """Theirs are up soonest; what needs as many stays in order."""
    late, sooner, soon = (
        question(name, attached_by=attached_by)
        for name, attached_by in (
            ("a", ("debezium",)),
            ("b", ("kafka",)),
            ("c", ("kafka", "files")),
        )
    )
    found = cells([late, sooner, soon], [OLDER, NEWER])
    order = list(dict.fromkeys((cell.line.name, cell.scenario.id) for cell in found))

    assert [(line, name) for line in ("9.0", "9.1") for name in ("c", "b", "a")] == order


def test_only_the_scenarios_own_modes_and_bindings_are_cells():
    """A binding that the question does not go with is no absent cell, but none."""
    found = cells([question(attached_by=("kafka",), modes=("streaming",))], [OLDER])

    assert {("streaming", "kafka")} == {(cell.mode, cell.binding) for cell in found}
    assert 4 == len(found)


def test_functions_run_in_each_way_where_a_dialect_calls_them():
    """SQL and the Table API call functions; the others are Python throughout."""
    found = cells([calling()], [OLDER])

    assert [
        *(("sql", udf) for udf in UDFS),
        *(("table", udf) for udf in UDFS),
        ("datastream", None),
        ("process", None),
    ] == [(cell.dialect, cell.udf) for cell in found]
    assert len(found) == len({cell.id for cell in found})


def test_scenario_without_functions_has_no_such_axis():
    """Neither in the cells nor in their ids."""
    assert {None} == {cell.udf for cell in cells([question()], [OLDER])}


@pytest.mark.parametrize(
    ("dialect", "udf", "told"),
    [
        ("sql", "pandas", "parse-sql-pandas-batch-files-9.0"),
        ("sql", None, "parse-sql-process-batch-files-9.0"),
        ("datastream", None, "parse-datastream-batch-files-9.0"),
    ],
)
def test_id_names_the_way_of_functions(dialect, udf, told):
    """The first of the scenario's ways is taken where none is named."""
    assert told == make_cell(calling(), dialect, "batch", "files", OLDER, udf).id


def test_reasons_are_the_same_in_each_way():
    """A dialect, a mode or a binding is absent whichever way functions run."""
    found = cells([calling(absent={"sql": "it does not go"})], [OLDER])

    assert ["it does not go"] * 3 + [None] * 5 == [cell.absent for cell in found]


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (Filter(udfs=["thread"]), ["sql", "table"]),
        (Filter(udfs=["thread", "pandas"]), ["sql", "sql", "table", "table"]),
        (Filter(["sql"], udfs=["thread"]), ["sql"]),
        (Filter(["datastream", "sql"], udfs=["pandas"]), ["sql"]),
    ],
)
def test_filter_of_ways_leaves_dialects_out_that_call_none(wanted, taken):
    """Who asks for a way to run functions wants cells that run some."""
    assert taken == [cell.dialect for cell in cells([calling()], [OLDER], wanted)]


def test_filter_tells_what_it_asks_for():
    """In a message, names on one axis are alternatives."""
    assert "sql or table and batch and thread" == (
        str(Filter(["sql", "table"], ["batch"], udfs=["thread"]))
    )


def test_id_names_the_axes():
    """A cell's id is what its job and its logs are called."""
    assert "copy-sql-batch-files-9.0" == make_cell(question(), "sql", "batch", "files", OLDER).id


@pytest.mark.parametrize(
    ("axis", "axes"),
    [
        ("process", ("process", "batch", "files")),
        ("batch", ("sql", "batch", "files")),
        ("files", ("sql", "streaming", "files")),
    ],
)
def test_scenario_gives_reasons(axis, axes):
    """A scenario may leave a dialect, a mode or a binding out."""
    own = question(absent={axis: "it does not go"})

    assert "it does not go" == make_cell(own, *axes, OLDER).absent
    assert make_cell(question(), *axes, OLDER).absent is None


def test_binding_gives_reasons():
    """A binlog has no end on any line, for any scenario."""
    cell = make_cell(question(), "sql", "batch", "cdc", OLDER)

    assert KINDS["cdc"].absent["batch"] == cell.absent
    assert make_cell(question(), "sql", "streaming", "cdc", OLDER).absent is None


def test_line_gives_reasons():
    """A line without the connector has no such cells."""
    assert "no connector is released" == (
        make_cell(question(), "sql", "streaming", "cdc", NEWER).absent
    )
    assert make_cell(question(), "sql", "streaming", "files", NEWER).absent is None


def test_absent_cells_are_counted_apart():
    """What is not there stays in the matrix, so that it can be told."""
    found = cells([question(absent={"process": "too hard"})], [OLDER, NEWER])

    assert 32 == len(found)
    # Three dialects: both modes over files on both lines, and streaming over cdc on the older.
    assert 3 * (2 * 2 + 1) == len(present(found))
    assert all(cell.absent for cell in found if cell.dialect == "process")


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Filter(), 16),
        (Filter(dialects=["sql"]), 4),
        (Filter(dialects=["sql", "table"]), 8),
        (Filter(modes=["batch"]), 8),
        (Filter(bindings=["cdc"]), 8),
        (Filter(["sql"], ["batch"], ["files"]), 1),
    ],
)
def test_filter_takes_what_is_asked_for(wanted, count):
    """Names on one axis add up, axes narrow down."""
    found = cells([question()], [OLDER], wanted)

    assert count == len(found)
    assert all(map(wanted.takes, found))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (
            {"dialects": ["tabel"]},
            r"'tabel' \(did you mean table\?\); valid: sql, table, datastream, process",
        ),
        (
            {"modes": ["stream"]},
            r"unknown mode 'stream' \(did you mean streaming\?\); valid: batch, streaming",
        ),
        (
            {"bindings": ["files", "kafak"]},
            r"unknown binding 'kafak' \(did you mean kafka\?\); valid: files, kafka",
        ),
        (
            {"udfs": ["panda"]},
            r"unknown udf 'panda' \(did you mean pandas\?\); valid: process, thread, pandas",
        ),
        ({"dialects": ["xyz"]}, "unknown dialect 'xyz'; valid: sql"),
    ],
)
def test_unknown_name_is_told_with_the_valid_ones(names, told):
    """A misspelt name is a mistake, not an empty answer."""
    with pytest.raises(UsageError, match=told):
        Filter(**names)


@pytest.mark.parametrize("wanted", [Filter(bindings=["kafka"]), Filter(udfs=["pandas"])], ids=str)
def test_nothing_left_is_a_mistake(wanted):
    """A valid name that the scenario does not have leaves no cell to run."""
    with pytest.raises(UsageError, match=f"no cell is {wanted}: see"):
        cells([question()], [OLDER], wanted)
