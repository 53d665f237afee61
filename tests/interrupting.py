"""Somebody who meddles while a job runs."""

from collections.abc import Callable
from dataclasses import dataclass

from streamgauge.lifecycle import Action, Lifecycle, once
from streamgauge.perform import perform


@dataclass(frozen=True)
class Interrupt(Action):
    """What somebody does to what he takes for idle, or left."""

    needs = "no end"
    do: Callable[[], None]


@perform.register
def _interrupt(action: Interrupt, performance):
    action.do()


def interrupted(do):
    """A job that is interrupted when its first answers are there."""
    plain = once("plain").actions
    return Lifecycle("interrupted", (*plain[:3], Interrupt(do), *plain[3:]))
