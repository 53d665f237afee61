"""The worker: builds jobs in a Flink line's own interpreter and submits them.

Runs at the far end of an execnet channel, so it may import nothing of ours;
it is the only module of the harness that imports pyflink. Each message in is a
dict with `do` (`submit` or `explain`) and `job` (see `streamgauge.job.Job`);
each answer has `ok`, or `error` with the Java or Python trace.
"""

from __future__ import annotations

import importlib
import sys
import traceback

from pyflink.common import Configuration
from pyflink.datastream import DataStream, StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway
from pyflink.table import (
    EnvironmentSettings,
    Schema,
    StreamTableEnvironment,
)
from pyflink.table.changelog_mode import ChangelogMode


def answer(message, class_loader):
    """Do what a message asks.

    Each table environment leaves a larger class loader with the thread, until a
    job takes a second to build: every job starts with the one of the first.
    """
    get_gateway().jvm.Thread.currentThread().setContextClassLoader(class_loader)
    statements = build(message["job"])
    if message["do"] == "explain":
        return statements.explain()
    return str(statements.execute().get_job_client().get_job_id())


def build(job):
    """The job as a statement set, ready to run."""
    t_env = _table_environment(job["settings"], job["mode"])
    for table in job["tables"]:
        t_env.execute_sql(table)
    statements = t_env.create_statement_set()
    if job["dialect"] == "sql":
        statements.add_insert_sql("INSERT INTO `%s` %s" % (job["sink"], job["query"]))
    else:
        statements.add_insert(job["sink"], _result(t_env, job))
    return statements


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


def _result(t_env, job):
    """The table a dialect's function gives."""
    question = _load(job["root"], job["module"]).query
    tables = [t_env.from_path(name) for name in job["sources"]]
    if job["dialect"] == "table":
        return question(*tables)
    stream = question(*(t_env.to_data_stream(table) for table in tables))
    return _as_table(t_env, stream, job)


def _as_table(t_env, stream: DataStream, job):
    """A stream of rows as a table: upserts by the sink's key in streaming, else inserts."""
    schema = Schema.new_builder()
    for name, type_ in job["columns"]:
        schema.column(name, type_ + (" NOT NULL" if name in job["key"] else ""))
    if job["mode"] == "batch" or not job["key"]:
        return t_env.from_data_stream(stream, schema.build())
    schema.primary_key(*job["key"])
    return t_env.from_changelog_stream(stream, schema.build(), ChangelogMode.upsert())


def _load(root, name):
    """Import a dialect's module afresh: its file may have changed since the last job."""
    package = name.partition(".")[0]
    for loaded in [m for m in sys.modules if m.partition(".")[0] == package]:
        del sys.modules[loaded]
    importlib.invalidate_caches()
    sys.path.insert(0, root)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(root)


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
