"""From line to line: which runs there are, and what their records come to."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from streamgauge import versions
from streamgauge.attachments import KEYED, Arrival
from streamgauge.bindings import KINDS
from streamgauge.cells import make_cell
from streamgauge.errors import JobError, StreamgaugeError, UsageError
from streamgauge.graph import Node
from streamgauge.lifecycle import Start, once
from streamgauge.records import GIVEN
from streamgauge.report import upgrade as report
from streamgauge.report.outcomes import fates
from streamgauge.run import Run
from streamgauge.upgrade import OTHER_BACKENDS, PLAIN, WAYS, carried, expected, feasible, path
from streamgauge.values.inputs import Inputs
from tests.unit.world import COPIED, ROWS, TOO_MANY, World, copying

NODE = Node("", "GroupAggregate[3]", "counts", "", (), state=True)
ID = "120".zfill(32)
REFUSED = f"Cannot map checkpoint/savepoint state for operator {ID} to the new program"


class Lines(World):
    """A world of several lines, whose sink has what was fed.

    `trouble` says what is raised when a job starts on a line, from a savepoint or not; `lies`
    says likewise whether a row too many is there from then on.
    """

    def __init__(self, tmp_path, trouble=None, lies=None):
        super().__init__(tmp_path, patience=0.01)
        self.trouble = trouble or _never
        self.lies = lies or _never
        self.started = []

    def engine(self, line):
        self.at = line.name
        return super().engine(line)

    def create(self):
        self.fed, self.extra = 0, []

    def feed(self, records, *, in_turns=False):
        self.fed += len(records)

    def read(self, sink):
        return [Arrival(change) for change in (*COPIED[: self.fed], *self.extra)]

    def execute(self):
        job = self.built
        self.started.append((self.at, "restored" if _restored(job) else "new"))
        if error := self.trouble(self.at, job):
            raise error
        self.extra = TOO_MANY[-1:] if self.lies(self.at, job) else []
        return super().execute()

    def explain(self, job):
        if error := self.trouble(self.at, job):
            raise error
        return "a plan"

    def compile(self):
        return '{"nodes": [], "edges": []}'

    def graph(self):
        return [replace(NODE, id=f"{self.at.replace('.', ''):0>32}")]


def _never(*_):
    return None


def _restored(job):
    return "execution.savepoint.path" in job.settings


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Makes one, and has cells attach to it."""

    def make(**more):
        made = Lines(tmp_path, **more)
        monkeypatch.setitem(KINDS, "kafka", made.kind())
        return made

    monkeypatch.setattr("streamgauge.verify._GROWN_SECONDS", 0.05)
    return make


def run(line="1.20", **more):
    cell = make_cell(copying(**more), "sql", "streaming", "kafka", versions.line(line))
    return Run(cell, Inputs.of({"events": ROWS}), GIVEN, once(cell.form))


def fate(world, names=("1.20", "2.3"), *, ways=True, **more):
    """What becomes of the one cell, and the records that tell it."""
    along = path(names, **more)
    records = [o.record for o in carried(world, [feasible(run(), along)], along, ways=ways)]
    (found,) = fates(records, [line.name for line in along.lines])
    return found, records


def of_state(error, *, settings=(), line="2.3"):
    """Raises an error on a line when a job is restored there without the settings."""

    def trouble(at, job):
        helped = any(pair in job.settings.items() for pair in settings)
        return error if at == line and _restored(job) and not helped else None

    return trouble


def test_state_goes_from_line_to_line(world):
    """After the cell was right from nothing on both."""
    lines = world()
    found, records = fate(lines)

    assert ("restored", False, ("1.20", "2.3")) == (found.word, found.failed, found.replays)
    assert [("1.20", "new"), ("2.3", "new"), ("1.20", "new"), ("2.3", "restored")] == lines.started
    assert ["1.20", "2.3"] == records[-1].path
    assert len(records) == expected([run()], path(["1.20", "2.3"]))
    assert found.ratio > 0


def test_refused_state_is_told_with_its_reason_and_the_ways(world):
    """Each way is tried; the best one is named, and it is the new line that refuses."""
    trouble = of_state(JobError(REFUSED), settings=[("table.exec.uid.generation", "ALWAYS")])
    found, _ = fate(world(trouble=trouble))

    first, named, *_ = found.reason.splitlines()

    assert ("refused", REFUSED, True) == (found.word, first, found.failed)
    assert "GroupAggregate[3] (operator 1 of 1; it keeps state)" in named
    assert "broken by the upgrade" == found.blame
    words = ["refused", "refused", "restored", "refused"]

    assert words == [step.word for _, step in found.ways]
    assert "with uids made by Flink" == found.help
    assert len(WAYS) == len(found.ways)


