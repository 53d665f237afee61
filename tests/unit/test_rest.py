"""Of Flink's answers one gets what matters: of a stack trace, the line that says what is wrong."""

import json

import httpx
import pytest

from streamgauge.clusters.rest import Rest
from streamgauge.errors import JobError, StreamgaugeError
from streamgauge.traces import root_cause

ONE = """\
org.apache.flink.table.api.ValidationException: SQL validation failed. Object 'words' not found
\tat org.apache.flink.table.planner.calcite.FlinkPlannerImpl.validate(FlinkPlannerImpl.java:186)
\tat java.base/java.lang.Thread.run(Thread.java:829)
"""

NESTED = """\
org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy
\tat org.apache.flink.runtime.scheduler.DefaultScheduler.handleTaskFailure(D.java:265)
\tat org.apache.pekko.actor.Actor.aroundReceive(Actor.scala:537)
Caused by: java.io.IOException: Could not perform checkpoint 3 for operator Sink: counts[5].
\tat org.apache.flink.streaming.runtime.tasks.StreamTask.triggerCheckpoint(StreamTask.java:1400)
\t... 14 more
Caused by: java.sql.BatchUpdateException: Data truncation: Data too long for column 'note' at row 1
\tat com.mysql.cj.jdbc.ClientPreparedStatement.executeBatchInternal(C.java:425)
\t... 7 more
"""

SEVERAL_LINES = """\
org.apache.flink.client.program.ProgramInvocationException: The main method caused an error
\tat org.apache.flink.client.program.PackagedProgram.callMainMethod(PackagedProgram.java:372)
Caused by: org.apache.flink.table.api.ValidationException: Unable to create a source for 'words'.

Table options are:

'connector'='filesystem'
\tat org.apache.flink.table.factories.FactoryUtil.createDynamicTableSource(FactoryUtil.java:228)
\t... 5 more
"""

# As Beam sends it: the message of the Java exception begins a Python traceback.
PYTHON = """\
org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy
\tat org.apache.flink.runtime.scheduler.DefaultScheduler.handleTaskFailure(D.java:265)
Caused by: java.lang.RuntimeException: Failed to close remote bundle
\tat org.apache.flink.streaming.api.runners.python.beam.BeamRunner.finishBundle(B.java:423)
\t... 7 more
Caused by: java.lang.RuntimeException: Error received from SDK harness for instruction 1: \
Traceback (most recent call last):
  File "/site-packages/apache_beam/runners/worker/sdk_worker.py", line 297, in _execute
    response = task()
  File "/jobs/word_count/process.py", line 25, in process_element
    return self.counts[row[0]]
KeyError: 'flink'

\tat org.apache.beam.runners.fnexecution.control.FnApiControlClient.onNext(F.java:180)
\t... 3 more
"""

PLACE = " (jobs/word_count/process.py, line 25, in process_element)"

# A failure that came while another one was handled.
CHAINED = """\
org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy
\tat org.apache.flink.runtime.scheduler.DefaultScheduler.handleTaskFailure(D.java:265)
Caused by: java.lang.RuntimeException: Failed to close remote bundle
\tat org.apache.flink.streaming.api.runners.python.beam.BeamRunner.finishBundle(B.java:423)
\t... 7 more
Caused by: java.lang.RuntimeException: Error received from SDK harness for instruction 1: \
Traceback (most recent call last):
  File "/site-packages/apache_beam/runners/worker/sdk_worker.py", line 297, in _execute
    response = task()
KeyError: 'word'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/site-packages/pyflink/fn_execution/beam/beam_operations.py", line 56, in process
    self.process_element(value)
  File "/jobs/word_count/process.py", line 25, in process_element
    raise ValueError("no word in row 7")
ValueError: no word in row 7

\tat org.apache.beam.runners.fnexecution.control.FnApiControlClient.onNext(F.java:180)
\tat org.apache.beam.sdk.fn.data.BeamFnDataGrpcMultiplexer.onNext(B.java:262)
\t... 3 more
"""


