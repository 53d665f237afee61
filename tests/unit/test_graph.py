"""An operator whose state finds no place is named by what it is, and told why."""

import json
from pathlib import Path

import pytest

from streamgauge.graph import Node, named, unmapped

# As Flink 1.20.5 and 2.3.0 make them of streaming cells: log_sync in sql and (committer) in
# datastream over parquet, syslog_udf in sql over Kafka, word_count in sql over Kafka with
# table.exec.uid.generation=ALWAYS.
GRAPHS = json.loads(Path(__file__).with_name("graphs.json").read_text())
REFUSAL = (
    "java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint file:/s/p-1."
    " Cannot map checkpoint/savepoint state for operator 562d914ff69d04fdc5dbf38ecf2b2e7b to the"
    " new program, because the operator is not available in the new program. If you want to"
    " allow to skip this, you can set the --allowNonRestoredState option on the CLI."
)


def graph(name, line):
    return [
        Node(key, called, said, uid, tuple(inputs), state, chained)
        for key, called, said, uid, inputs, state, chained in GRAPHS[name][line]
    ]


def told(name, *kinds):
    """What is told of the baseline's operators of these kinds, by lines."""
    old, new = graph(name, "1.20"), graph(name, "2.3")
    there = {node.id for node in new}
    missing = [node for node in old if node.id not in there]
    return named([n.id for n in missing if n.kind in kinds], old, new).splitlines()


def node(key, name, *inputs, **more):
    return Node(key, name, name, more.pop("uid", ""), inputs, None, **more)


def test_the_ids_of_a_refusal():
    """Each once, wherever they stand."""
    assert ("562d914ff69d04fdc5dbf38ecf2b2e7b",) == unmapped(REFUSAL + REFUSAL)
    assert () == unmapped("the savepoint is gone")


def test_an_operator_that_is_chained_on_one_line_alone():
    """That is in its id, and in those of all that comes after it."""
    writer, committer, *rest = told("committer", "StreamingFileWriter", "PartitionCommitter")

    assert "StreamingFileWriter (operator 7 of 16" in writer
    assert "its task goes on with 1 of its outputs (to 1 PartitionCommitter), not 0" in writer
    assert "as StreamingFileWriter has before it" in committer
    assert ["what would help"] == [line.partition(":")[0] for line in rest]


def test_an_operator_that_came():
    """It is told beside what it moved."""
    lines = told("log_sync", "Sink: requests")

    assert "Sink: requests[5] (operator 7 of 11, after ConstraintEnforcer[5])" in lines[0]
    assert "its input is SinkMaterializer[5]" in lines[0]
    assert "came: SinkMaterializer[5] after ConstraintEnforcer[5], which keeps state." in lines


def test_a_source_that_one_operator_more_reads():
    """All ids after it are others, and the first that differs is the one to look at."""
    source, window, *_ = lines = told("syslog_udf", "Source: lines", "GlobalWindowAggregate")

    assert "Source: lines[1] (operator 1 of 24; it keeps state)" in source
    assert "its task goes on with 4 of its outputs (to 4 PythonCalc), not 3" in source
    assert "as Source: lines[1] has before it" in window
    assert "went: PythonCalc[8] after Calc[7]." in lines
    assert "execute it with table.exec.uid.generation=DISABLED" in lines[-1]


def test_another_uid():
    """Then nothing round the operator matters."""
    source, helped = told("uids", "Source: words")

    assert "has another id on the candidate: its uid is 1_kafka, not 1_source." in source
    assert "compiled on the baseline" in helped


def test_a_uid_that_was_dropped():
    """What has a uid on one side alone."""
    old = [node("1", "Source: a"), node("2", "Count", 0, uid="count")]
    new = [node("1", "Source: a"), node("3", "Count", 0)]

    assert "its uid is none, not count." in named(["2"], old, new)


def test_an_operator_that_is_gone():
    """It is told where it was."""
    old = [node("1", "Source: a"), node("2", "Count", 0), node("3", "Sink: b", 1)]
    new = [node("1", "Source: a"), node("4", "Sink: b", 0)]

    lines = named(["2", "3"], old, new).splitlines()

    assert "Count (operator 2 of 3, after Source: a) is not in the candidate's graph." == lines[0]
    assert "its input is Source: a." in lines[1]
    assert "went: Count after Source: a." == lines[2]


def test_an_operator_that_others_moved():
    """How many come before it is in its id too."""
    old = [node("1", "Source: a"), node("2", "Count", 0)]
    new = [node("1", "Source: a"), node("5", "Source: b"), node("3", "Count", 0)]

    assert "Count (operator 2 of 2, after Source: a)" in named(["2"], old, new)
    assert "its place in the graph has changed" in named(["2"], old, new)


def test_a_savepoint_of_another_job():
    """No operator of the baseline has the id."""
    assert "is the savepoint of this job?" in named(["9"], [node("1", "Source: a")], [])


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_against_itself(name):
    """Nothing came or went."""
    same = graph(name, "1.20")

    assert 1 == len(named([], same, same).splitlines())
