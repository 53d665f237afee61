"""A cell's run feeds, waits, stops and looks again, in the order that its job needs."""

from datetime import datetime, timedelta
from itertools import chain, repeat
from pathlib import Path
from types import SimpleNamespace

import pytest

from streamgauge.attachments import Arrival
from streamgauge.cell_run import CellRun
from streamgauge.cells import make_cell
from streamgauge.clusters.rest import JobError
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.lifecycle import ONCE, Lifecycle
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Inputs
from streamgauge.values.schema import Schema
from streamgauge.versions import Line

LINE = Line("9.0", "9.0.2", ">=3.9", (), {}, absent={})
NOON = datetime.fromisoformat("2024-02-29 12:00:00")
ROWS = [(NOON + timedelta(seconds=seconds), seconds) for seconds in range(4)]
INPUTS = Inputs.of({"events": ROWS})
COPIED = [Change("+I", row) for row in ROWS]
TOO_MANY = [*COPIED, Change("+I", (NOON, 99))]
GHOST = f"extra 1: {(NOON, 99)}"


def copying(folder=Path(), key=(), due=None, **more):
    """A scenario whose sink gets the rows of its source."""
    schema = Schema.of(at="TIMESTAMP(3)", n="BIGINT")
    return Scenario(
        id="copy",
        version=1,
        question="Are they equal?",
        sources=(Source("events", schema, generate=lambda *_: [], time=more.pop("time", None)),),
        sinks=(Sink("copies", schema, key=key, due=due),),
        bindings=("kafka",),
        rows=1,
        folder=folder,
        oracle=lambda inputs: {"copies": inputs["events"]},
        **more,
    )


class Stage:
    """What a run talks to: binding, cluster and worker in one, which keep what was done.

    `contents` are those of the sink each time it is read, the last one from then on;
    `whole` says likewise whether the job has read all its input. `at_stop` is written
    when the job is stopped.
    """

    bounded = False
    url = "http://127.0.0.1:8081"
    alive = True

    def __init__(self, *contents, at_stop=(), operators=(), whole=(True,)):
        self.contents = chain(contents, repeat(contents[-1])) if contents else repeat([])
        self.at_stop = at_stop
        self.operators = operators
        self.whole = chain(whole, repeat(whole[-1]))
        self.settings = {"execution.checkpointing.interval": "500 ms"}
        self.written = []
        self.done = []
        self.jobs = []
        self.rest = self.worker = self.cluster = self
        self.environment = SimpleNamespace(python=Path("python"))

    def ddl(self):
        return ["CREATE events", "CREATE copies", "CREATE copies too"]

    def target(self, sink):
        return f"`there`.`{sink}`"

    def feed(self, records):
        self.done.append(f"feed {len(records)}")

    def read_from_kafka(self, job):
        return job, next(self.whole)

    def consumed(self, read):
        job, whole = read
        self.done.append(f"{job} has read {'all' if whole else 'a part'}")
        return whole

    def read(self, sink):
        return [Arrival(change) for change in (*next(self.contents), *self.written)]

    def submit(self, job):
        self.jobs.append(job)
        self.done.append(f"submit at {job.settings['parallelism.default']}")
        return f"job {len(self.jobs)}", self.operators

    def check(self):
        pass

    def check_alive(self, job):
        pass

    def stop(self, job, savepoints, seconds, *, drain=False):
        self.done.append(f"{'drain' if drain else 'stop'} {job}")
        self.written.extend(self.at_stop)
        return f"file:/savepoint of {job}"

    def cancel(self, job, seconds):
        self.done.append(f"cancel {job}")


def cell_run(stage, lifecycle=ONCE, patience=10, inputs=INPUTS, **more):
    """A run that is as far as its binding is made."""
    cell = make_cell(copying(**more), "sql", "streaming", "kafka", LINE)
    record = SimpleNamespace(rows_out=0, seconds={}, mark=lambda _: None)
    inputs = Inputs.of(inputs)
    run = CellRun(SimpleNamespace(patience=patience), cell, inputs, record, lifecycle)
    run._engine = run._binding = stage
    run._place = SimpleNamespace(name="run_1", folder=Path())
    return run


@pytest.fixture
def folder(tmp_path):
    """The folder of a scenario with a query."""
    (tmp_path / "query.sql").write_text("SELECT at, n FROM events;\n")
    return tmp_path


def settle(run):
    return run._settle("job 1", lambda: run._compare(INPUTS))


def test_rows_that_stay_equal_hold():
    """Equal before, during and after the stop is ok."""
    stage = Stage(COPIED)

    assert cell_run(stage)._held("job 1").ok
    assert ["stop job 1"] == stage.done


def test_late_row_is_not_ok():
    """A row that comes after equality is a failure that says so."""
    seen = cell_run(Stage(COPIED, TOO_MANY))._held("job 1")

    assert not seen.ok
    assert f"equal at first, then copies: {GHOST}" == str(seen)


