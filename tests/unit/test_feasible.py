"""What cannot be done is refused before anything starts."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from streamgauge.cells import make_cell
from streamgauge.errors import UsageError
from streamgauge.feasible import refusal
from streamgauge.lifecycle import (
    LIFECYCLES,
    Feed,
    Lifecycle,
    Start,
    Stop,
    Verify,
    named,
    once,
    restart,
)
from streamgauge.records import GIVEN
from streamgauge.run import planned, run_cell
from streamgauge.values.inputs import Inputs
from tests.unit.world import LINE, ROWS, copying

INPUTS = Inputs.of({"events": ROWS})


def cell(mode="streaming", binding="kafka", **more):
    return make_cell(copying(**more), "sql", mode, binding, LINE)


@pytest.mark.parametrize("name", ["checkpointed", "restart", "rescale", "idle"])
@pytest.mark.parametrize(("mode", "binding"), [("batch", "kafka"), ("streaming", "files")])
def test_input_with_an_end_is_not_stopped_in_the_middle(name, mode, binding):
    """No savepoint is taken and none restored: that is not a pass."""
    found = cell(mode, binding, time="at", due="at")

    assert "cannot be done over input that has an end" in refusal(
        found, INPUTS, named(name, found.form), 3
    )


def test_input_without_an_end_is_not_waited_for():
    """The job would never end."""
    assert "AwaitEnd cannot be done over input without an end" in refusal(
        cell(), INPUTS, once("bounded"), 3
    )


@pytest.mark.parametrize("name", LIFECYCLES)
def test_timed_topic_goes_through_everything(name):
    """All that has a name."""
    assert refusal(cell(time="at", due="at"), INPUTS, named(name, "timed"), 3) is None


def test_idle_partition_needs_rows_that_are_due():
    """Else nothing would be looked at that waits for event time."""
    assert "idle: needs rows that are due" in refusal(
        cell(time="at"), INPUTS, named("idle", "timed"), 3
    )


def test_cluster_has_to_have_the_slots():
    """A job that gets none would wait for ever."""
    assert "parallelism 4 needs more than the cluster's 3 slots" == refusal(
        cell(), INPUTS, once("plain", parallelism=4), 3
    )


@pytest.mark.parametrize(
    ("actions", "told"),
    [
        ((Feed(1), Verify()), "needs a Start, and a Verify after the last one"),
        ((Feed(1), Start()), "needs a Start, and a Verify after the last one"),
        ((Feed(1), Start(), Verify(), Stop(), Start()), "a Verify after the last one"),
        ((Feed(0.5), Start(), Verify()), "never feeds all of the input"),
        ((Feed(1), Start(), Start(), Verify()), "starts a job that runs already"),
    ],
)
def test_lifecycle_that_proves_nothing_is_refused(actions, told):
    """Nothing passes because it was not tried."""
    assert told in refusal(cell(), INPUTS, Lifecycle("own", actions), 3)


def test_late_rows_over_several_partitions_are_refused():
    """Which rows are late there nobody knows before."""
    inputs = Inputs.of({"events": ROWS[::-1]})

    assert "comes late" in refusal(cell(time="at"), inputs, once("timed", parallelism=2), 3)
    assert refusal(cell(time="at"), inputs, once("timed"), 3) is None


def test_late_row_after_a_restart_is_refused():
    """The restored job has forgotten where event time was."""
    inputs = Inputs.of({"events": [*ROWS, ROWS[0]]})

    assert "before the restart" in refusal(cell(time="at"), inputs, restart("timed", cut=0.9), 3)


def test_scenario_may_not_allow_a_lifecycle():
    """With its reason, as for all that is absent."""
    ordered = cell()
    reason = "answers go by the order of rows"
    scenario = replace(ordered.scenario, absent={"restart": reason})
    ordered = replace(ordered, scenario=scenario)

    assert reason == refusal(ordered, INPUTS, restart("plain"), 3)
    assert refusal(ordered, INPUTS, once("plain"), 3) is None


def test_changed_job_has_to_be_there():
    """A folder in the scenario's."""
    actions = Feed(1), Start(job="renamed"), Verify()

    assert "no changed job renamed in copying" == refusal(
        cell(), INPUTS, Lifecycle("own", actions), 3
    )


def test_one_cell_is_refused_by_an_error():
    """Before anything is asked of a harness but how many slots there are."""
    harness = SimpleNamespace(slots=3)
    with pytest.raises(UsageError, match="restart: Stop cannot be done"):
        run_cell(harness, cell("batch"), INPUTS, lifecycle=restart("plain"))


def test_a_cell_of_a_run_is_absent_with_the_reason():
    """The others of the matrix run."""
    assert "cannot be done" in planned(cell("batch"), INPUTS, GIVEN, "", "restart").cell.absent
    assert planned(cell(), INPUTS, GIVEN, "", "restart").cell.absent is None