@pytest.mark.parametrize(
    ("trace", "cause"),
    [
        pytest.param(
            ONE,
            "org.apache.flink.table.api.ValidationException:"
            " SQL validation failed. Object 'words' not found",
            id="no cause but itself",
        ),
        pytest.param(
            NESTED,
            "java.sql.BatchUpdateException:"
            " Data truncation: Data too long for column 'note' at row 1",
            id="innermost of several",
        ),
        pytest.param(
            SEVERAL_LINES,
            "org.apache.flink.table.api.ValidationException:"
            " Unable to create a source for 'words'.",
            id="first line of a long message",
        ),
        pytest.param(PYTHON, f"KeyError: 'flink'{PLACE}", id="last line of Python's traceback"),
        pytest.param(CHAINED, f"ValueError: no word in row 7{PLACE}", id="last of two tracebacks"),
        pytest.param("job vanished", "job vanished", id="no trace at all"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_root_cause(trace, cause):
    """The innermost cause, or what a Python function raised, in one line."""
    assert cause == root_cause(trace)


def rest(answer):
    """The interface of a cluster whose answers a function gives."""
    cluster = Rest("http://cluster")
    transport = httpx.MockTransport(answer)
    cluster._client = httpx.Client(base_url=cluster.url, transport=transport, trust_env=False)
    return cluster


def job_with(*vertices):
    """A job whose vertices have metrics, each with its greatest value over the subtasks."""

    def answer(request):
        _, _, _, *path = request.url.path.split("/")
        if not path:
            ids = [{"id": str(number)} for number in range(len(vertices))]
            return httpx.Response(200, json={"vertices": ids})
        metrics = vertices[int(path[1])]
        if "get" not in request.url.params:
            return httpx.Response(200, json=[{"id": name} for name in metrics])
        asked, kind = request.url.params["get"].split(","), request.url.params["agg"]
        return httpx.Response(200, json=[{"id": name, kind: metrics[name]} for name in asked])

    return rest(answer)


def offset(topic, partition, name="currentOffset"):
    """A metric's name, as Flink 1.20 gives it."""
    return f"Source__events[1].KafkaSourceReader.topic.{topic}.partition.{partition}.{name}"


@pytest.mark.parametrize(
    ("vertices", "read"),
    [
        pytest.param([], {}, id="no vertex"),
        pytest.param([{}, {"numRecordsIn": 5.0}], {}, id="no reader of Kafka"),
        pytest.param([{offset("t", 0): -1.0}], {("t", 0): 0}, id="nothing read yet"),
        pytest.param(
            [{offset("t", 0): 4.0, offset("t", 10): 0.0}],
            {("t", 0): 5, ("t", 10): 1},
            id="several partitions",
        ),
        pytest.param(
            [{offset("t", 0): 4.0}, {"numRecordsIn": 5.0}, {offset("u", 0): 6.0}],
            {("t", 0): 5, ("u", 0): 7},
            id="several sources",
        ),
        pytest.param(
            [{offset("t", 0): 4.0, offset("t", 0, "committedOffset"): 2.0, "idleTime": 1.0}],
            {("t", 0): 5},
            id="other metrics beside",
        ),
    ],
)
def test_read_from_kafka(vertices, read):
    """How many records: one more than the last offset, of every partition that is being read."""
    assert read == job_with(*vertices).read_from_kafka("1")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            httpx.Response(404),
            r"the cluster at http://\S+ knows no job 1: its JobManager has lost it",
        ),
        (
            httpx.Response(500, json={"errors": ["FlinkJobNotFoundException: no job (1)"]}),
            r"the cluster at http://\S+ knows no job 1: its JobManager has lost it",
        ),
        (httpx.Response(500), "Flink answers 500 to /jobs/1"),
    ],
    ids=["404", "500 for it", "500"],
)
def test_answer_that_is_an_error(answer, told):
    """It is told with what was asked for."""
    with pytest.raises(StreamgaugeError, match=f"^{told}$"):
        rest(lambda _: answer).read_from_kafka("1")


