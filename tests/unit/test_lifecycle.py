"""A lifecycle is plain data, by name and by how a cell's job comes to its end."""

import pytest

from streamgauge.errors import UsageError
from streamgauge.lifecycle import (
    LIFECYCLES,
    AwaitEnd,
    Feed,
    Lifecycle,
    Shape,
    Start,
    Stop,
    Verify,
    named,
    once,
    restart,
)

TASKS = {"once": 1, "restart": 1, "rescale": 3}
UPGRADE = Lifecycle("up", (Feed(1), Start(), Stop(), Start(on="candidate"), Start(on="candidate")))


@pytest.mark.parametrize(
    ("lifecycle", "parallelism"),
    [
        (once("plain"), 1),
        (once("plain", parallelism=2), 2),
        (restart("plain", before=2, after=3), 3),
        (restart("timed", before=3, after=2), 3),
        (restart("timed"), 1),
    ],
)
def test_every_source_task_has_a_partition(lifecycle, parallelism):
    """Before and after the restore: a task without one would hold the watermark back."""
    assert parallelism == lifecycle.parallelism


def test_once_is_one_job_to_the_end():
    """Input with an end is there before the job; of other input half comes while it runs."""
    bounded = (Feed(1), Start(), AwaitEnd(), Verify("equal"))

    assert bounded == once("bounded").actions
    assert [0.5, 1] == [a.share for a in once("timed").actions if isinstance(a, Feed)]


@pytest.mark.parametrize(
    ("cut", "looks", "fed"),
    [
        (0.5, (), [0.5, Start, Start, 1]),
        (0.5, (0.2, 0.8), [0.2, Start, 0.5, Start, 0.8, 1]),
        (0.5, (0.5,), [0.5, Start, Start, 1]),
        (1, (0.2,), [0.2, Start, 1, Start, 1]),
    ],
)
def test_restart_looks_where_it_is_told(cut, looks, fed):
    """At what is due, after each part of the rows, before and after it is stopped."""
    actions = restart("timed", cut, looks=looks).actions
    steps = [getattr(each, "share", Start) for each in actions if isinstance(each, (Feed, Start))]
    looked = [b for a, b in zip(actions, actions[1:]) if isinstance(a, Feed) and b != Start()]

    assert fed == steps
    assert {Verify("due")} == {*looked, Verify("due")}


def test_restart_at_another_parallelism_is_a_rescale():
    """The name tells which it is."""
    assert ("restart", "rescale") == (restart("plain").name, restart("plain", after=2).name)


@pytest.mark.parametrize("name", LIFECYCLES)
@pytest.mark.parametrize("form", ["plain", "timed"])
def test_each_is_found_by_its_name(name, form):
    """And calls itself that."""
    assert name == named(name, form).name


def test_unknown_lifecycle_is_told():
    """With the nearest one."""
    with pytest.raises(UsageError, match=r"unknown lifecycle 'restat' \(did you mean restart\?\)"):
        named("restat", "plain")


def test_rescale_begins_with_one_task_less():
    """Of which there has to be one."""
    grown = named("rescale", "plain", Shape(parallelism=2))

    assert [1, 2] == [start.parallelism for start in grown.starts]
    with pytest.raises(UsageError, match="lifecycle rescale: --parallelism 1: at least 2"):
        named("rescale", "plain", Shape(parallelism=1))


@pytest.mark.parametrize("name", LIFECYCLES)
def test_shape_is_that_of_once_restart_and_rescale(name):
    """Others are refused in words; without a shape they are what they are."""
    assert 0.5 == named(name, "plain").cut
    if name in TASKS:
        shaped = named(name, "plain", Shape(0.2))
        assert (name, 0.2, TASKS[name]) == (shaped.name, shaped.cut, shaped.parallelism)
    else:
        with pytest.raises(UsageError, match=f"lifecycle {name} has a cut and a parallelism of"):
            named(name, "plain", Shape(parallelism=3))


def test_change_of_engine_begins_a_segment():
    """So that all cells go up to it before the engine changes once."""
    first, second = UPGRADE.segments

    assert (Feed(1), Start(), Stop()) == first
    assert (Start(on="candidate"),) * 2 == second


def test_one_engine_is_one_segment():
    """Each cell goes through all of it at once."""
    assert 1 == len(restart("plain").segments)
