"""Builds a job from plain data and the dialect's own function.

Run by the worker, and printed by `streamgauge show` with the job that it is for: it
stands alone, in the Flink line's own interpreter, whatever that is.
"""

import datetime as dt

from pyflink.common import Configuration, Types
from pyflink.common.time import Instant
from pyflink.common.typeinfo import _from_java_type
from pyflink.common.watermark_strategy import TimestampAssigner, WatermarkStrategy
from pyflink.datastream import StreamExecutionEnvironment, data_stream
from pyflink.datastream.state import ListStateDescriptor, ReducingStateDescriptor
from pyflink.fn_execution.coders import from_type_info
from pyflink.java_gateway import get_gateway
from pyflink.table import DataTypes, EnvironmentSettings, Schema, StreamTableEnvironment
from pyflink.table.changelog_mode import ChangelogMode
from pyflink.table.expressions import col


def built(job, question=None, functions=None):
    """The job as a statement set, ready to run, and its table environment.

    `question` is the dialect's function `query`; `functions` are called from SQL by their names; a
    text among them is the class of one of Java's.
    """
    t_env = prepared(job, functions)
    define(t_env, job, "view")
    statements = t_env.create_statement_set()
    for sink, table in zipped(job["sinks"], results(t_env, job, question)):
        statements.add_insert(sink["target"], table)
    return t_env, statements


def prepared(job, functions=None):
    """A table environment that has the job's functions and tables."""
    t_env = table_environment(job["settings"], job["mode"])
    system = [function["name"] for function in job["created"] if function["system"]]
    check_names(t_env, set(functions or ()) - set(system))
    for name, function in (functions or {}).items():
        if isinstance(function, str):
            t_env.create_java_temporary_function(name, function)
        else:
            register(t_env, name, function, name in system)
    define(t_env, job, "function")
    for statement in job["tables"]:
        t_env.execute_sql(statement)
    return t_env


def check_names(t_env, names):
    """An error for a function that would never be called: Flink looks among its own first."""
    own = {name.lower() for name in t_env.list_functions()} if names else ()
    for name in sorted(names):
        if name.lower() in own:
            told = "function %s: Flink has one of this name, and calls that: call yours otherwise"
            raise ValueError(told % name)


def register(t_env, name, function, is_system):
    """A function of Python's; one of the system's is found in every catalog and database."""
    if is_system:
        t_env.create_temporary_system_function(name, function)
    else:
        t_env.create_temporary_function(name, function)


def define(t_env, job, kind):
    """Make what the question's definitions of this kind say."""
    for definition in job["definitions"]:
        if definition["kind"] == kind:
            t_env.execute_sql(placed(definition))


def table_environment(settings, mode):
    """An environment that goes by the settings alone.

    StreamExecutionEnvironment.get_execution_environment starts a local cluster
    whatever execution.target says; the Java constructor does not.
    """
    configuration = Configuration()
    for key, value in settings.items():
        configuration.set_string(key, value)
    java = get_gateway().jvm.org.apache.flink.streaming.api.environment
    env = StreamExecutionEnvironment(
        java.StreamExecutionEnvironment(configuration._j_configuration)
    )
    chosen = EnvironmentSettings.new_instance()
    chosen = chosen.in_batch_mode() if mode == "batch" else chosen.in_streaming_mode()
    return StreamTableEnvironment.create(
        env, environment_settings=chosen.with_configuration(configuration).build()
    )


def placed(statement):
    """The statement where it stands in its file, so that errors tell its lines and columns."""
    return "\n" * (statement["line"] - 1) + " " * (statement["column"] - 1) + statement["text"]


def zipped(sinks, made):
    """Each sink with its result."""
    if len(sinks) != len(made):
        raise ValueError("%d results for %d sinks" % (len(made), len(sinks)))
    return zip(sinks, made)