def test_ways_are_tried_only_where_they_are_wanted(world):
    """They cost as much as the upgrade itself."""
    found, _ = fate(world(trouble=of_state(JobError("no"))), ways=False)

    assert ("refused", ()) == (found.word, found.ways)


def test_wrong_answer_after_the_change_is_wrong(world):
    """No way is tried that is for what was refused, and none that helps is told."""
    found, _ = fate(world(lies=lambda line, job: line == "2.3" and _restored(job)))

    assert ("wrong", True, "") == (found.word, found.failed, found.help)
    assert [way.name for way in OTHER_BACKENDS] == [way for way, _ in found.ways]
    assert "copies: extra 1" in found.reason


def test_wrong_answer_is_tried_with_another_backend(world):
    """What loses state in memory may keep it on disk."""

    def lies(at, job):
        return _restored(job) and job.settings.get("state.backend.type") != "rocksdb"

    found, _ = fate(world(lies=lies))

    assert ("wrong", "broken by restarts", True) == (found.word, found.blame, found.failed)
    assert [("with RocksDB", "restored")] == [(way, step.word) for way, step in found.ways]
    assert "with RocksDB" == found.help


def test_what_restarts_break_is_told_apart(world):
    """The restart on the baseline is as wrong as the upgrade."""

    def trouble(_, job):
        return JobError("lost") if _restored(job) else None

    found, _ = fate(world(trouble=trouble))

    assert "broken by restarts" == found.blame


def test_broken_baseline_is_no_fault_of_the_upgrade(world):
    """Nothing is carried then."""
    found, records = fate(world(lies=lambda line, _: line == "1.20"))

    assert ("broken", "broken", True) == (found.word, found.blame, found.failed)
    assert ["once"] * 2 == [record.lifecycle for record in records]


def test_candidate_that_refuses_the_job_itself_is_told(world):
    """Its planner, say, before any state is looked at."""
    lines = world(trouble=lambda at, _: at == "2.3" and JobError("no"))
    found, _ = fate(lines)

    assert ("refused", "from nothing on 2.3: no") == (found.word, found.reason)
    assert ("1.20",) == found.replays
    assert "broken by the new line" == found.blame


def test_candidate_that_dies_is_no_refusal(world):
    """And no pass either."""
    died = of_state(StreamgaugeError("the cluster does not answer"))
    found, _ = fate(world(trouble=died))

    assert ("unknown", True, ()) == (found.word, found.failed, found.ways)


def test_path_of_several_lines_tells_where_it_ended(world):
    """What comes after is untried."""
    lines = world(trouble=of_state(JobError("no"), line="2.2"))
    found, _ = fate(lines, ["1.20", "2.0", "2.2", "2.3"], ways=False)

    assert ["restored", "refused", "untried"] == [step.word for step in found.steps]
    assert "2.2" == next(step.line for step in found.steps if step.reason)


def test_roll_back_ends_on_the_baseline(world):
    """From the savepoint of the candidate, and from the baseline's own."""
    lines = world()
    found, records = fate(lines, roll_back=True)
    _, _, moved, back = records

    assert "restored" == found.word
    assert [["1.20", "2.3", "1.20"]] * 2 == [moved.path, back.path]
    assert [("from the baseline's savepoint", "restored")] == [
        (way, step.word) for way, step in found.ways
    ]
    assert ["file:/savepoints/run_1/of job 6"] * 2 == [
        job.settings["execution.savepoint.path"] for job in lines.jobs[-2:]
    ]


def test_state_that_cannot_go_back_leaves_the_baseline_its_own(world):
    """What is refused there is the candidate's savepoint alone."""

    def trouble(at, job):
        of_candidate = job.settings.get("execution.savepoint.path", "").endswith("of job 4")
        return JobError("version 6") if at == "1.20" and of_candidate else None

    found, _ = fate(world(trouble=trouble), roll_back=True, ways=False)

    assert ["restored", "refused"] == [step.word for step in found.steps]
    assert "from the baseline's savepoint" == found.help