def test_no_answer():
    """A cluster that has gone is told as such, and has no free slots."""

    def gone(request):
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(
        StreamgaugeError, match=r"^the cluster at http://cluster does not answer: r"
    ):
        rest(gone).read_from_kafka("1")
    assert 0 == rest(gone).slots()


# A job of two sources, one of which reads a table twice.
VERTICES = {
    "a": {"0.Source__prices[1].numRecordsOut": 7, "0.Source__prices[1].numRecordsIn": 9},
    "b": {"0.Source__prices[4].numRecordsOut": 5, "0.Calc[5].numRecordsOut": 1},
    "c": {"0.Source__orders[2].KafkaSourceReader.topic.t.partition.0.currentOffset": 4},
}


class Metrics(Rest):
    """A cluster that tells them."""

    def get(self, path, **parameters):
        if path == "/jobs/1":
            named = {"name": "Source: prices[1] -> Calc[2]", "status": "RUNNING"}
            ended = {"name": "Source: names[3]", "status": "FINISHED"}
            told = (named, ended, {**ended, "name": "LookupJoin[4]", "status": "RUNNING"})
            return {"vertices": [{"id": v, **more} for v, more in zip(VERTICES, told)]}
        metrics = VERTICES[path.split("/")[4]]
        if "get" not in parameters:
            return [{"id": name} for name in metrics]
        agg = parameters["agg"]
        return [{"id": name, agg: metrics[name]} for name in parameters["get"].split(",")]


def test_a_job_tells_how_far_it_has_read():
    """Of a table that is read twice by the slower of both."""
    progress = Metrics("http://nowhere").progress("1")

    assert "1" == progress.job
    assert {"prices": 5} == progress.emitted
    assert {("t", 0): 5} == progress.offsets
    assert {"prices"} == progress.reading


def failed(request):
    """A job that has failed: none of its tasks runs, or ever will."""
    path = request.url.path
    if path.endswith("/status"):
        return httpx.Response(200, json={"status": "FAILED"})
    if path.endswith("/exceptions"):
        entries = [
            {"stacktrace": "java.lang.Exception: no\nCaused by: java.io.IOException: full\n"}
        ]
        return httpx.Response(200, json={"exceptionHistory": {"entries": entries}})
    return httpx.Response(200, json={"vertices": [{"status": "FAILED"}, {"status": "CANCELED"}]})


@pytest.mark.parametrize(
    "ask",
    [
        lambda cluster: cluster.stop("1", "file:/savepoints", 60),
        lambda cluster: cluster.checkpoint("1", 60),
        lambda cluster: cluster.wait_finished("1", 60),
    ],
    ids=["stop", "checkpoint", "wait"],
)
def test_job_that_has_failed_is_not_waited_for(ask):
    """As if it might still come to run: its cause is told at once."""
    with pytest.raises(JobError, match=r"^java\.io\.IOException: full$"):
        ask(rest(failed))


@pytest.mark.parametrize(
    ("native", "kind"), [(False, "CANONICAL"), (True, "NATIVE")], ids=["canonical", "native"]
)
def test_savepoint_has_the_format_that_is_asked_for(native, kind):
    """It is said in the request that stops the job."""
    asked = []

    def answer(request):
        path = request.url.path
        if request.method == "POST":
            asked.append(json.loads(request.content)["formatType"])
            return httpx.Response(200, json={"request-id": "7"})
        if path.endswith("/savepoints/7"):
            done = {"status": {"id": "COMPLETED"}, "operation": {"location": "file:/here"}}
            return httpx.Response(200, json=done)
        if path.endswith("/status"):
            return httpx.Response(200, json={"status": "FINISHED" if asked else "RUNNING"})
        return httpx.Response(200, json={"vertices": [{"status": "RUNNING"}]})

    assert "file:/here" == rest(answer).stop("1", "file:/savepoints", 60, native=native)
    assert [kind] == asked