def results(t_env, job, question):
    """A table a sink."""
    if job["dialect"] == "sql":
        return [t_env.sql_query(placed(query)) for query in job["queries"]]
    sources = [declared(t_env, source) for source in job["sources"]]
    if job["dialect"] == "table":
        return several(question(*sources))
    keep_windows()
    streams = [
        stream(t_env, table, source, job["mode"]) for table, source in zip(sources, job["sources"])
    ]
    made = zipped(job["sinks"], several(question(*streams)))
    return [as_table(t_env, sink, rows, job["mode"]) for sink, rows in made]


def several(made):
    """What a dialect gives, as a tuple."""
    return made if isinstance(made, tuple) else (made,)


def declared(t_env, source):
    """The source's declared columns, without what its connector needs beside them."""
    # Quoted: the name may be a word of SQL.
    table = t_env.from_path("`%s`" % source["name"])
    return table.select(*map(col, source["columns"]))


def stream(t_env, table, source, mode):
    """Rows with the time of their event, or changes."""
    table = with_bytes(table)
    if source["changes"]:
        return plainly_typed(t_env.to_changelog_stream(table))
    rows = plainly_typed(t_env.to_data_stream(table))
    if mode == "streaming" or source["time"] is None:
        return rows
    # In batch a table has no time attribute, so its records have no time.
    at = source["columns"].index(source["time"])
    return rows.assign_timestamps_and_watermarks(
        WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(EventTime(at))
    )


def with_bytes(table):
    """The table with BYTES for BINARY(n) and VARBINARY(n), which no stream of PyFlink's has."""
    schema = table.get_schema()
    kinds = [type(kind).__name__ for kind in schema.get_field_data_types()]
    if not {"BinaryType", "VarBinaryType"}.intersection(kinds):
        return table
    return table.select(
        *(
            col(name).cast(DataTypes.BYTES()).alias(name) if "Binary" in kind else col(name)
            for name, kind in zip(schema.get_field_names(), kinds)
        )
    )


def plainly_typed(rows):
    """The stream with Python's types for its columns.

    The types that a table's stream comes with cut microseconds off, or are refused,
    once PyFlink takes them over in `key_by` and `filter`.
    """
    transformation = rows._j_data_stream.getTransformation()
    plain = _from_java_type(transformation.getOutputType())._type_info
    j_class = get_gateway().jvm.Class.forName("org.apache.flink.api.dag.Transformation")
    field = j_class.getDeclaredField("outputType")
    field.setAccessible(True)
    field.set(transformation, plain.get_java_type_info())
    return rows


def keep_windows():
    """Let windows keep rows pickled where PyFlink has no other way (DATE, TIME, TIMESTAMP)."""
    data_stream.ListStateDescriptor = lambda name, kind: ListStateDescriptor(name, kept(kind))
    data_stream.ReducingStateDescriptor = lambda name, function, kind: ReducingStateDescriptor(
        name, function, kept(kind)
    )


def kept(kind):
    """How state keeps values of a type."""
    try:
        from_type_info(kind)
    except ValueError:
        return Types.PICKLED_BYTE_ARRAY()
    return kind


class EventTime(TimestampAssigner):
    """The record's time is that of a column: an instant, or a local time read as UTC."""

    def __init__(self, at):
        self.at = at

    def extract_timestamp(self, value, record_timestamp):
        """Milliseconds since 1970."""
        moment = value[self.at]
        if isinstance(moment, Instant):
            return moment.to_epoch_milli()
        moment = moment.replace(tzinfo=dt.timezone.utc)
        epoch = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)
        return (moment - epoch) // dt.timedelta(milliseconds=1)


def as_table(t_env, sink, rows, mode):
    """A stream of rows as a table: upserts by the sink's key in streaming, else inserts."""
    schema = Schema.new_builder()
    for name, kind in sink["columns"]:
        required = name in sink["key"] and not kind.endswith(" NOT NULL")
        schema.column(name, kind + (" NOT NULL" if required else ""))
    if mode == "batch" or not sink["key"]:
        return t_env.from_data_stream(rows, schema.build())
    schema.primary_key(*sink["key"])
    return t_env.from_changelog_stream(rows, schema.build(), ChangelogMode.upsert())
