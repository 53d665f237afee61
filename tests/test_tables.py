"""Tables that attach each in their own way, beside each other in one job."""

from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.lifecycle import rescale, restart
from streamgauge.testing import assert_matches

_FOLDER = Path(__file__).with_name("scenarios")
_NAMES = (
    "bought_after_clicks",
    "filed_by_day",
    "one_looked_up",
    "priced_by_list",
    "sent_with_headers",
)
SCENARIOS = [load(_FOLDER / name) for name in _NAMES]
MORE = pytest.mark.every_question
# Over these a stream has an end too, so that nothing is stopped.
ENDED = ("files", "jdbc")
# What the other tests have, of which each way to attach is one.
FEW = (
    ("bought_after_clicks", "streaming", "cdc"),
    ("filed_by_day", "streaming", "kafka"),
    ("one_looked_up", "streaming", "kafka"),
    ("priced_by_list", "batch", "kafka"),
    ("sent_with_headers", "streaming", "kafka"),
)
AXES = [(each, mode, kind) for each in SCENARIOS for mode in each.modes for kind in each.bindings]


def axes(found, few):
    """As parameters, those that are not among the few marked."""
    names = [(scenario.id, mode, kind) for scenario, mode, kind in found]
    return [
        pytest.param(*each, marks=[] if name in few else [MORE], id="-".join(name))
        for each, name in zip(found, names)
    ]


def run(flink, scenario, mode, binding, **more):
    """The outcome, and the right answer; a line without the connector says so."""
    if binding in flink.line.absent:
        pytest.skip(flink.line.absent[binding])
    inputs = scenario.sample(flink.seed)

    outcome = flink.run(scenario, "sql", mode, binding, inputs, **more)

    assert_matches(scenario.expected(inputs), outcome)


@pytest.mark.parametrize(("scenario", "mode", "binding"), axes(AXES, FEW))
def test_the_answer_comes(flink, scenario, mode, binding):
    """Whatever each of the tables lies in."""
    run(flink, scenario, mode, binding)


@pytest.mark.parametrize(
    ("scenario", "mode", "binding"),
    axes(
        [each for each in AXES if each[1] == "streaming" and each[2] not in ENDED],
        [("priced_by_list", "streaming", "kafka")],
    ),
)
def test_the_answer_comes_after_a_restart(flink, scenario, mode, binding):
    """What a job has read to its end it does not read again."""
    run(flink, scenario, mode, binding, lifecycle=restart("timed" if scenario.timed else "plain"))


@MORE
def test_a_scan_is_not_read_again_by_more_tasks(flink):
    """Of two tasks before, and three after: it has one split, which one of them has read."""
    scenario = load(_FOLDER / "priced_by_list")

    run(flink, scenario, "streaming", "kafka", lifecycle=rescale("plain"))


# Of a sink by name: the options with which it is not to commit, and what goes into it.
NEVER = {
    "days": (
        {"sink.partition-commit.trigger": "process-time", "sink.partition-commit.delay": "1 d"},
        "SELECT seen, page, seconds, DATE_FORMAT(seen, 'yyyy-MM-dd') FROM visits",
    ),
    "lines": (
        {"sink.rolling-policy.rollover-interval": "1 h"},
        "SELECT page, seconds FROM visits",
    ),
}


@MORE
@pytest.mark.parametrize("name", NEVER)
def test_what_is_never_committed_is_missing(flink, tmp_path, name):
    """A job that runs, and has written all of it into files that nobody is to read yet."""
    own, query = NEVER[name]
    (tmp_path / "query.sql").write_text(query)
    scenario = load(_FOLDER / "filed_by_day")
    (visits,), (sink,) = scenario.sources, [each for each in scenario.sinks if each.name == name]
    options = {"filesystem": {**sink.options["filesystem"], **own}}
    planted = replace(
        scenario,
        sources=(replace(visits, time=None),),
        sinks=(replace(sink, options=options),),
        folder=tmp_path,
    )

    record = flink.run(planted, "sql", "streaming", "kafka", planted.sample(0)).record

    assert "fail" == record.verdict, record.reason
    assert record.reason.startswith(f"{name}: missing 4: ")
