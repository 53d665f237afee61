"""A cell's job as a script that a person can read and run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streamgauge import tuning
from streamgauge.bindings import Place
from streamgauge.cells import Cell
from streamgauge.job import Job
from streamgauge.runtimes import home as homes
from streamgauge.runtimes import runtime
from streamgauge.services import connect, kafka
from streamgauge.services.endpoint import Endpoint
from streamgauge.stage import cell_job
from streamgauge.tuning import Begin
from streamgauge.worker.client import Worker
from streamgauge.workspace import workspace

_MASK = "******"
_ADDRESSES = {
    "kafka": kafka.endpoint(9092, "USER", _MASK),
    "mysql": Endpoint("127.0.0.1", 3306, "USER", _MASK),
    "connect": connect.endpoint(8083),
    "metastore": Endpoint("127.0.0.1", 9083, "", ""),
}

_PYTHON = """\
{code}


if __name__ == "__main__":
    from datetime import timezone

    from pyflink.common import Configuration
    from pyflink.common.watermark_strategy import TimestampAssigner, WatermarkStrategy
    from pyflink.datastream import StreamExecutionEnvironment
    from pyflink.table import EnvironmentSettings, Schema, StreamTableEnvironment
    from pyflink.table.changelog_mode import ChangelogMode
    from pyflink.table.expressions import col

    settings = {settings}
    configuration = Configuration()
    for key, value in settings.items():
        configuration.set_string(key, value)
    t_env = StreamTableEnvironment.create(
        StreamExecutionEnvironment.get_execution_environment(configuration),
        EnvironmentSettings.new_instance().in_{mode}_mode().build(),
    )
{functions}{tables}
{sources}
{results}
    statements = t_env.create_statement_set()
{inserts}
    statements.execute().wait()
"""


# In batch a table has no time attribute, so its records have no time.
_EVENT_TIME = """

    class EventTime(TimestampAssigner):
        def extract_timestamp(self, value, record_timestamp):
            return round(value["{time}"].replace(tzinfo=timezone.utc).timestamp() * 1000)

    {name} = {name}.assign_timestamps_and_watermarks(
        WatermarkStrategy.for_monotonous_timestamps().with_timestamp_assigner(EventTime())
    )"""


def render(cell: Cell, job: Job, plan: str) -> str:
    """SQL for the SQL client or Python for the interpreter; needs and plan in comments."""
    needed = [a for name in cell.kind.connectors for a in cell.line.connectors[name].artifacts]
    head = f"Flink {cell.line.flink}; jars: {', '.join(needed) or 'none but its own'}"
    mark, body = ("-- ", _sql(job)) if job.dialect == "sql" else ("# ", _python(job))
    return f"{mark}{head}\n\n{body}\n\n{_comment(mark, plan)}"


def explained(cell: Cell) -> tuple[Job, str]:
    """The cell's job over services that need not be there, passwords masked, and its plan."""
    place = Place("example", cell.mode, Path("/example"), _ADDRESSES)
    attached = cell.kind.attach(place, cell.scenario.sources, cell.scenario.sinks)
    told = tuning.merged(cell, Begin(), cluster={}, attached=attached.settings)
    job = cell_job(cell, attached, told)
    with workspace() as space:
        made = runtime.install(cell.line, cell.kind.connectors)
        home = homes.make(space.data, made.environment, made.connectors)
        homes.configure(home, {})
        worker = Worker(space, made.environment, home)
        try:
            return job, worker.explain(job)
        finally:
            worker.close()


def _sql(job: Job) -> str:
    settings = {"execution.runtime-mode": job.mode, **job.settings}
    lines = [f"SET '{key}' = '{value}';" for key, value in settings.items()]
    lines += [f"\n{statement};" for statement in (*job.tables, *(v.text for v in job.views))]
    lines += [f"\n-- Needs the functions of {job.functions}."] if job.functions else []
    inserts = [f"INSERT INTO {s['target']}\n{q.text}\n;" for s, q in zip(job.sinks, job.queries)]
    if len(inserts) > 1:
        inserts = ["EXECUTE STATEMENT SET\nBEGIN", *inserts, "END;"]
    return "\n".join(lines) + "\n\n" + "\n\n".join(inserts)


def _python(job: Job) -> str:
    """What the worker does with the job, written out."""
    streams = job.dialect != "table"
    tables = "\n".join(f'    t_env.execute_sql(r"""\n{table}\n""")' for table in job.tables)
    names = [source["name"] for source in job.sources]
    results = [f"result_{number}" for number in range(1, len(job.sinks) + 1)]
    convert = _inserted_stream if streams else _inserted_table
    return _PYTHON.format(
        code=job.code,
        settings=job.settings,
        mode=job.mode,
        functions=_registered(job),
        tables=tables,
        sources="\n".join(_source(job, source, streams) for source in job.sources),
        results=f"    {', '.join(results)} = query({', '.join(names)})",
        inserts="\n".join(convert(job, *pair) for pair in zip(job.sinks, results)),
    )


def _registered(job: Job) -> str:
    if job.functions is None:
        return ""
    module, _, functions = job.functions.partition(":")
    return (
        f"    from {module} import {functions}\n\n"
        f"    for name, function in {functions}.items():\n"
        "        t_env.create_temporary_function(name, function)\n"
    )


def _source(job: Job, source: Mapping[str, Any], streams: bool) -> str:
    columns = ", ".join(f'col("{name}")' for name in source["columns"])
    table = f't_env.from_path("`{source["name"]}`").select({columns})'
    if streams:
        kind = "changelog" if source["changes"] else "data"
        table = f"t_env.to_{kind}_stream({table})"
    made = f"    {source['name']} = {table}"
    if streams and source["time"] and job.mode == "batch":
        made += _EVENT_TIME.format(name=source["name"], time=source["time"])
    return made


def _inserted_table(job: Job, sink: Mapping[str, Any], result: str) -> str:
    return f'    statements.add_insert("{sink["target"]}", {result})'


def _inserted_stream(job: Job, sink: Mapping[str, Any], result: str) -> str:
    upserts = job.mode == "streaming" and sink["key"]
    columns = "".join(
        f'\n        .column("{name}", "{type_}{" NOT NULL" if name in sink["key"] else ""}")'
        for name, type_ in sink["columns"]
    )
    if upserts:
        columns += f"\n        .primary_key({', '.join(repr(k) for k in sink['key'])})"
    made = "from_changelog_stream" if upserts else "from_data_stream"
    kind = ", ChangelogMode.upsert()" if upserts else ""
    return (
        f"    schema = (\n        Schema.new_builder(){columns}\n        .build()\n    )\n"
        f"    table = t_env.{made}({result}, schema{kind})\n"
        f'    statements.add_insert("{sink["target"]}", table)'
    )


def _comment(mark: str, text: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.strip().splitlines())
