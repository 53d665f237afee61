"""What an attachment cannot hold is absent, with the reason, before anything starts."""

import pytest

from streamgauge.cells import make_cell
from streamgauge.scenario import Scenario
from streamgauge.tables import Sink, Source
from streamgauge.values.schema import Column, Schema
from streamgauge.versions import lines

LINE = lines()["1.20"]


def absent(binding, sources=("id",), sinks=("id",), partitions=(), sink=None):
    """Why a cell is not there whose tables, with the first as key, have columns of these names."""
    scenario = Scenario(
        id="named",
        version=1,
        question="?",
        sources=(Source("a", schema(sources), list, key=sources[:1]),),
        sinks=(sink or Sink("b", schema(sinks), () if partitions else sinks[:1], partitions),),
        bindings=(binding,),
    )
    return make_cell(scenario, "sql", "streaming", binding, LINE).absent


def schema(names):
    """Columns of one type."""
    return Schema(tuple(Column(name, "INT") for name in names))


@pytest.mark.parametrize("name", ["a b", "größe", "`", "it's", "100%", "a.b", "select", " a"])
@pytest.mark.parametrize("binding", ["cdc", "debezium"])
def test_mysql_has_names_of_nearly_any_spelling(binding, name):
    """As those of columns that a job reads."""
    assert absent(binding, sources=("id", name)) is None


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("id", "a "), "MySQL has no column 'a ' of a: a name of it does not end with a space"),
        (
            ("id", "😀"),
            "MySQL has no column '😀' of a: its names are of the first 65,536 characters",
        ),
        (("id", "ID"), "MySQL has no column 'ID' of a: it is the same to it as 'id'"),
    ],
)
@pytest.mark.parametrize("binding", ["cdc", "debezium"])
def test_name_that_mysql_has_not_is_absent(binding, names, told):
    """Files and Kafka have it."""
    assert told == absent(binding, sources=names)
    assert absent("kafka", sources=names) is None


@pytest.mark.parametrize("name", ["a b", "it's", "a.b", ":a"])
def test_name_that_jdbc_has_no_parameter_for_is_absent(name):
    """Of Java's names it takes all."""
    told = f"Flink's JDBC connector has no parameter for column {name!r} of b"

    assert told == absent("cdc", sinks=("id", name))
    assert absent("cdc", sinks=("id", "größe$", "1st", "select")) is None


@pytest.mark.parametrize(("type_", "binding"), [("BINARY(3)", "cdc"), ("TIME", "hive")])
def test_type_that_a_connector_has_not_is_absent(type_, binding):
    """Told with the column that has it."""
    whole = binding == "hive"
    columns = Schema((Column("id", "INT"), Column("mine", type_), Column("dt", "INT")))
    sink = Sink("b", columns, key=() if whole else ("id",), partitions=("dt",) if whole else ())

    told = absent(binding, sink=sink)

    assert told.endswith(f" has no {columns.columns[1].kind}, of which b has a column mine")


def test_name_that_hive_would_fold_is_absent():
    """Parquet files alone have it."""
    told = "Hive has no column 'Day' of b: it has lower case, digits and _"

    assert told == absent("hive", sinks=("Day", "dt"), partitions=("dt",))
    assert absent("parquet", sinks=("Day", "dt"), partitions=("dt",)) is None