def test_row_written_at_the_stop_is_not_ok():
    """What the job still had to write when it was stopped counts as well."""
    seen = cell_run(Stage(COPIED, at_stop=TOO_MANY[-1:]))._held("job 1")

    assert f"equal at first, then copies: {GHOST}" == str(seen)


def test_settling_waits_for_rows_that_are_on_their_way():
    """A sink that is not equal yet gets time to become it."""
    assert settle(cell_run(Stage([], COPIED[:1], COPIED))).ok


def test_settling_ends_at_an_invalid_change():
    """No time can make it right, so it is not waited for."""
    stage = Stage(COPIED[:1], [Change("-D", ROWS[0])], COPIED)

    assert settle(cell_run(stage, key=("n",))).hopeless


def test_settling_tells_what_was_seen_last():
    """Once patience is over, what is there is the answer, and not an error."""
    seen = settle(cell_run(Stage(COPIED[1:]), patience=0.01))

    assert (ROWS[0],) == seen.sinks["copies"].missing


@pytest.mark.parametrize("time", [None, "at"])
def test_waiting_does_not_outlive_the_job(monkeypatch, time):
    """A job that died ends the wait with its error, even where the rows are equal."""

    def check_alive(job):
        raise JobError("it died")

    stage = Stage(COPIED)
    monkeypatch.setattr(stage, "check_alive", check_alive)

    with pytest.raises(JobError, match="it died"):
        cell_run(stage, time=time)._arrive("job 1", INPUTS, [INPUTS])


@pytest.mark.parametrize(
    ("content", "ok"),
    [
        pytest.param([], True, id="nothing yet"),
        pytest.param(COPIED[:1], True, id="rows before the end of time"),
        pytest.param(TOO_MANY[3:], False, id="row that does not belong there"),
    ],
)
def test_timed_answer_need_not_be_whole_before_the_end(content, ok):
    """When all is read, event time may still hold rows back, but not make wrong ones right."""
    stage = Stage(content)

    assert ok == cell_run(stage, time="at")._arrive("job 1", INPUTS, [INPUTS]).ok
    assert ["job 1 has read all"] == stage.done


@pytest.mark.parametrize(
    ("fed", "content", "ok"),
    [
        pytest.param([ROWS], COPIED, True, id="all"),
        pytest.param([ROWS], COPIED[:3], False, id="all but the last"),
        pytest.param([ROWS[:3]], COPIED[:3], True, id="all so far"),
        pytest.param([ROWS[:1], ROWS[1:3]], COPIED[:2], False, id="all but the last of a part"),
        pytest.param([[]], [], True, id="nothing fed"),
    ],
)
def test_row_that_is_due_does_not_wait_for_the_end(fed, content, ok):
    """What event time has come to is there while the job runs."""
    run = cell_run(Stage(content), patience=0.01, time="at", due="at")
    seen = run._arrive("job 1", INPUTS, [{"events": rows} for rows in fed])

    assert ok == seen.ok
    assert ok or str(seen).startswith("while the job runs, copies: missing 1: ")


def test_rows_trickle_until_an_idle_partition_holds_nothing_back(folder):
    """Nothing is due before that, all after it; the end of event time is not asked for."""
    stage = Stage([], [], COPIED[:2], COPIED)
    run = cell_run(stage, Lifecycle(idle=1), folder=folder, time="at", due="at")

    assert run._run_unbounded().ok
    assert [
        *("feed 2", "submit at 1", "job 1 has read all", "feed 1", "feed 1"),
        *("feed 0", "job 1 has read all", "cancel job 1"),
    ] == stage.done


def test_row_that_an_idle_partition_holds_back_is_missing(folder):
    """After a while it ought not to."""
    stage = Stage([], COPIED[:3])
    run = cell_run(stage, Lifecycle(idle=1), folder=folder, time="at", due="at", patience=0)

    assert (ROWS[3],) == run._run_unbounded().sinks["copies"].missing


def test_row_that_is_due_is_waited_for():
    """It may come a little after its input has been read."""
    run = cell_run(Stage([], COPIED[:2], COPIED), time="at", due="at")

    assert run._arrive("job 1", INPUTS, [INPUTS]).ok


def test_restored_source_begins_event_time_anew(folder):
    """What it reads from then on tells what is due; here that is nothing."""
    stage = Stage(COPIED, COPIED[:3], COPIED)
    lifecycle = Lifecycle(restored=1, cut=1.0)
    run = cell_run(stage, lifecycle, folder=folder, time="at", due="at", patience=0)

    assert run._run_unbounded().ok


def test_timed_answer_is_looked_at_when_all_is_read():
    """Before that, a row that does not belong there need not have been written yet."""
    stage = Stage(whole=(False, False, True))
    cell_run(stage, time="at")._arrive("job 1", INPUTS, [INPUTS])

    assert [*["job 1 has read a part"] * 2, "job 1 has read all"] == stage.done