def test_rescale_has_other_tasks_on_each_line():
    """Of one, two, three."""
    along = path(["1.20", "2.0", "2.3"], rescale=True)

    assert [1, 2, 3] == [start.parallelism for start in along.starts(WAYS[0])]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["1.20"], "from one Flink line to another"),
        (["2.3", "1.20"], "2.3 to 1.20 is no upgrade"),
        (["1.20", "1.20"], "1.20 to 1.20 is no upgrade"),
        (["1.20", "9.9"], "9.9"),
        (["1.20+kafka=3.2.0-1.19"] * 2, "is no upgrade"),
        (["2.3+kafka=4.0.1-2.0", "1.20"], "2.3.kafka=4.0.1-2.0 to 1.20 is no upgrade"),
    ],
)
def test_path_that_is_none_is_refused(names, told):
    """Before anything starts."""
    with pytest.raises(UsageError, match=told):
        path(names)


def test_path_may_change_connectors_alone():
    """Of the same line: each of both is an engine of its own."""
    names = ["1.20+kafka=3.2.0-1.19", "1.20"]
    along = path(names)

    assert names == [line.name for line in along.distinct]
    assert names == [start.on for start in along.starts(PLAIN)]


def test_cell_that_is_not_on_the_candidate_is_absent():
    """With the line's own reason."""
    along = path(["1.20", "2.3"])
    scenario = replace(copying(), bindings=("cdc",))
    cell = make_cell(scenario, "sql", "streaming", "cdc", versions.line("1.20"))
    told = feasible(replace(run(), cell=cell), along).cell.absent

    assert versions.line("2.3").absent["cdc"] == told


def test_changed_job_may_stay_on_its_line():
    """All starts but the first are of the changed job."""
    along = path(["1.20", "1.20"], change="renamed")

    assert ["", "renamed"] == [start.job for start in along.starts(WAYS[0])]


def test_start_of_a_way_says_so():
    """Settings of every start, and those of a restored one."""
    plan, late, uids, dropped = (path(["1.20", "2.3"]).starts(way) for way in WAYS)

    assert [True, True] == [start.plan for start in plan]
    assert [(False, ()), (True, WAYS[1].restored)] == [(s.plan, s.settings) for s in late]
    assert [Start(1, line, settings=WAYS[2].always) for line in ("1.20", "2.3")] == uids
    assert ((), WAYS[3].restored) == tuple(start.settings for start in dropped)


def test_refusal_that_settings_spare_a_job_is_told(world, capsys):
    """The job is carried over; but one that is not told so would be refused."""

    def trouble(at, job):
        return (
            JobError("no ON CONFLICT") if at == "2.3" and not set(KEYED) & {*job.settings} else None
        )

    made = world(trouble=trouble)
    made.attached = KEYED
    found, _ = fate(made)
    report.matrix([found], ["1.20", "2.3"], [])
    shown = capsys.readouterr().out

    assert ("restored", False) == (found.word, found.failed)
    assert [("2.3", "no ON CONFLICT")] == [(on, said.splitlines()[0]) for on, said in found.spared]
    assert "on 2.3 Flink by its own default refuses the job: no ON CONFLICT" in shown
    assert "unless it is told table.exec.sink.require-on-conflict: false" in shown


def test_scenario_with_a_word_of_its_own_is_spared_nothing(world):
    """Nor is one whose job any line takes."""
    made = world()
    made.attached = KEYED
    plain, _ = fate(made)
    made.attached = dict.fromkeys(KEYED, "true")
    own, _ = fate(made)

    assert [(), ()] == [plain.spared, own.spared]


def test_matrix_and_junit_tell_the_same(world, capsys, tmp_path):
    """A refusal that nobody declared is a failure in both."""
    found, _ = fate(world(trouble=of_state(JobError(REFUSED))))
    report.matrix([found], ["1.20", "2.3"], [])
    report.junit([found], ["1.20", "2.3"], [], tmp_path / "junit.xml")
    (case,) = ET.parse(tmp_path / "junit.xml").getroot()  # noqa: S314 - we wrote it
    shown = capsys.readouterr().out

    assert "copy-sql-streaming-kafka" == case.get("name")
    assert [f"refused: {found.reason}"] == [failure.get("message") for failure in case]
    assert f"on 2.3: {REFUSED}" in shown
    assert "1 cells: 0 restored, 1 refused" in shown
