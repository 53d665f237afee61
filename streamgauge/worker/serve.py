"""The worker: builds jobs in a Flink line's own interpreter and submits them.

Runs at the far end of an execnet channel, so it may import nothing of ours;
it is the only module of the harness that imports pyflink. Each message in is a
dict with `do` (`submit` or `explain`) and `job` (see `streamgauge.job.Job`);
each answer has `ok`, or `error` with the Java or Python trace.
"""

from __future__ import annotations

import datetime as dt
import importlib
import sys
import traceback
import types
from pathlib import Path

import cloudpickle
from pyflink.common import Configuration
from pyflink.common.watermark_strategy import TimestampAssigner, WatermarkStrategy
from pyflink.datastream import DataStream, StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway
from pyflink.table import (
    EnvironmentSettings,
    Schema,
    StreamTableEnvironment,
)
from pyflink.table.changelog_mode import ChangelogMode
from pyflink.table.expressions import col

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


def answer(message, class_loader):
    """Do what a message asks: the plan's text, or the job's id and the Python operators in it.

    Each table environment leaves a larger class loader with the thread, until a
    job takes a second to build: every job starts with the one of the first.
    """
    get_gateway().jvm.Thread.currentThread().setContextClassLoader(class_loader)
    t_env, statements = build(message["job"])
    if message["do"] == "explain":
        return statements.explain()
    operators = _python_operators(t_env, statements) if message["job"]["functions"] else []
    return [str(statements.execute().get_job_client().get_job_id()), operators]


def build(job):
    """The job as a statement set, ready to run, and its table environment."""
    t_env = _table_environment(job["settings"], job["mode"])
    if job["functions"]:
        _register(t_env, job)
    for statement in (*job["tables"], *(view["text"] for view in job["views"])):
        t_env.execute_sql(statement)
    statements = t_env.create_statement_set()
    if job["dialect"] == "sql":
        for sink, query in _zipped(job["sinks"], job["queries"]):
            statements.add_insert_sql("INSERT INTO %s\n%s" % (sink["target"], query["text"]))
    else:
        for sink, result in _zipped(job["sinks"], _results(t_env, job)):
            statements.add_insert(sink["target"], result)
    return t_env, statements


def _zipped(sinks, results):
    if len(sinks) != len(results):
        raise ValueError("%d results for %d sinks" % (len(results), len(sinks)))
    return zip(sinks, results)


def _register(t_env, job):
    """Make the functions of `udf.py` known under their names."""
    name, _, functions = job["functions"].partition(":")
    module = _load(job["root"], name)
    if job["settings"].get("python.execution-mode") == "thread":
        # The TaskManager's interpreter keeps the modules of earlier jobs: send the code along.
        for own in _modules(name):
            cloudpickle.register_pickle_by_value(sys.modules[own])
    for function, made in getattr(module, functions).items():
        t_env.create_temporary_function(function, made)


def _python_operators(t_env, statements):
    """The names of the operator classes that the planner chose for Python functions."""
    j_statements = statements._j_statement_set  # noqa: SLF001
    j_class = j_statements.getClass()
    while j_class.getSimpleName() != "StatementSetImpl":
        j_class = j_class.getSuperclass()
    field = j_class.getDeclaredField("operations")
    field.setAccessible(True)
    planner = t_env._j_tenv.getPlanner()  # noqa: SLF001
    loader = get_gateway().jvm.Thread.currentThread().getContextClassLoader()
    found = set()
    for end in planner.translate(field.get(j_statements)):
        for step in end.getTransitivePredecessors():
            if step.getClass().getSimpleName() == "OneInputTransformation":
                operator = step.getOperatorFactory().getStreamOperatorClass(loader)
                found.add(str(operator.getSimpleName()))
    return sorted(name for name in found if "Python" in name)


def _table_environment(settings, mode):
    configuration = Configuration()
    for key, value in settings.items():
        configuration.set_string(key, value)
    # StreamExecutionEnvironment.get_execution_environment starts a local cluster
    # whatever execution.target says; the Java constructor does not.
    java = get_gateway().jvm.org.apache.flink.streaming.api.environment
    env = StreamExecutionEnvironment(
        java.StreamExecutionEnvironment(configuration._j_configuration)  # noqa: SLF001
    )
    chosen = EnvironmentSettings.new_instance()
    chosen = chosen.in_batch_mode() if mode == "batch" else chosen.in_streaming_mode()
    return StreamTableEnvironment.create(
        env, environment_settings=chosen.with_configuration(configuration).build()
    )