def test_checkpoint_is_waited_for():
    """It is triggered, and looked after until it is complete."""
    states = iter(["IN_PROGRESS", "IN_PROGRESS", "COMPLETED"])
    asked = []

    def answer(request):
        asked.append(request.method)
        if request.method == "POST":
            return httpx.Response(202, json={"request-id": "7"})
        if request.url.path.endswith("/checkpoints/7"):
            return httpx.Response(200, json={"status": {"id": next(states)}, "operation": {}})
        return httpx.Response(200, json={"status": "RUNNING", "vertices": [{"status": "RUNNING"}]})

    rest(answer).checkpoint("1", 10)

    assert (1, None) == (asked.count("POST"), next(states, None))


@pytest.mark.parametrize("tables", [("prices", "names"), ()])
def test_what_has_an_end_is_read_to_it_before_a_stop(tables):
    """Of a join with what has none; where nothing has an end nothing is asked."""
    states, asked = iter(["RUNNING", "RUNNING", "FINISHED"]), []

    def answer(request):
        asked.append(request.url.path)
        if request.url.path.endswith("/status"):
            return httpx.Response(200, json={"status": "RUNNING"})
        named = {"Source: prices[3] -> Calc[4]": next(states), "Source: orders[1]": "RUNNING"}
        vertices = [{"name": name, "status": status} for name, status in named.items()]
        return httpx.Response(200, json={"vertices": vertices})

    rest(answer).wait_read("1", tables, 10)

    assert (3 if tables else 0) == asked.count("/jobs/1")


def test_what_is_never_read_to_its_end_is_told():
    """By the table."""

    def answer(request):
        if request.url.path.endswith("/status"):
            return httpx.Response(200, json={"status": "RUNNING"})
        vertices = [{"name": "Source: prices[3]", "status": "RUNNING"}]
        return httpx.Response(200, json={"vertices": vertices})

    with pytest.raises(StreamgaugeError, match=r"reads on: \{'prices'\}"):
        rest(answer).wait_read("1", ["prices"], 0.1)


def test_a_job_tells_how_long_its_tasks_have_waited():
    """Each by itself: one may be at work while its neighbour waits. What has ended is left out."""
    tasks = [("RUNNING", 1500), ("RUNNING", 0), ("FINISHED", 7)]
    subtasks = [
        {"subtask": n, "status": status, "metrics": {"accumulated-idle-time": waited}}
        for n, (status, waited) in enumerate(tasks)
    ]

    def answer(request):
        if request.url.path == "/jobs/1":
            return httpx.Response(200, json={"vertices": [{"id": "a"}]})
        assert "/jobs/1/vertices/a" == request.url.path
        return httpx.Response(200, json={"subtasks": subtasks})

    assert {("a", 0): 1.5, ("a", 1): 0} == rest(answer).waits("1")


def test_a_job_tells_when_it_came_to_what():
    """What it never came to is 0 in Flink's answer; it runs when the last of its tasks does."""
    assert [("accepted", 1.0), ("running", 1.2), ("finished", 2.5)] == ran(
        a=[(1150, 2400), (1200, 2400)], b=[(1160, 2500)]
    )


def test_a_batch_runs_when_its_first_tasks_do():
    """Those after them begin when those have ended."""
    assert [("accepted", 1.0), ("running", 1.2), ("finished", 2.5)] == ran(
        a=[(1150, 1900), (1200, 1800)], b=[(1900, 2400)]
    )


def test_a_job_that_never_ran_has_not():
    assert [("accepted", 1.0), ("finished", 2.5)] == ran(a=[(0, 0)])


def ran(**tasks):
    """When a job came to what whose tasks, by vertex, came to run and finished then."""

    def answer(request):
        if request.url.path.endswith("/subtasktimes"):
            times = tasks[request.url.path.split("/")[-2]]
            named = [{"CREATED": 1100, "RUNNING": ran, "FINISHED": ended} for ran, ended in times]
            return httpx.Response(200, json={"subtasks": [{"timestamps": each} for each in named]})
        told = {"INITIALIZING": 1000, "RUNNING": 1100, "RESTARTING": 0, "FINISHED": 2500}
        vertices = [{"id": vertex} for vertex in tasks]
        return httpx.Response(200, json={"timestamps": told, "vertices": vertices})

    return [*rest(answer).times("1").items()]
