"""The README claims of each way to attach just what reading it can show."""

from pathlib import Path

import pytest

from streamgauge.bindings import KINDS, Place
from streamgauge.services.endpoint import Endpoint
from streamgauge.tables import Sink
from streamgauge.values.changelog import FAULTS, Change, fold
from streamgauge.values.schema import Schema

README = Path(__file__).parents[2] / "README.md"
KEYED = Sink("copies", Schema.of(id="BIGINT", n="BIGINT"), key=("id",))
AT = [(binding, mode) for binding, kind in KINDS.items() for mode in ("batch", "streaming")]
PRESENT = [(binding, mode) for binding, mode in AT if mode not in KINDS[binding].absent]
# Changes that each have one fault.
FAULTY = dict(
    zip(
        FAULTS,
        [
            [Change("+I", (1, 1)), Change("+I", (1, 2))],
            [Change("+U", (1, 1))],
            [Change("-D", (1, 1))],
            [Change("+I", (1, 1)), Change("-D", (1, 2))],
            [Change("+I", (1, 1)), Change("-U", (1, 1))],
        ],
    )
)


def tells(binding, mode):
    """What a sink with a key shows."""
    services = dict.fromkeys(("kafka", "mysql", "metastore"), Endpoint("h", 1, "u", "p"))
    place = Place("sg_1", mode, Path("/folder"), services)
    return KINDS[binding].attach(place, [], [KEYED]).sinks["copies"].tells


def table():
    """The rows of the README's table."""
    told = {}
    for binding, mode in PRESENT:
        marks = tuple("yes" if fault in tells(binding, mode) else "no" for fault in FAULTS)
        told.setdefault(marks, []).append(f"`{binding}` {mode}")
    head = " | ".join(["over", *FAULTS])
    lines = [f"| {head} |", "| " + " | ".join(["---"] * (len(FAULTS) + 1)) + " |"]
    return lines + [f"| {', '.join(at)} | {' | '.join(marks)} |" for marks, at in told.items()]


def test_the_readme_has_the_table_of_what_each_binding_tells():
    """As the code says it."""
    assert "\n".join(table()) in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(("binding", "mode"), PRESENT)
def test_only_faults_that_there_are_can_be_told(binding, mode):
    """By the names that complaints begin with."""
    assert tells(binding, mode) <= set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_a_complaint(fault):
    """The names are those of folding."""
    (invalid,) = fold(FAULTY[fault], (0,)).invalid

    assert invalid.complaint.startswith(fault)
