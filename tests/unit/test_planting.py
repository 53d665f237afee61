"""Variants of a dialect: what is told of each, in which cell, and that files stay as they are."""

from dataclasses import replace
from itertools import count

import pytest

from streamgauge import versions
from streamgauge.attachments import Arrival
from streamgauge.bindings import KINDS
from streamgauge.cells import Filter, cells, make_cell
from streamgauge.discovery import discover
from streamgauge.errors import JobError, ScenarioError, StreamgaugeError
from streamgauge.lifecycle import once, restart
from streamgauge.planting import catching
from streamgauge.planting.catching import tried, unplanted
from streamgauge.planting.declared import Declared, declared, excused, stands, unneeded
from streamgauge.planting.dialect import asked, drawn
from streamgauge.planting.kept import Kept
from streamgauge.planting.variant import Variant
from streamgauge.records import GIVEN
from streamgauge.report import plant as report
from streamgauge.report.plant import Tried
from streamgauge.run import Outcome, Run, new_record
from streamgauge.thorough import Asked, chosen
from streamgauge.values.inputs import Inputs
from tests.unit.world import COPIED, LINE, ROWS, TOO_MANY, World, copying

QUERY = "SELECT at, n FROM events"


class Answering(World):
    """Answers by what stands in the query."""

    def __init__(self, tmp_path, right=QUERY):
        super().__init__(tmp_path)
        self.right = right
        self.names = count()
        self.fed = 0

    def unique_name(self):
        return f"run_{next(self.names)}"

    def feed(self, records, *, in_turns=False):
        self.fed += len(records)

    @property
    def asked_for(self):
        return self.built.queries[0].text

    def build(self, job, *, look, plan=None):
        if "refused" in job.queries[0].text:
            raise JobError("no such column")
        return super().build(job, look=look, plan=plan)

    def explain(self, job):
        plan = job.queries[0].text.replace("same", "at")
        return f"cost {plan}\n== Optimized Physical Plan ==\n{plan}"

    def wait_finished(self, job, seconds, meanwhile, every):
        if "endless" in self.asked_for:
            raise StreamgaugeError("not finished")
        if "failing" in self.asked_for:
            raise JobError("divided by zero")

    def read(self, sink):
        wrong = "wrong" in self.asked_for or (
            "streaming" in self.built.name and "late" in self.asked_for
        )
        known = self.right == self.asked_for or not wrong
        return [Arrival(change) for change in (COPIED if known else TOO_MANY)]


@pytest.fixture
def dialect(monkeypatch, tmp_path):
    """A dialect of two cells, in a world."""

    def dialect(world, *modes):
        monkeypatch.setitem(KINDS, "kafka", world.kind())
        folder = tmp_path / "copy"
        folder.mkdir()
        (folder / "query.sql").write_text(QUERY)
        scenario = replace(copying(), folder=folder)
        inputs = Inputs.of({"events": ROWS})
        cells = [replace(make_cell(scenario, "sql", m, "kafka", LINE), ends=True) for m in modes]
        runs = [Run(cell, inputs, GIVEN, once(cell.form)) for cell in cells]
        return asked(runs)

    return dialect


def variant(word):
    """One that reads `word` where it should read `at`."""
    return Variant("column", QUERY.index("at"), QUERY.index("at") + 2, word, "query.sql")


@pytest.mark.parametrize(
    ("word", "result", "mode"),
    [
        ("wrong", "caught", "batch"),
        ("late", "caught", "streaming"),
        ("other", "not caught", ""),
        ("same", "equivalent", "batch"),
        ("refused", "invalid", "batch"),
        ("failing", "failed", "batch"),
        ("endless", "ended", "batch"),
    ],
)
def test_what_becomes_of_a_variant(word, result, mode, dialect, tmp_path):
    """The first cell tells that does not let it pass; the rows are put there once."""
    world = Answering(tmp_path)
    ((_, found),) = tried(world, dialect(world, "batch", "streaming"), [variant(word)])

    assert result == found.result
    assert ("once" if mode else "") == found.lifecycle
    assert (mode and f"copy-sql-{mode}-kafka-9.0.2") == found.cell
    assert ("- SELECT at, n FROM events", f"+ SELECT {word}, n FROM events") == found.diff
    assert QUERY == (tmp_path / "copy" / "query.sql").read_text()


@pytest.mark.parametrize(("calc", "result"), [("Calc", "equivalent"), ("PythonCalc", "not caught")])
def test_a_plan_does_not_tell_what_python_does(calc, result, dialect, tmp_path):
    """Where it calls functions, the same plan says nothing of a variant of these."""
    world = Answering(tmp_path)
    world.explain = lambda _: f"{calc}(select=[f(n)])"
    asks = dialect(world, "batch")
    function = Variant("number by one", 4, 5, "2", "udf.py")
    with_udf = replace(asks, texts={**asks.texts, "udf.py": "A = 1"})
    ((_, found),) = tried(world, with_udf, [function])
    ((_, in_sql),) = tried(world, with_udf, [variant("other")])

    assert result == found.result
    assert "equivalent" == in_sql.result


