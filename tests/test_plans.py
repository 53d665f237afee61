"""What the worker tells of a job before it runs is what the cluster then runs."""

import uuid
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from streamgauge import tuning
from streamgauge.attachments.place import Place
from streamgauge.cells import make_cell
from streamgauge.discovery import discover, load
from streamgauge.errors import JobError
from streamgauge.job import cell_job
from streamgauge.plans import changes, steps
from streamgauge.tuning import Begin
from streamgauge.values.comparison import compare
from streamgauge.values.inputs import Inputs
from streamgauge.waiting import wait_for

WORDS = discover()["word_count"]
INPUTS = WORDS.shipped()
# Whose program is run as far as to where it submits, and is looked at there.
SCORED = load(Path(__file__).with_name("scenarios") / "scored")


@contextmanager
def placed(flink, dialect, scenario=WORDS, inputs=INPUTS):
    """A streaming cell's job over folders that were fed, its engine, and where it writes."""
    engine = flink.harness.engine(flink.line)
    cell = make_cell(scenario, dialect, "streaming", "files", flink.line)
    name = f"plans-{uuid.uuid4().hex}"
    place = Place(name, "streaming", flink.harness.space.data / name, {})
    attached = cell.kind.attach(place, scenario.sources, scenario.sinks)
    attached.create()
    attached.feed(Inputs.of(inputs).entries)
    told = tuning.merged(
        cell, Begin(), cluster=engine.cluster.settings(), attached=attached.settings
    )
    try:
        yield cell_job(cell, attached, told), engine, attached
    finally:
        attached.drop()


def ran(engine, seen, done):
    """What is seen of a job that is started now, until it is done."""
    job = engine.worker.execute()
    try:
        return wait_for(lambda: seen(job), done, 60, str)
    finally:
        engine.cluster.rest.cancel(job, 60)


@pytest.mark.parametrize(
    ("dialect", "scenario"),
    [*((dialect, WORDS) for dialect in ("sql", "table", "datastream", "process")), ("job", SCORED)],
    ids=["sql", "table", "datastream", "process", "job"],
)
def test_a_graph_has_the_ids_of_the_cluster(flink, dialect, scenario):
    """A task has the id of the operator that it begins with: nothing chains it to its input."""
    inputs = INPUTS if scenario is WORDS else scenario.sample(0)
    with placed(flink, dialect, scenario, inputs) as (job, engine, _):
        engine.worker.build(job, look=True)
        graph = engine.worker.graph()

        def tasks(key):
            answer = httpx.get(f"{engine.cluster.rest.url}/jobs/{key}", trust_env=False)
            return {vertex["id"] for vertex in answer.json().get("vertices", ())}

        seen = ran(engine, tasks, bool)

    assert seen <= {node.id for node in graph}
    assert len(seen) == len(graph) - sum(node.chained for node in graph)
    assert all(max(node.inputs, default=-1) < at for at, node in enumerate(graph))
    assert any(node.state for node in graph if node.inputs)


@pytest.mark.parametrize("dialect", ["sql", "table"])
def test_a_compiled_plan_gives_the_answer(flink, dialect):
    """Built from its plan the question is not asked, and the job has the plan's uids."""
    sink = WORDS.sinks[0]
    expected = WORDS.expected(INPUTS, "streaming")[sink.name]
    with placed(flink, dialect) as (job, engine, attached):
        engine.worker.build(job, look=False)
        plan = engine.worker.compile()
        engine.worker.build(job, look=False, plan=plan)
        graph = engine.worker.graph()

        def answer(_):
            got = [arrival.change for arrival in attached.read(sink.name)]
            return compare(expected, got, sink.key_indices)

        seen = ran(engine, answer, lambda seen: seen.ok)

    assert seen.ok
    assert all(node.uid for node in graph)
    assert [("groupAggregateState",)] == [step.states for step in steps(plan) if step.states]
    assert [] == changes(plan, plan)


def test_the_same_job_has_the_same_plan_each_time(flink):
    """Operators are numbered from one, whatever the worker planned before."""
    with placed(flink, "sql") as (job, engine, _):
        engine.worker.build(job, look=True)
        graph, plan = engine.worker.graph(), engine.worker.compile()
        engine.worker.build(job, look=False)

        assert graph == engine.worker.graph()
        assert plan == engine.worker.compile()


@pytest.mark.parametrize("dialect", ["datastream", "process"])
def test_a_stream_has_no_plan(flink, dialect):
    """Flink's reason is told."""
    with placed(flink, dialect) as (job, engine, _):
        engine.worker.build(job, look=False)

        with pytest.raises(JobError, match="not supported in compiled plans"):
            engine.worker.compile()
