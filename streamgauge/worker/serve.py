"""The worker: builds jobs in a Flink line's own interpreter and submits them.

It stands at the far end of an execnet channel, and may import nothing of ours but what
lies beside it. Each message in is a dict with `do`:
`build` (with `job`, see `streamgauge.job.Job`, and from a compiled `plan` if there is one)
answers with the job's Python operators if it is told to `look`, `answer` (with `job`) runs it
and answers with the first value of its only query,
`execute` submits what was built last and answers with the job's id, `graph` answers with its
operators, `compile` with its compiled plan, and `explain` (with `job`) with Flink's plan.
Each answer has `ok`, or `error` with the trace.
"""

import contextlib
import importlib
import sys
import traceback
import types
from pathlib import Path

import cloudpickle
from pyflink.java_gateway import get_gateway

from . import program
from .operators import operators
from .planned import Compiled, Planned, graph
from .script import Script

# Of one connector each that every cluster has; nothing is read.
_FIRST = (
    "CREATE TABLE words (word STRING) WITH ('connector' = 'datagen')",
    "CREATE TABLE counts (word STRING, n BIGINT) WITH ('connector' = 'blackhole')",
)
_FIRST_INSERT = "INSERT INTO counts SELECT word, COUNT(*) FROM words GROUP BY word"


class Server:
    """Does what messages ask for."""

    def __init__(self):
        # Nobody else can import it, and functions of it go to Flink's Python workers.
        cloudpickle.register_pickle_by_value(program)
        self._class_loader = get_gateway().jvm.Thread.currentThread().getContextClassLoader()
        self._planned = None

    def warm_up(self):
        """Plan a job that never runs: the first to be planned takes ten times as long."""
        t_env = program.table_environment({}, "streaming")
        for statement in _FIRST:
            t_env.execute_sql(statement)
        statements = t_env.create_statement_set()
        statements.add_insert_sql(_FIRST_INSERT)
        Planned(t_env, statements).transformations()

    def build(self, job, look, plan=None):
        """The Python operators of the job, which takes planning it once more; else none."""
        self._planned = self._compiled(job, plan) if plan else self._built(job)
        return operators(self._planned.transformations()) if look else []

    def execute(self):
        """The id of the job that was built last."""
        return str(self._planned.execute().get_job_id())

    def graph(self):
        """The operators of the job that was built last, each after its inputs."""
        return graph(self._planned)

    def compile(self):
        """The plan of the job that was built last, as JSON."""
        return self._planned.compiled()

    def ready(self):
        """Whether there is somebody to answer."""
        return True

    def answer(self, job):
        """The first value that the job's only query gives."""
        self._use_first_class_loader()
        _, functions = _imported(job)
        t_env = program.prepared(job, functions)
        query = program.placed(job["queries"][0])
        with t_env.sql_query(query).execute().collect() as rows:
            return str(next(rows)[0])

    def explain(self, job):
        """Flink's plan."""
        return self._built(job).explain()

    def _built(self, job):
        self._use_first_class_loader()
        if job["script"]:
            return Script(job)
        return Planned(*program.built(job, *_imported(job)))

    def _compiled(self, job, plan):
        """Without the question: the plan has what the planner made of it, over the same tables."""
        self._use_first_class_loader()
        _, functions = _imported(job)
        return Compiled(program.prepared(job, functions), plan)

    def _use_first_class_loader(self):
        """Let the thread have the class loader of the first job.

        Each table environment leaves a larger one with it, until a job takes a second to build.
        """
        get_gateway().jvm.Thread.currentThread().setContextClassLoader(self._class_loader)


def _imported(job):
    """The dialect's function, and the functions of `udf.py` by name, where there are any."""
    named, _, functions = (job["functions"] or "").partition(":")
    names = [name for name in (job["module"], named) if name]
    # Flink would import those in one more process of Python, for each job another.
    places = {each["name"]: each["object"].rpartition(".") for each in job["created"]}
    modules = _load(job["root"], names, [module for module, _, _ in places.values()])
    if named and job["settings"].get("python.execution-mode") == "thread":
        # The TaskManager's interpreter keeps the modules of earlier jobs: send the code along.
        for own in _own & set(sys.modules):
            cloudpickle.register_pickle_by_value(sys.modules[own])
    question = modules[job["module"]].query if job["module"] else None
    registered = {}
    for name in ("JAVA", functions) if named else ():
        registered.update(getattr(modules[named], name, {}))
    created = {name: getattr(modules[place], at) for name, (place, _, at) in places.items()}
    return question, {**registered, **created}


# What the last job imported from its root and from beside it.
_own = set()


def _load(root, names, others):
    """Import modules of the root and others afresh, by name.

    Files change, and other roots have the same names.
    """
    for loaded in _own & set(sys.modules):
        if loaded in cloudpickle.list_registry_pickle_by_value():
            cloudpickle.unregister_pickle_by_value(sys.modules[loaded])
        del sys.modules[loaded]
    before = set(sys.modules)
    for package in {name.partition(".")[0] for name in names}:
        sys.modules[package] = types.ModuleType(package)
        sys.modules[package].__path__ = [root]
    beside = str(Path(root).parent)
    sys.path.insert(0, beside)
    importlib.invalidate_caches()
    try:
        return {name: importlib.import_module(name) for name in (*names, *others)}
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


def serve(channel):
    """Answer messages until the channel closes."""
    server = Server()
    channel.send("ready")
    # Meanwhile the cluster comes up. What is wrong here is told by the first job as well.
    with contextlib.suppress(Exception):
        server.warm_up()
    for message in channel:
        do = getattr(server, message.pop("do"))
        try:
            channel.send({"ok": do(**message)})
        except Exception:
            channel.send({"error": traceback.format_exc()})