def test_without_a_plan_of_the_dialect_none_is_the_same(dialect, tmp_path):
    """As over Hive, whose catalog an example has not."""

    def explain(_):
        raise JobError("hive-site.xml does not exist")

    world = Answering(tmp_path)
    world.explain = explain
    ((_, found),) = tried(world, dialect(world, "batch"), [variant("same")])

    assert "not caught" == found.result


def test_rows_are_put_there_once(dialect, tmp_path):
    """However many variants read them."""
    world = Answering(tmp_path)
    list(tried(world, dialect(world, "batch"), list(map(variant, ("wrong", "other", "late")))))

    assert len(ROWS) == world.fed


def test_a_dialect_that_is_wrong_itself_is_told(dialect, tmp_path):
    """Before anything is planted."""
    world = Answering(tmp_path)
    wrong = dialect(world, "batch")
    (wrong.cells[0].scenario.folder / "query.sql").write_text(QUERY.replace("at", "wrong"))

    with pytest.raises(StreamgaugeError, match="not right before"):
        list(unplanted(world, wrong))


def test_a_variant_has_not_much_longer_than_the_dialect(dialect, tmp_path):
    """What never ends is ended soon."""
    world = Answering(tmp_path)
    world.patience = 60
    (outcome,) = unplanted(world, dialect(world, "batch"))

    assert "pass" == outcome.record.verdict
    assert 10 == world.patience


@pytest.mark.parametrize(("lifecycle", "patience"), [(once, 48), (restart, 24)])
def test_what_it_may_take_is_by_what_an_answer_took(
    lifecycle, patience, dialect, tmp_path, monkeypatch
):
    """Not by what comes before a job and behind it; a restart has two answers."""
    world = Answering(tmp_path)
    world.patience = 60
    asks = dialect(world, "streaming")
    run = replace(asks.runs[0], lifecycle=lifecycle("plain"))
    record = new_record(world, run)
    record.verdict = record.found = "pass"
    record.seconds = {"prepare": 50, "submit": 20, "job": 12, "verify": 9}
    monkeypatch.setattr(catching, "run_cells", lambda *_: [Outcome(record, {})])
    list(unplanted(world, replace(asks, runs=[run])))

    assert patience == world.patience


def test_what_catches_most_comes_first():
    """What has an end is quick; the like of it over another binding tells hardly more."""
    scenario, inputs = discover()["word_count"], Inputs.of({"words": [("a",)]})
    wanted = cells([scenario], [versions.line("1.20")], Filter(("process",)))
    runs = asked([chosen(cell, inputs, GIVEN, "", Asked()) for cell in wanted]).runs

    assert [
        ("batch", "files", "once"),
        ("streaming", "files", "once"),
        ("streaming", "kafka", "rescale"),
        ("batch", "kafka", "once"),
    ] == [(run.cell.mode, run.cell.binding, run.lifecycle.name) for run in runs]


def test_a_sample_is_always_the_same(dialect, tmp_path):
    """And another one by another seed; what is asked for and is not there is all."""
    one = dialect(Answering(tmp_path), "batch")
    every = drawn(one, None, 0)
    samples = [drawn(one, 1, seed) for seed in range(20)]

    assert [drawn(one, 1, seed) for seed in range(20)] == samples
    assert {each for (each,) in samples} == set(every)
    assert every == drawn(one, 99, 0)


def test_what_is_known_is_not_asked_again(dialect, tmp_path, monkeypatch):
    """But for what a limit has ended; a change to question or rows makes all of it new."""
    monkeypatch.setenv("STREAMGAUGE_STATE", str(tmp_path / "state"))
    world = Answering(tmp_path)
    one = dialect(world, "batch")
    words = [variant(word) for word in ("wrong", "other", "endless")]
    kept = Kept(one)
    assert {} == kept.known(words)
    became = dict(tried(world, one, words))
    # What ends a line elsewhere does not end one of JSON.
    became[words[0]] = became[words[0]]._replace(why="one\u2028two\x85three")
    for each, found in became.items():
        kept.add(each, found)
    with next((tmp_path / "state").rglob("copy-sql.jsonl")).open("a") as cut_short:
        cut_short.write('["ab')

    assert {each: became[each] for each in words[:2]} == Kept(one).known(words)
    for change in (_longer, _other_rows, _other_file):
        assert {} == Kept(change(one)).known(words)


def _longer(dialect):
    return replace(dialect, texts={"query.sql": f"{QUERY} WHERE n > 0"})


def _other_rows(dialect):
    inputs = Inputs.of({"events": ROWS[1:]})
    return replace(dialect, runs=[replace(run, inputs=inputs) for run in dialect.runs])


