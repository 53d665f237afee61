"""A cell's job as a script that a person can read and run."""

from __future__ import annotations

from pathlib import Path

from streamgauge.bindings import Place
from streamgauge.cells import Cell
from streamgauge.clusters import session
from streamgauge.harness import fetch_connectors
from streamgauge.job import Job
from streamgauge.run import cell_job
from streamgauge.runtimes import environment
from streamgauge.runtimes.client import Worker
from streamgauge.services.address import Address
from streamgauge.workspace import workspace

_MASK = "******"
_ADDRESSES = {
    "kafka": Address("127.0.0.1", 9092, "USER", _MASK),
    "mysql": Address("127.0.0.1", 3306, "USER", _MASK),
}

_PYTHON = """\
{code}


if __name__ == "__main__":
    from pyflink.common import Configuration
    from pyflink.datastream import StreamExecutionEnvironment
    from pyflink.table import EnvironmentSettings, Schema, StreamTableEnvironment
    from pyflink.table.changelog_mode import ChangelogMode

    settings = {settings}
    configuration = Configuration()
    for key, value in settings.items():
        configuration.set_string(key, value)
    t_env = StreamTableEnvironment.create(
        StreamExecutionEnvironment.get_execution_environment(configuration),
        EnvironmentSettings.new_instance().in_{mode}_mode().build(),
    )
{tables}
{insert}
"""


def render(cell: Cell, job: Job, plan: str) -> str:
    """SQL for the SQL client or Python for the interpreter; needs and plan in comments."""
    needed = [a for name in cell.kind.connectors for a in cell.line.connectors[name].artifacts]
    head = f"Flink {cell.line.flink}; jars: {', '.join(needed) or 'none but its own'}"
    mark, body = ("-- ", _sql(job)) if job.dialect == "sql" else ("# ", _python(job))
    return f"{mark}{head}\n\n{body}\n\n{_comment(mark, plan)}"


def explained(cell: Cell) -> tuple[Job, str]:
    """The cell's job over services that need not be there, passwords masked, and its plan."""
    place = Place("example", cell.mode, Path("/example"), _ADDRESSES)
    job = cell_job(cell, cell.kind.make(place), {})
    with workspace() as space:
        connectors = fetch_connectors(cell.line)
        made = environment.install(cell.line)
        worker = Worker(space, made, session.make_home(space, made, connectors, rest=0))
        try:
            return job, worker.explain(job)
        finally:
            worker.close()


def _sql(job: Job) -> str:
    settings = {"execution.runtime-mode": job.mode, **job.settings}
    lines = [f"SET '{key}' = '{value}';" for key, value in settings.items()]
    lines += [f"\n{table};" for table in job.tables]
    return "\n".join([*lines, f"\nINSERT INTO `{job.sink}`\n{job.query};"])


def _python(job: Job) -> str:
    tables = "\n".join(f'    t_env.execute_sql(r"""\n{table}\n""")' for table in job.tables)
    return _PYTHON.format(
        code=job.query, settings=job.settings, mode=job.mode, tables=tables, insert=_insert(job)
    )


def _insert(job: Job) -> str:
    """How the worker takes what `query` returns to the sink."""
    sources = [f't_env.from_path("{name}")' for name in job.sources]
    if job.dialect == "table":
        return f'    query({", ".join(sources)}).execute_insert("{job.sink}").wait()'
    streams = ", ".join(f"t_env.to_data_stream({source})" for source in sources)
    upserts = job.mode == "streaming" and job.key
    columns = "".join(
        f'\n        .column("{name}", "{type_}{" NOT NULL" if name in job.key else ""}")'
        for name, type_ in job.columns
    )
    if upserts:
        columns += f"\n        .primary_key({', '.join(repr(k) for k in job.key)})"
    made = "from_changelog_stream" if upserts else "from_data_stream"
    kind = ", ChangelogMode.upsert()" if upserts else ""
    return (
        f"    schema = (\n        Schema.new_builder(){columns}\n        .build()\n    )\n"
        f"    result = t_env.{made}(query({streams}), schema{kind})\n"
        f'    result.execute_insert("{job.sink}").wait()'
    )


def _comment(mark: str, text: str) -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in text.strip().splitlines())