def test_job_that_does_not_read_its_input_is_told():
    """No answer is waited for that cannot come."""
    stage = Stage(whole=(False,))

    with pytest.raises(StreamgaugeError, match="the job has not read all its input"):
        cell_run(stage, patience=0.01, time="at")._arrive("job 1", INPUTS, [INPUTS])


def test_unbounded_input_comes_in_two_parts(folder):
    """The second comes while the job runs; equality is looked for after each."""
    stage = Stage(COPIED[:2], COPIED)

    assert cell_run(stage, folder=folder)._run_unbounded().ok
    assert ["feed 2", "submit at 1", "feed 2", "stop job 1", "cancel job 1"] == stage.done


def test_wrong_answer_at_the_cut_ends_the_run(folder):
    """No more is fed to a job that is wrong already."""
    stage = Stage(TOO_MANY[3:])

    assert not cell_run(stage, folder=folder, time="at")._run_unbounded().ok
    assert ["feed 2", "submit at 1", "job 1 has read all", "cancel job 1"] == stage.done


def test_timed_job_is_drained(folder):
    """Event time comes to its end with the stop, and only then the answer is whole."""
    stage = Stage(COPIED[:2], COPIED[:3], at_stop=COPIED[3:])

    assert cell_run(stage, folder=folder, time="at")._run_unbounded().ok
    assert [
        *("feed 2", "submit at 1", "job 1 has read all"),
        *("feed 2", "job 1 has read all", "drain job 1", "cancel job 1"),
    ] == stage.done


def test_row_lost_at_the_drain_is_missing(folder):
    """After the end nothing is still to come."""
    seen = cell_run(Stage(COPIED[:3]), folder=folder, time="at")._run_unbounded()

    assert (ROWS[3],) == seen.sinks["copies"].missing


def test_job_goes_on_from_its_savepoint(folder):
    """Stopped at the cut, and restored from there before the rest comes."""
    stage = Stage(COPIED[:1], COPIED)
    lifecycle = Lifecycle(cut=0.25, parallelism=2, restored=3)

    assert cell_run(stage, lifecycle, folder=folder)._run_unbounded().ok
    assert [
        *("feed 1", "submit at 2", "stop job 1", "cancel job 1"),
        *("submit at 3", "feed 3", "stop job 2", "cancel job 2"),
    ] == stage.done
    assert [None, "file:/savepoint of job 1"] == [
        job.settings.get("execution.savepoint.path") for job in stage.jobs
    ]


def test_job_has_the_tables_of_its_binding(folder):
    """All statements of each table, sources first, and the sinks' own paths."""
    stage = Stage(COPIED[:2], COPIED)
    cell_run(stage, folder=folder)._run_unbounded()

    assert ("CREATE events", "CREATE copies", "CREATE copies too") == stage.jobs[0].tables
    assert "`there`.`copies`" == stage.jobs[0].sinks[0]["target"]
    assert "500 ms" == stage.jobs[0].settings["execution.checkpointing.interval"]


def test_failed_job_is_not_started_again(folder):
    """With checkpoints Flink would do so for ever, and tell nobody why it failed."""
    stage = Stage()
    cell_run(stage, folder=folder)._submit(1, None)

    assert "none" == stage.jobs[0].settings["restart-strategy.type"]


@pytest.mark.parametrize(
    ("rows", "time", "size"),
    [
        pytest.param(ROWS, "at", None, id="in time"),
        pytest.param(ROWS[::-1], "at", "1", id="late"),
        pytest.param(ROWS[::-1], None, None, id="no event time"),
    ],
)
def test_late_rows_are_bundles_of_their_own(folder, rows, time, size):
    """Python sees watermarks between bundles only; rows in time need not pay for that."""
    stage = Stage()
    cell_run(stage, folder=folder, time=time, inputs={"events": rows})._submit(1, None)

    assert size == stage.jobs[0].settings.get("python.fn-execution.bundle.size")


def test_late_rows_at_the_end_matter_from_the_start(folder):
    """The part before the restore runs in the same way as the rest."""
    stage = Stage(COPIED[:1])
    rows = [*ROWS[:3], ROWS[0]]
    run = cell_run(stage, Lifecycle(restored=1), folder=folder, time="at", inputs={"events": rows})
    run._run_unbounded()

    assert ["1", "1"] == [job.settings["python.fn-execution.bundle.size"] for job in stage.jobs]


@pytest.mark.parametrize(
    "life", [Lifecycle(parallelism=2), Lifecycle(restored=2), Lifecycle(idle=1)]
)
def test_late_rows_over_several_partitions_are_refused(life):
    """Before anything starts: nobody can tell which of them Flink will find late."""
    run = cell_run(Stage(), life, time="at", inputs={"events": ROWS[::-1]})

    with pytest.raises(UsageError, match=r"source events: row 1 comes late, and over 2 partitions"):
        run.outcome()