def _results(t_env, job):
    """The tables a dialect's function gives, one a sink."""
    question = _load(job["root"], job["module"]).query
    tables = [_table(t_env, source) for source in job["sources"]]
    if job["dialect"] != "table":
        made = question(
            *(_stream(t_env, table, source, job) for table, source in zip(tables, job["sources"]))
        )
        streams = made if isinstance(made, tuple) else (made,)
        return [_as_table(t_env, *pair, job["mode"]) for pair in _zipped(job["sinks"], streams)]
    made = question(*tables)
    return made if isinstance(made, tuple) else (made,)


def _table(t_env, source):
    """The source's declared columns, without what its connector needs beside them."""
    return t_env.from_path(source["name"]).select(*map(col, source["columns"]))


def _stream(t_env, table, source, job):
    """Rows with the time of their event, or changes."""
    if source["changes"]:
        return t_env.to_changelog_stream(table)
    stream = t_env.to_data_stream(table)
    if job["mode"] == "streaming" or source["time"] is None:
        return stream
    # In batch a table has no time attribute, so its records have no time.
    at = source["columns"].index(source["time"])
    return stream.assign_timestamps_and_watermarks(
        WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(_EventTime(at))
    )


class _EventTime(TimestampAssigner):
    """The record's time is that of a column, read as UTC."""

    def __init__(self, at):
        self.at = at

    def extract_timestamp(self, value, record_timestamp):
        moment = value[self.at].replace(tzinfo=dt.timezone.utc)
        return (moment - _EPOCH) // dt.timedelta(milliseconds=1)


def _as_table(t_env, sink, stream: DataStream, mode):
    """A stream of rows as a table: upserts by the sink's key in streaming, else inserts."""
    schema = Schema.new_builder()
    for name, type_ in sink["columns"]:
        schema.column(name, type_ + (" NOT NULL" if name in sink["key"] else ""))
    if mode == "batch" or not sink["key"]:
        return t_env.from_data_stream(stream, schema.build())
    schema.primary_key(*sink["key"])
    return t_env.from_changelog_stream(stream, schema.build(), ChangelogMode.upsert())


# What the last job imported from its root and from beside it.
_own = set()


def _load(root, name):
    """Import a dialect's module afresh: files change, and other roots have the same names."""
    for loaded in _own & set(sys.modules):
        if loaded in cloudpickle.list_registry_pickle_by_value():
            cloudpickle.unregister_pickle_by_value(sys.modules[loaded])
        del sys.modules[loaded]
    package = types.ModuleType(name.partition(".")[0])
    package.__path__ = [root]
    sys.modules[package.__name__] = package
    beside = str(Path(root).parent)
    sys.path.insert(0, beside)
    importlib.invalidate_caches()
    before = set(sys.modules) - {package.__name__}
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(beside)
        _own.update(_standing_in(beside, set(sys.modules) - before))


def _standing_in(folder, names):
    """Those of the modules that are in a package or a file right in a folder."""
    tops = {name.partition(".")[0] for name in names} & set(sys.modules)
    found = {name for name in tops if _place(sys.modules[name]) == folder}
    return {name for name in names if name.partition(".")[0] in found}


def _place(module):
    """The folder that a package or a module is in."""
    places = [*getattr(module, "__path__", []), getattr(module, "__file__", None) or ""]
    return str(Path(places[0]).parent)


def _modules(name):
    """The loaded modules of the package that a module is in."""
    package = name.partition(".")[0]
    return [loaded for loaded in sys.modules if loaded.partition(".")[0] == package]


def serve(channel):
    """Answer messages until the channel closes."""
    class_loader = get_gateway().jvm.Thread.currentThread().getContextClassLoader()
    for message in channel:
        try:
            channel.send({"ok": answer(message, class_loader)})
        except Exception:
            channel.send({"error": traceback.format_exc()})


if __name__ == "__channelexec__":
    get_gateway()
    channel.send("ready")  # noqa: F821
    serve(channel)  # noqa: F821