def _other_file(dialect):
    (dialect.cells[0].scenario.folder / "helper.py").write_text("A = 1\n")
    return dialect


EQUIVALENT = """
[[equivalent]]
file = "query.sql"
diff = '''
  - a < 11
  + a <= 10
'''
reason = "whole numbers"
"""


def test_a_survivor_may_be_declared_as_no_error(tmp_path):
    """With the reason; one that is caught, or is not made at all, is declared in vain."""
    assert [] == declared(tmp_path)
    (tmp_path / "equivalent.toml").write_text(EQUIVALENT)
    known = declared(tmp_path)
    one = Tried("border", "query.sql", 3, ("- a < 11", "+ a <= 10"), "not caught")
    other = one._replace(diff=("- a < 11", "+ a < 12"))
    found = [excused(each, known) for each in (one, other)]

    assert [one._replace(result="equivalent", why="whole numbers"), other] == found
    assert [] == unneeded(found, known)
    (told,) = unneeded([one._replace(result="caught"), other], known)
    assert "query.sql: - a < 11 + a <= 10: is no variant that rows let pass" in told


def test_what_is_declared_goes_through_the_first_cell_alone(dialect, tmp_path):
    """Which tells whether it is declared in vain; known it is as long as it is declared."""
    world = Answering(tmp_path)
    diff = ("- SELECT at, n FROM events", "+ SELECT late, n FROM events")
    known = [Declared("query.sql", diff, "it never is")]
    wrong = [Declared("query.sql", (diff[0], diff[1].replace("late", "wrong")), "it never is")]
    both = dialect(world, "batch", "streaming")
    ((_, found),) = tried(world, both, [variant("late")], known)
    ((_, caught),) = tried(world, both, [variant("wrong")], wrong)

    assert ("equivalent", "it never is") == (found.result, found.why)
    assert "caught" == caught.result
    assert [True, False, True] == [
        stands(found, known),
        stands(found, wrong),
        stands(caught, wrong),
    ]


@pytest.mark.parametrize("name", [s.id for s in discover().values() if declared(s.folder)])
def test_what_ours_declare_is_made(name):
    """Else a dialect that changed would have its reasons no more."""
    scenario = discover()[name]
    wanted = cells([scenario], [versions.line("1.20")])
    dialects = {
        c.dialect: asked([chosen(c, scenario.sample(0), GIVEN, "", Asked())]) for c in wanted
    }
    made = {
        (each.file, tuple(each.diff(dialect.texts[each.file])))
        for dialect in dialects.values()
        for each in dialect.variants
    }

    assert {(each.file, each.diff) for each in declared(scenario.folder)} <= made


@pytest.mark.parametrize(
    "text", ["equivalent = 3", "[[equivalent]]\nfile = 'a'", "a = ", "[[equivalents]]\na = 1"]
)
def test_a_declaration_that_is_none_is_told(text, tmp_path):
    """Whatever is wrong with it, and in which file."""
    (tmp_path / "equivalent.toml").write_text(text)

    with pytest.raises(ScenarioError, match=r"equivalent\.toml: "):
        declared(tmp_path)


def test_the_share_is_of_those_that_are_wrong():
    """What is no error, and what does not run at all, is not among them."""
    results = ("caught", "failed", "ended", "not caught", "equivalent", "invalid", "invalid")
    found = [Tried("a kind", "query.sql", 3, ("- a", "+ b"), result) for result in results]

    assert 0.75 == report.share(found)
    assert "3 of 4 variants that are wrong caught (75%)" == report.summary(found)
    assert 1 == report.share([])


def test_it_is_told_by_what_they_are_caught():
    """What rows do, and what only a restart does."""
    one = Tried("a kind", "query.sql", 3, ("- a", "+ b"), "caught", "missing 3", lifecycle="once")
    found = [one, one, one._replace(lifecycle="rescale"), one._replace(result="not caught")]

    assert "caught by once query.sql:3 a kind: missing 3" == report.line(one).plain
    assert report.summary(found).endswith(
        "3 of 4 variants that are wrong caught (75%): 2 by once, 1 by rescale"
    )


def test_survivors_are_shown(capsys):
    """Each by its lines, whatever stands in them, before the table."""
    survivor = Tried("border", "query.sql", 3, ("- a[b] < 1", "+ a[b] <= 1"), "not caught")
    report.tell("mine sql", [survivor, survivor._replace(kind="limit", result="caught")])
    said = [line.split() for line in capsys.readouterr().out.splitlines()]

    assert ["not", "caught:", "query.sql:3", "border"] == said[0]
    assert [["-", "a[b]", "<", "1"], ["+", "a[b]", "<=", "1"]] == said[1:3]
    assert [["border", "1", "1"], ["limit", "1", "1"], ["all", "2", "1", "1"]] == said[4:7]
