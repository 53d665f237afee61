"""What is declared with a value of another type is told by its field, and where it stands."""

from datetime import timedelta

import pytest

from streamgauge.discovery import load
from streamgauge.errors import ScenarioError
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Column, Schema
from tests.unit.test_by_hand import WRITTEN

NUMBERS = Schema.of(a="INT", b="INT")


def source(**more):
    """A source that is right but for these fields."""
    return Source(**{"name": "numbers", "schema": NUMBERS, "rows": [(1, 2)], **more})


def sink(**more):
    """A sink, likewise."""
    return Sink(**{"name": "copies", "schema": NUMBERS, "rows": [(1, 2)], **more})


def scenario(**more):
    """A scenario, likewise."""
    right = {"id": "copied", "version": 1, "question": "?", "bindings": ("files",)}
    return Scenario(**{**right, "sources": (source(),), "sinks": (sink(),), **more})


@pytest.mark.parametrize(
    ("made", "fields", "told"),
    [
        # The letters of a text are no columns, be there some of these names.
        (source, {"key": "ab"}, "source numbers: key='ab' is no tuple[str, ...]; write ('ab',)"),
        (sink, {"key": "a"}, "sink copies: key='a' is no tuple[str, ...]; write ('a',)"),
        (source, {"schema": {"a": "INT"}}, "source numbers: schema={'a': 'INT'} is no Schema"),
        (source, {"stored": ["a"]}, "source numbers: stored=['a'] is no Mapping[str, str]"),
        (source, {"raw": "yes"}, "source numbers: raw='yes' is no bool"),
        (source, {"disorder": 5}, "source numbers: disorder=5 is no timedelta"),
        (source, {"added": {"c": 1}}, "source numbers: added={'c': 1} is no Mapping[str, str]"),
        (
            source,
            {"added": {"": "AS 1"}},
            "column '': names of columns can be seen, every character",
        ),
        (
            source,
            {"disorder": timedelta(seconds=-1)},
            "source numbers: disorder of -1 day, 23:59:59 is no number of milliseconds",
        ),
        (
            source,
            {"disorder": timedelta(microseconds=5)},
            "source numbers: disorder of 0:00:00.000005 is no number of milliseconds",
        ),
        (source, {"idle": 5}, "source numbers: idle=5 is no timedelta"),
        (sink, {"tolerance": 1e-9}, "sink copies: tolerance=1e-09 is no Mapping[str, float]"),
        (
            sink,
            {"options": {"kafka": {"a": 1}}},
            "sink copies: options={'kafka': {'a': 1}} is no Mapping[str, Mapping[str, str]]",
        ),
        (
            scenario,
            {"bindings": "files"},
            "scenario copied: bindings='files' is no tuple[str, ...]; write ('files',)",
        ),
        (scenario, {"rows": "10"}, "scenario copied: rows='10' is no int"),
        (scenario, {"version": True}, "scenario copied: version=True is no int"),
        (scenario, {"sql": 5}, "scenario copied: sql=5 is no str"),
        (scenario, {"job": "etl.py"}, "scenario copied: job='etl.py' is no Script"),
        (
            scenario,
            {"settings": {"parallelism.default": 2}},
            "scenario copied: settings={'parallelism.default': 2} is no Mapping[str, str]",
        ),
        (
            scenario,
            {"divergences": ("FLINK-1",)},
            "scenario copied: divergences=('FLINK-1',) is no tuple[Divergence, ...]",
        ),
    ],
)
def test_a_field_of_another_type_is_told(made, fields, told):
    """What it is of, what is there, what it says it is."""
    with pytest.raises(ScenarioError) as refused:
        made(**fields)

    assert told == str(refused.value)


def test_one_source_is_told_to_be_no_tuple():
    """In the length of a line."""
    with pytest.raises(
        ScenarioError, match=r"sources=Source\(.*\.\.\. is no tuple\[Source, \.\.\.\]"
    ):
        scenario(sources=source())


def test_what_may_be_left_out_and_lists_are_as_good():
    """As README and our own scenarios have them."""
    source(idle=None, time=None)
    source(disorder=timedelta(0), key=["a"])

    assert scenario(sources=[source()], sql=None).by_hand


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: Schema.of(a=3), "column a: 3 is no text such as 'BIGINT'"),
        (Schema.of, "a schema without any column"),
        (lambda: Schema((("a", "INT"),)), "a schema is of columns: Schema.of("),
        (lambda: Column("a", "ARRAY<ROW<b INT, b INT>>"), "column a: ROW with b twice"),
    ],
)
def test_a_schema_is_of_columns_with_types(made, told):
    """Of which no ROW has a name twice."""
    with pytest.raises(ScenarioError) as refused:
        made()

    assert str(refused.value).startswith(told)


def test_a_column_may_be_called_as_an_argument_of_python():
    """Of the method that makes a schema."""
    assert ("cls", "self") == Schema.of(cls="INT", self="INT").names


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ('"INT"', '"INNT"', "column n: unknown type 'INNT'"),
        ("SCENARIO =", "1 / 0\nSCENARIO =", "scenario.py: ZeroDivisionError: division by zero"),
    ],
)
def test_the_line_that_is_wrong_is_named(tmp_path, monkeypatch, was, now, told):
    """Whoever raised the error."""
    folder = tmp_path / "jobs" / "doubled"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    text = WRITTEN.format(rows="[(1,)]", answer="[(2,)]").replace(was, now, 1)
    (folder / "scenario.py").write_text(text)
    line = 1 + text[: text.index(now.split()[0])].count("\n")

    with pytest.raises(ScenarioError) as refused:
        load(folder)

    assert str(refused.value).startswith(f"{folder}: {told}")
    assert str(refused.value).endswith(f" (jobs/doubled/scenario.py:{line})")
