"""What is done to a job: actions, and the lifecycles that are made of them. Data only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable, ClassVar, Literal, NamedTuple

from streamgauge.errors import UsageError, choose
from streamgauge.waiting import POLL_SECONDS

# How a cell's job gets its input and comes to its end: input with an end; input without one; and
# input without one whose answer waits for event time.
Form = Literal["bounded", "plain", "timed"]
Needs = Literal["", "an end", "no end"]

# What a Verify asks for: all of it; nothing that does not belong there; that, and what is due.
Check = Literal["equal", "so far", "due"]


@dataclass(frozen=True)
class Action:
    """A step of a lifecycle; `needs` says what it asks of the input of a cell."""

    needs: ClassVar[Needs] = ""


@dataclass(frozen=True)
class Feed(Action):
    """Feed the inputs up to this share (0..1) of them."""

    share: float


@dataclass(frozen=True)
class Trickle(Action):
    """Feed row by row until what is due is there: an idle partition holds nothing back any more."""

    needs = "no end"


@dataclass(frozen=True)
class Start(Action):
    """Start the job, from the savepoint of the last Stop if there was one.

    `on` names a Flink line, by default the cell's own. With `plan` the question is not asked
    again: the plan is executed that was compiled at the first start of all. `job` names a folder
    in the scenario's whose files stand in for the scenario's own of the same name. `settings` are
    pairs more.
    """

    parallelism: int = 1
    on: str = ""
    plan: bool = False
    job: str = ""
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AwaitCheckpoint(Action):
    """Wait for a checkpoint that was begun after all that was fed so far."""

    needs = "no end"


@dataclass(frozen=True)
class AwaitEnd(Action):
    """Wait until the job has come to its end: looked at every so many seconds, at most."""

    every: float = POLL_SECONDS
    needs = "an end"


@dataclass(frozen=True)
class Verify(Action):
    """Wait until the answer is right, and end the run where it is not."""

    what: Check = "equal"


@dataclass(frozen=True)
class Hold(Action):
    """What was equal stays equal for as long."""

    needs = "no end"
    seconds: float = 0.1


@dataclass(frozen=True)
class Stop(Action):
    """Stop with a savepoint; with `drain` event time comes to its end.

    A `native` savepoint is in the state backend's own format, not in that which all can read.
    """

    needs = "no end"
    drain: bool = False
    native: bool = False


@dataclass(frozen=True)
class Cancel(Action):
    """End the job without a savepoint: the next start goes on from the one before."""

    needs = "no end"


@dataclass(frozen=True)
class Lifecycle:
    """Actions in order. Topics of its sources have `idle` partitions more than get rows."""

    name: str
    actions: tuple[Action, ...]
    idle: int = 0

    @property
    def parallelism(self) -> int:
        """The greatest: with as many partitions every source task has one.

        A task without one would hold the watermark back.
        """
        return max((start.parallelism for start in self.starts), default=1)

    @property
    def starts(self) -> tuple[Start, ...]:
        """The starts among the actions."""
        return tuple(action for action in self.actions if isinstance(action, Start))

    @property
    def compiles(self) -> bool:
        """Whether any start is of a compiled plan."""
        return any(start.plan for start in self.starts)

    @property
    def cut(self) -> float:
        """The share of the inputs that is fed first."""
        return next((a.share for a in self.actions if isinstance(a, Feed)), 0)

    @property
    def segments(self) -> tuple[tuple[Action, ...], ...]:
        """The actions, cut before each Start on another engine than the one before."""
        found: list[list[Action]] = [[]]
        on = ""
        for action in self.actions:
            if isinstance(action, Start) and action.on != on:
                on = action.on
                found.append([])
            found[-1].append(action)
        return tuple(map(tuple, found))


# What cannot be done to bounded input is in these all the same: there it is refused by its actions.
_SETTLED: Mapping[Form, Verify] = {
    "bounded": Verify("equal"),
    "plain": Verify("equal"),
    "timed": Verify("due"),
}
_PLAIN_END: tuple[Action, ...] = (Hold(), Stop(), Verify("equal"))
_END: Mapping[Form, tuple[Action, ...]] = {
    "bounded": _PLAIN_END,
    "plain": _PLAIN_END,
    "timed": (Stop(drain=True), Verify("equal")),
}
_CUT = 0.5
_RESCALED = 3
_STOP = Stop()


def once(
    form: Form, cut: float = _CUT, parallelism: int = 1, looks: Sequence[float] = (), job: str = ""
) -> Lifecycle:
    """One job to the end; input without an end comes in parts, cut there and at `looks`."""
    return Lifecycle("once", _straight(form, sorted({cut, *looks}), Start(parallelism, job=job)))


def parallel(form: Form) -> Lifecycle:
    """The same with several tasks of each operator."""
    return Lifecycle("parallel", _straight(form, (_CUT,), Start(2)))


def _straight(form: Form, cuts: Sequence[float], start: Start) -> tuple[Action, ...]:
    if form == "bounded":
        return Feed(1), start, AwaitEnd(), Verify("equal")
    return _carried(form, (start,), ((*cuts, 1),))


def checkpointed(form: Form) -> Lifecycle:
    """Checkpoints are taken of half of the input and of all of it, at parallelism 2."""
    look, taken = _SETTLED[form], AwaitCheckpoint()
    actions = Feed(_CUT), Start(2), look, taken, Feed(1), look, taken, *_END[form]
    return Lifecycle("checkpointed", actions)


def restart(
    form: Form, cut: float = _CUT, before: int = 1, after: int = 1, looks: Sequence[float] = ()
) -> Lifecycle:
    """Stopped with a savepoint at the cut, and restored from it before the rest comes."""
    name = "restart" if before == after else "rescale"
    shares = sorted({cut, 1, *looks})
    parts = [n for n in shares if n <= cut], [n for n in shares if n > cut] or [1]
    return Lifecycle(name, _carried(form, (Start(before), Start(after)), parts))


def native(form: Form) -> Lifecycle:
    """The same, from a savepoint in the format of the state backend."""
    starts = (Start(), Start())
    return Lifecycle("native", _carried(form, starts, ((_CUT,), (1,)), Stop(native=True)))


# Its starts make it: no name alone does.
UPGRADE = "upgrade"


def upgrade(form: Form, starts: Sequence[Start]) -> Lifecycle:
    """Stopped and restored from one start to the next, each of which gets its share of rows."""
    shares = [(number / len(starts),) for number in range(1, len(starts) + 1)]
    return Lifecycle(UPGRADE, _carried(form, starts, shares))


def given_up(form: Form, starts: Sequence[Start]) -> Lifecycle:
    """Restored by the second start, which is given up; the third goes on from where it began."""
    (first, tried, again), look = starts, _SETTLED[form]
    begun = Feed(_CUT), first, look, Stop(), tried, look, Cancel()
    return Lifecycle(UPGRADE, (*begun, again, Feed(1), look, *_END[form]))


def _carried(
    form: Form, starts: Sequence[Start], parts: Sequence[Sequence[float]], stop: Stop = _STOP
) -> tuple[Action, ...]:
    """The first start finds its first rows there; all others come when they run."""
    look, actions = _SETTLED[form], list[Action]()
    for start, shares in zip(starts, parts):
        fed = [action for share in shares for action in (Feed(share), look)]
        actions += [stop, start, *fed] if actions else [fed[0], start, *fed[1:]]
    return (*actions, *_END[form])


def rescale(form: Form, cut: float = _CUT, parallelism: int = _RESCALED) -> Lifecycle:
    """A restart with so many tasks, from one less."""
    if parallelism == 1:
        raise UsageError("lifecycle rescale: --parallelism 1: at least 2, for it begins with less")
    return restart(form, cut, parallelism - 1, parallelism)


def idle(_: Form) -> Lifecycle:
    """A partition of each topic stays empty: event time goes on when it is known to be idle.

    A source that has gone idle as a whole loses the end of event time
    (github.com/apache/flink/pull/29037): what is due before is all that is asked for.
    """
    actions = Feed(_CUT), Start(), Verify("so far"), Trickle(), Feed(1), Verify("due")
    return Lifecycle("idle", actions, idle=1)


LIFECYCLES: Mapping[str, Callable[[Form], Lifecycle]] = {
    "once": once,
    "checkpointed": checkpointed,
    "restart": restart,
    "rescale": rescale,
    "parallel": parallel,
    "idle": idle,
    "native": native,
}


class Shape(NamedTuple):
    """What a lifecycle is told beside its name: a share (0..1) and a number of tasks, if any.

    `looks` are shares too, at which `once` and `restart` look at what is due.
    """

    cut: float | None = None
    parallelism: int | None = None
    looks: tuple[float, ...] = ()


PLAIN = Shape()
# The others are what they are by their own cut and parallelism.
SHAPED: Mapping[str, Callable[[Form, float, int | None, Sequence[float]], Lifecycle]] = {
    "once": lambda form, cut, tasks, looks: once(form, cut, tasks or 1, looks),
    "restart": lambda form, cut, tasks, looks: restart(form, cut, tasks or 1, tasks or 1, looks),
    "rescale": lambda form, cut, tasks, _: rescale(form, cut, tasks or _RESCALED),
}


def named(name: str, form: Form, shape: Shape = PLAIN) -> Lifecycle:
    """The lifecycle of this name for a cell of this form, in this shape.

    A UsageError for an unknown name, or one whose shape is its own.
    """
    made = LIFECYCLES[choose("lifecycle", name, LIFECYCLES)]
    if shape == PLAIN:
        return made(form)
    if name not in SHAPED:
        raise UsageError(
            f"lifecycle {name} has a cut and a parallelism of its own: "
            f"--cut and --parallelism go with {', '.join(SHAPED)}"
        )
    cut = _CUT if shape.cut is None else shape.cut
    return SHAPED[name](form, cut, shape.parallelism, shape.looks)
