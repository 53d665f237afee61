"""A lifecycle feeds, starts, looks and stops in the order of its actions, up to what is wrong."""

import gc

import pytest

from streamgauge.errors import JobError
from streamgauge.lifecycle import LIFECYCLES, Lifecycle, Start, named, native, once, restart
from streamgauge.perform import perform
from streamgauge.values.changelog import Change
from streamgauge.worker.client import Operator
from tests.unit.world import COPIED, GHOST, NOON, ROWS, TOO_MANY, World

BUNDLE = "python.fn-execution.bundle.size"
MERGES = Operator("ExternalPythonKeyedProcessOperator", by_watermark=True, by_clock=False)
MAPS = Operator("ExternalPythonProcessOperator", by_watermark=False, by_clock=False)
END = ("cancel job 1", "drop")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a cell in a world, and gives both."""
    monkeypatch.setattr("streamgauge.verify._GROWN_SECONDS", 0.05)

    def run(*contents, world=(), **more):
        made = World(tmp_path, *contents, **dict(world))
        return made.run(monkeypatch, **more).record, made.done, made

    return run


def told(outcome):
    record, *_ = outcome
    return record.verdict, record.reason


def test_unbounded_input_comes_in_two_parts(run):
    """The second comes while the job runs; equality is looked for after each."""
    record, done, _ = run(COPIED[:2], COPIED)

    assert "pass" == record.verdict
    assert ["create", "feed 2", "submit at 1", "feed 2", "stop job 1", *END] == done


def test_bounded_input_is_there_before_the_job(run):
    """The answer is looked at when the job has ended."""
    record, done, _ = run(COPIED, mode="batch")

    assert "pass" == record.verdict
    assert ["create", "feed 4", "submit at 1", "job 1 ends", *END] == done


@pytest.mark.parametrize(
    ("unseen", "verdict"), [(COPIED[2:], "pass"), (TOO_MANY[2:], "fail")], ids=["all", "more"]
)
def test_what_is_committed_at_the_end_is_waited_for(run, unseen, verdict):
    """Not only until the answer is right: what is too much may come last."""
    record, *_ = run(COPIED[:2], mode="batch", world={"unseen": unseen})

    assert verdict == record.verdict, record.reason


def test_pass_says_where_it_is_about_nothing(run):
    """A right answer to nothing is told as that."""
    verdict, reason = told(run([], rows=[]))

    assert ("pass", True) == (verdict, "nothing" in reason)


def test_late_row_is_not_ok(run):
    """A row that comes after equality is a failure that says so."""
    assert ("fail", f"equal at first, then copies: {GHOST}") == told(
        run(COPIED[:2], COPIED, TOO_MANY)
    )


def test_row_written_at_the_stop_is_not_ok(run):
    """What the job still had to write when it was stopped counts as well."""
    outcome = run(COPIED[:2], COPIED, world={"at_stop": TOO_MANY[-1:]})

    assert ("fail", f"equal at first, then copies: {GHOST}") == told(outcome)


@pytest.mark.parametrize(("patience", "waited"), [(10, 60), (90, 90)])
def test_a_savepoint_has_the_patience_that_an_answer_has(tmp_path, monkeypatch, patience, waited):
    """And a minute at least: on a busy machine it takes that long."""
    world = World(tmp_path, COPIED[:2], COPIED, patience=patience)
    world.run(monkeypatch)

    assert waited == world.waited


def test_rows_on_their_way_are_waited_for(run):
    """A sink that is not equal yet gets time to become it."""
    assert "pass" == run([], COPIED[:1], COPIED[:2], COPIED[:3], COPIED)[0].verdict


def test_nothing_is_collected_while_one_looks(tmp_path, monkeypatch):
    """And it is again after, also where the look fails; who had it off has it off."""
    seen = []

    def look(self):
        seen.append(gc.isenabled())
        raise JobError("gone")

    monkeypatch.setattr("streamgauge.stage.Stage.look", look)
    before = gc.isenabled()
    try:
        for collects in (gc.enable, gc.disable):
            collects()
            World(tmp_path, COPIED[:2], COPIED).run(monkeypatch)
            seen.append(gc.isenabled())
    finally:
        (gc.enable if before else gc.disable)()

    assert [False, True, False, False] == seen


def test_invalid_change_is_not_waited_for(run):
    """No time can make it right."""
    outcome = run(COPIED[:1], [type(COPIED[0])("-D", ROWS[0])], COPIED, key=("n",))

    assert "fail" == outcome[0].verdict
    assert "copies: " in outcome[0].reason


def test_what_is_wrong_at_the_cut_is_told_as_such(run):
    """An answer to the whole is wrong where half was asked for."""
    verdict, reason = told(run(COPIED, world={"patience": 0.01}))

    assert "fail" == verdict
    assert reason.startswith("at the cut, 2 of 4 records fed, copies: extra 2: ")


def test_wrong_answer_is_told_when_it_grows_no_more(run):
    """The same fault shows the same numbers in each run."""
    growing = [TOO_MANY[4:], *[[*COPIED[:2], *TOO_MANY[4:]]] * 60]
    verdict, reason = told(run(*growing))

    assert ("fail", True) == (verdict, reason.endswith(f"copies: {GHOST}"))


def test_wrong_answer_is_told_when_the_job_stands_still(run, monkeypatch):
    """A key's row may be replaced, but who has read all and waits replaces none."""
    for name in ("_EVERY_SECONDS", "_WAITED_SECONDS", "_OF_PATIENCE", "_IN_A_ROW"):
        monkeypatch.setattr(f"streamgauge.standstill.{name}", 0)
    wrong = [Change("+I", (NOON, 99)), COPIED[1]]
    world = {"still": True, "patience": 600, "whole": (False, False, True)}
    record, done, _ = run(wrong, world=world, key=("at",))

    assert "fail" == record.verdict
    assert f"at the cut, 2 of 4 records fed, copies: missing 1: {ROWS[0]}" in record.reason
    assert ["job 1 has read a part"] * 2 == done[3:5]


