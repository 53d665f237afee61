"""Plans of two lines are compared in lines that a person reads."""

import json
from pathlib import Path

from streamgauge.plans import are_alike, changes, steps

# As Flink 1.20.5 and 2.3.0 compile them, without tables and settings.
PLANS = json.loads(Path(__file__).with_name("plans.json").read_text())
EXPLAINED = """\
== Abstract Syntax Tree ==
LogicalSink(table=[default_catalog.default_database.counts], fields=[word, n])

== Optimized Physical Plan ==
Sink(table=[default_catalog.default_database.counts], fields=[word, n], changelog=[NONE])

== Optimized Execution Plan ==
Sink(table=[default_catalog.default_database.counts], fields=[word, n])
+- GroupAggregate(groupBy=[word], select=[word, COUNT(*) AS n])
   +- Exchange(distribution=[hash[word]])
      +- TableSourceScan(table=[[words]], fields=[word])(reuse_id=[1])
"""


def told(name):
    return changes(*(json.dumps(PLANS[name][line]) for line in ("1.20", "2.3")))


def compiled(*nodes, edges=()):
    given = [{"id": at, "description": "", **node} for at, node in enumerate(nodes)]
    reads = [{"source": source, "target": target} for source, target in edges]
    return json.dumps({"nodes": given, "edges": reads})


def aggregate(ttl="0 ms", name="groupAggregateState"):
    state = [{"index": 0, "ttl": ttl, "name": name}]
    return {"type": "stream-exec-group-aggregate_1", "description": "Count", "state": state}


def test_the_same_plan():
    """But for the versions of what every job has."""
    assert [
        "~ every table-source-scan: version 2, not 1",
        "~ every sink: version 2, not 1",
    ] == told("word_count")


def test_a_sink_that_keeps_state():
    """In the plan it is no operator of its own."""
    (sink, *versions) = told("log_sync")

    assert sink.startswith("~ Sink(table=[default_catalog.default_database.requests]")
    assert "upsertMaterialize=[true]" in sink
    assert sink.endswith("keeps sinkMaterializeState, not no state")
    assert 2 == len(versions)


def test_a_calc_that_is_not_shared_any_more():
    """One came and one went, and who is read by how many has changed."""
    lines = told("syslog_udf")

    assert any(line.startswith("~ TableSourceScan") and "by 4, not 3" in line for line in lines)
    assert ["-"] == [line[0] for line in lines if " AS reason])" in line]
    assert (
        "+ PythonCalc(select=[line, reject_reason(CAST(received AS TIMESTAMP(3)), line) AS f0])"
        in lines
    )


def test_state_that_came_and_went():
    """With its name, and how long it is kept."""
    day, hour = (compiled(aggregate(ttl)) for ttl in ("1 d", "1 h"))

    (line,) = changes(day, hour)
    assert line.startswith("~ Count, which keeps groupAggregateState for 1 d: keeps")
    assert line.endswith("groupAggregateState for 1 h, not groupAggregateState for 1 d")
    assert ["- Count, which keeps groupAggregateState"] == changes(
        compiled(aggregate()), compiled()
    )
    assert ["+ Count, which keeps groupAggregateState"] == changes(
        compiled(), compiled(aggregate())
    )


def test_another_type():
    """Where the operator is told by the same words."""
    old, new = (
        compiled({"type": "stream-exec-calc_1", "outputType": t}) for t in ("INT", "BIGINT")
    )

    assert ["~ : gives BIGINT, not INT"] == changes(old, new)


def test_what_explain_gives():
    """Its optimised plan alone, where there is no compiled one."""
    other = EXPLAINED.replace("COUNT(*) AS n", "COUNT(word) AS n")

    assert ["Sink", "GroupAggregate", "Exchange", "TableSourceScan"] == [
        step.kind for step in steps(EXPLAINED)
    ]
    assert "TableSourceScan(table=[[words]], fields=[word])" == steps(EXPLAINED)[-1].text
    assert [] == changes(EXPLAINED, EXPLAINED)
    (line,) = changes(EXPLAINED, other)
    assert line.startswith("~ GroupAggregate(groupBy=[word], select=[word, COUNT(*) AS n]): now")
    assert line.endswith("GroupAggregate(groupBy=[word], select=[word, COUNT(word) AS n])")


def counted(name, function="COUNT"):
    calc = f"[1]:GroupAggregate(groupBy=[word], select=[word, {function}(*) AS {name}])"
    scan = "[0]:TableSourceScan(fields=[word, n])"
    given = ({"type": "stream-exec-x_1", "description": text} for text in (scan, calc))
    return compiled(*({**node, "outputType": f"ROW<`{name}` BIGINT>"} for node in given))


def test_names_of_columns_make_no_other_plan():
    """What the table API calls `EXPR$0` is what somebody calls `total` in SQL."""
    assert are_alike(counted("total"), counted("EXPR$0"))
    assert not are_alike(counted("total"), counted("EXPR$0", "MAX"))
    assert not are_alike(counted("total"), counted("word"))


def test_options_are_not_told():
    """They may hold passwords."""
    scan = {"type": "stream-exec-table-source-scan_1", "description": "Scan"}
    old, new = (compiled({**scan, "scanTableSource": {"password": p}}) for p in ("a", "b"))

    assert [] == changes(old, new)
