"""Rows by hand in place of a generator, and a right answer by hand in place of an oracle."""

from dataclasses import replace

import pytest

from streamgauge.cli import options
from streamgauge.discovery import load
from streamgauge.errors import ScenarioError
from streamgauge.records import Origin
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.schema import Schema
from tests.unit.world import COPIED, ROWS, World, copying

NUMBERS = Schema.of(n="INT")
WRITTEN = """
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.schema import Schema

NUMBERS = Schema.of(n="INT")
SCENARIO = Scenario(
    id="doubled",
    version=1,
    question="What is twice each number?",
    sources=(Source("numbers", NUMBERS, rows={rows}),),
    sinks=(Sink("twice", NUMBERS, rows={answer}),),
    bindings=("files",),
)
"""


def question(sources, sinks):
    return Scenario("doubled", 1, "Twice?", sources, sinks, bindings=("files",))


@pytest.fixture
def written(tmp_path):
    """Writes a scenario of one dialect, with these rows and this answer."""

    def written(rows="[(1,), (2,)]", answer="[(2,), (4,)]", query="query.sql"):
        folder = tmp_path / "jobs" / "doubled"
        folder.mkdir(parents=True)
        (folder / "scenario.py").write_text(WRITTEN.format(rows=rows, answer=answer))
        (folder / query).write_text("SELECT n * 2 FROM numbers")
        return folder

    return written


def test_a_missing_program_is_named(written):
    """Where rows by hand need no other dialect."""
    folder = written(query="query.txt")
    alone = (folder / "scenario.py").read_text().replace("Scenario, S", "Scenario, Script, S", 1)
    (folder / "scenario.py").write_text(
        alone.replace("    bind", '    job=Script("gone.py"),\n    bind')
    )

    with pytest.raises(ScenarioError, match=r"there is none of .*process.py, gone.py"):
        load(folder)


def test_two_files_are_a_scenario(written):
    """No oracle, no generator, and no reason for a dialect that nobody wrote."""
    scenario = load(written())

    assert ("sql",) == scenario.dialects
    assert dict.fromkeys(("table", "datastream", "process"), "not written") == scenario.absent
    assert {"numbers": [(1,), (2,)]} == dict(scenario.sample(seed=7))
    assert {"twice": [(2,), (4,)]} == scenario.expected(scenario.sample(seed=7), "batch")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"rows": "[(1,), (2, 3)]"}, "source numbers: row 1: "),
        ({"rows": "[(1,), ()]"}, "source numbers: row 1: "),
        ({"rows": "[(1,), ('2',)]"}, "source numbers: row 1: column n: '2' is no INT"),
        ({"rows": "[(2**31,)]"}, "source numbers: row 0: column n: 2147483648 is no INT"),
        ({"rows": "'numbers.csv'"}, "missing file numbers.csv, the rows of source numbers"),
        ({"answer": "[(2,), (None, 4)]"}, "sink twice: row 1: "),
        ({"answer": "[(2.0,)]"}, "sink twice: row 0: column n: 2.0 is no INT"),
        ({"query": "oracle.py"}, "oracle.py is there, but sinks have the answer by hand"),
        ({"query": "query.txt"}, "no dialect: there is none of query.sql, table.py, "),
    ],
)
def test_what_does_not_fit_is_told_before_anything_starts(written, more, told):
    """The table, the row and the column."""
    folder = written(**more)

    with pytest.raises(ScenarioError) as refused:
        load(folder)
    assert str(refused.value).startswith(f"{folder}: {told}")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: question((Source("a", NUMBERS),), (Sink("b", NUMBERS),)), "needs generate, or el"),
        (lambda: Source("numbers", NUMBERS, list, rows=[]), "needs generate, or else rows"),
        (lambda: Source("numbers", NUMBERS, rows=[], shipped="n.csv"), "or else rows without"),
        (
            lambda: question(
                (Source("a", NUMBERS, rows=[]), Source("b", NUMBERS, list)), (Sink("c", NUMBERS),)
            ),
            "either all sources have their rows by hand, or none",
        ),
        (
            lambda: question(
                (Source("a", NUMBERS, rows=[]),),
                (Sink("b", NUMBERS, rows=[]), Sink("c", NUMBERS)),
            ),
            "either all sinks have their rows by hand, or none",
        ),
        (
            lambda: question((Source("a", NUMBERS, list),), (Sink("b", NUMBERS, rows=[]),)),
            "an answer by hand needs rows by hand",
        ),
        (
            lambda: question(
                (Source("a", NUMBERS, key=("n",), rows=[]),), (Sink("b", NUMBERS, rows=[]),)
            ),
            "an answer by hand needs rows, not changes",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(make, told):
    """There is one way to each, and none to half of it."""
    with pytest.raises(ScenarioError, match=told):
        make()


def test_changes_may_be_by_hand():
    """By what happens to a row; the answer is then an oracle's."""
    changes = [Change("+I", (1,)), Change("-D", (1,))]

    scenario = question((Source("a", NUMBERS, key=("n",), rows=changes),), (Sink("b", NUMBERS),))

    assert changes == scenario.sample(0)["a"]


def test_rows_by_hand_are_all_there_are(written):
    """No seed makes others, and nobody can have more of them."""
    scenario = load(written())

    inputs, origin, broken = options.inputs(scenario, None, 3)
    *_, refused = options.inputs(scenario, 10, None)

    assert ([(1,), (2,)], Origin("by hand"), "") == (inputs["numbers"], origin, broken)
    assert "source numbers has its rows by hand: none are generated" == refused


def test_the_answer_is_to_all_rows_alone(written):
    """To half of them, or to others, nobody knows it."""
    scenario = load(written())

    for other in ([(1,)], [(1,), (3,)]):
        with pytest.raises(ScenarioError, match="the answer by hand is that to all rows"):
            scenario.expected({"numbers": other})


@pytest.mark.parametrize(
    ("contents", "verdict"),
    [([COPIED[:1], COPIED], "pass"), ([COPIED[:2], COPIED[:3]], "fail")],
    ids=["right", "a row too few"],
)
def test_half_of_the_rows_are_read_and_all_are_looked_at(tmp_path, monkeypatch, contents, verdict):
    """At the cut nobody knows what is right; at the end everybody does."""
    monkeypatch.setattr("streamgauge.verify._GROWN_SECONDS", 0.05)
    plain = copying()
    source, sink = Source("events", plain.sources[0].schema, rows=ROWS), plain.sinks[0]
    monkeypatch.setattr(
        "tests.unit.world.copying",
        lambda: replace(plain, sources=(source,), sinks=(replace(sink, rows=ROWS),), oracle=None),
    )

    made = World(tmp_path, *contents, whole=(False, True), patience=1)
    record = made.run(monkeypatch).record

    assert verdict == record.verdict, record.reason
    read = ["job 1 has read a part", "job 1 has read all"]
    assert ["create", "feed 2", "submit at 1", *read, "feed 2"] == made.done[:6]