@pytest.mark.parametrize("time", [None, "at"])
def test_waiting_does_not_outlive_the_job(run, monkeypatch, time):
    """A job that died ends the wait with its error, even where the rows are equal."""

    def check_alive(_, job):
        raise JobError("it died")

    monkeypatch.setattr(World, "check_alive", check_alive)

    assert ("unknown", "it died") == told(run(COPIED[:2], COPIED, time=time))


def test_timed_job_is_drained(run):
    """Event time comes to its end with the stop, and only then the answer is whole."""
    record, done, _ = run(COPIED[:2], COPIED[:3], world={"at_stop": COPIED[3:]}, time="at")

    assert "pass" == record.verdict
    assert [
        *("create", "feed 2", "submit at 1", "job 1 has read all"),
        *("feed 2", "job 1 has read all", "drain job 1", *END),
    ] == done


def test_row_lost_at_the_drain_is_missing(run):
    """After the end nothing is still to come."""
    assert ("fail", f"copies: missing 1: {ROWS[3]}") == told(run(COPIED[:3], time="at"))


def test_row_that_does_not_belong_there_is_told_before_the_end(run):
    """Event time may hold rows back, but not make wrong ones right."""
    record, done, _ = run(TOO_MANY[4:], time="at")

    assert record.reason.startswith("at the cut, 2 of 4 records fed, while the job runs, copies: ")
    assert ["create", "feed 2", "submit at 1", "job 1 has read all", *END] == done


@pytest.mark.parametrize(
    ("contents", "ok"),
    [
        pytest.param([COPIED[:2], COPIED], True, id="all"),
        pytest.param([COPIED[:2], COPIED[:3]], False, id="all but the last"),
        pytest.param([COPIED[:1]], False, id="all but the last of a part"),
    ],
)
def test_row_that_is_due_does_not_wait_for_the_end(run, contents, ok):
    """What event time has come to is there while the job runs."""
    record, *_ = run(*contents, world={"patience": 0.01}, time="at", due="at")

    assert ok == (record.verdict == "pass")
    assert ok or "while the job runs, copies: missing 1: " in record.reason


def test_answer_is_looked_at_when_all_is_read(run):
    """Before that, a row that does not belong there need not have been written yet."""
    _, done, _ = run(world={"whole": (False, False, True), "patience": 5}, time="at")

    assert [*["job 1 has read a part"] * 2, "job 1 has read all"] == done[3:6]


def test_job_that_does_not_read_its_input_is_told(run):
    """No answer is waited for that cannot come."""
    verdict, reason = told(run(world={"whole": (False,), "patience": 0.01}, time="at"))

    assert ("unknown", True) == (verdict, "the job has not read all its input" in reason)


def test_job_goes_on_from_its_savepoint(run):
    """Stopped at the cut, and restored from there before the rest comes."""
    lifecycle = restart("plain", cut=0.25, before=2, after=3)
    record, done, world = run(COPIED[:1], COPIED, lifecycle=lifecycle)

    assert "pass" == record.verdict
    assert [
        *("create", "feed 1", "submit at 2", "stop job 1"),
        *("submit at 3", "feed 3", "stop job 2", "cancel job 2", "cancel job 1", "drop"),
    ] == done
    assert [None, "file:/savepoints/run_1/of job 1"] == [
        job.settings.get("execution.savepoint.path") for job in world.jobs
    ]


def test_savepoint_may_be_native(run):
    """Of the stops in between; nobody goes on from the last one."""
    record, done, _ = run(COPIED[:2], COPIED, lifecycle=native("plain"))

    assert "pass" == record.verdict
    assert ["stop job 1 natively", "stop job 2"] == [each for each in done if "stop" in each]


def test_restored_source_begins_event_time_anew(run):
    """What it reads from then on tells what is due; here that is nothing."""
    lifecycle = restart("timed", cut=1.0)
    contents = [COPIED, COPIED[:3], COPIED]

    assert "pass" == run(*contents, lifecycle=lifecycle, time="at", due="at")[0].verdict


def test_checkpoints_are_taken_of_half_and_of_all(run):
    """Each after the answer so far has been seen."""
    lifecycle = named("checkpointed", "plain")
    _, done, _ = run(COPIED[:2], COPIED, lifecycle=lifecycle)

    assert [
        *("create", "feed 2", "submit at 2", "checkpoint job 1", "feed 2"),
        *("checkpoint job 1", "stop job 1", *END),
    ] == done


def test_rows_trickle_until_an_idle_partition_holds_nothing_back(run):
    """Nothing is due before that, all after it; the end of event time is not asked for."""
    contents = [], [], COPIED[:2], COPIED
    record, done, _ = run(*contents, lifecycle=named("idle", "timed"), time="at", due="at")

    assert "pass" == record.verdict
    assert [
        *("create", "feed 2", "submit at 1", "job 1 has read all", "feed 1", "feed 1"),
        *("feed 0", "job 1 has read all", *END),
    ] == done


def test_row_that_an_idle_partition_holds_back_is_missing(run):
    """After a while it ought not to."""
    world = {"patience": 0}
    outcome = run(
        [], COPIED[:3], lifecycle=named("idle", "timed"), time="at", due="at", world=world
    )

    assert f"missing 1: {ROWS[3]}" in outcome[0].reason


def test_job_has_the_tables_of_its_binding(run):
    """All statements of each table, sources first, and the sinks' own paths."""
    *_, world = run(COPIED[:2], COPIED)

    assert ("CREATE events", "CREATE copies", "CREATE copies too") == world.jobs[0].tables
    assert "`there`.`copies`" == world.jobs[0].sinks[0]["target"]
    assert "500 ms" == world.jobs[0].settings["execution.checkpointing.interval"]


@pytest.mark.parametrize(
    ("rows", "time", "size"),
    [
        pytest.param(ROWS, "at", None, id="in time"),
        pytest.param(ROWS[::-1], "at", "1", id="late"),
        pytest.param(ROWS[::-1], None, None, id="no event time"),
    ],
)
def test_late_rows_are_bundles_of_their_own(run, rows, time, size):
    """Python sees watermarks between bundles only; rows in time need not pay for that."""
    *_, world = run(COPIED[:2], COPIED, rows=rows, time=time, world={"patience": 0.1})

    assert size == world.jobs[0].settings.get(BUNDLE)


@pytest.mark.parametrize(
    ("operator", "time", "told", "size"),
    [
        pytest.param(MERGES, "at", {}, "1", id="by the watermark"),
        pytest.param(MERGES, "at", {BUNDLE: "7"}, "7", id="told otherwise"),
        pytest.param(MERGES, None, {}, None, id="no event time"),
        pytest.param(MAPS, "at", {}, None, id="row by row anyway"),
    ],
)
def test_windows_of_python_get_bundles_of_one_row(run, operator, time, told, size):
    """They merge and close by the watermark, which Python sees between bundles only."""
    world = {"operators": [operator]}
    *_, world = run(COPIED[:2], COPIED, time=time, settings=told, world=world)

    assert size == world.jobs[0].settings.get(BUNDLE)


def test_each_action_has_somebody_who_does_it():
    """A lifecycle by name never comes to an action that nobody knows."""
    actions = {
        type(action)
        for name in LIFECYCLES
        for form in ("bounded", "plain", "timed")
        for action in named(name, form).actions
    }

    assert not [a for a in actions if perform.dispatch(a) is perform.dispatch(object)]


def test_segments_are_outside_and_cells_inside(run, monkeypatch):
    """A change of engine comes once for all cells."""
    seen = []
    two = Lifecycle("two", (*once("plain").actions[:2], Start(on="other")))
    monkeypatch.setattr("streamgauge.perform.Performance.go", lambda _, a: seen.append(len(a)))
    monkeypatch.setattr("streamgauge.perform.Performance.ok", True)
    monkeypatch.setattr("streamgauge.run._Ongoing._judged", lambda self: self)
    run(lifecycle=two)

    assert [2, 1] == seen
