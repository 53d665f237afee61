"""A user's own program, run as its author would run it, with our cluster and tables under it."""

import logging
import os
import runpy
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import pyflink
from pyflink.common import Configuration
from pyflink.common.job_execution_result import JobExecutionResult
from pyflink.datastream import DataStream, StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway
from pyflink.table import EnvironmentSettings, StreamTableEnvironment, Table, TableEnvironment
from pyflink.table.table_result import TableResult
from pyflink.util.java_utils import get_j_env_configuration

from . import statements
from .planned import count_from_one
from .printed import Printed, refuse_to_collect

_MAKE_TABLES = ("execute_sql", "create_table", "create_temporary_table")


class Script:
    """A program that has not run yet: it plans and submits by itself."""

    def __init__(self, job):
        self._script = {**job["script"], "file": located(job["script"]["file"])}
        self._configured = Configured(job["settings"], job["mode"])
        self._printed = Printed(self._script["printed"], job["mode"], self._configured)
        self._clients = []
        self._made = set()

    def transformations(self):
        """None: what it plans is not known before it runs."""
        return []

    def execute(self):
        """Run it; the client of the only job that it submits, else an error that says what is."""
        try:
            with self._patched():
                self._run()
            self._check()
        except BaseException:
            for client in self._clients:
                client.cancel()
            raise
        return self._clients[0]

    def _run(self):
        if self._script["statements"]:
            statements.run(self._script["statements"], self._configured)
        else:
            _run(self._script)

    def _check(self):
        name = Path(self._script["file"]).name
        missing = sorted(set(self._script["tables"]) - self._made)
        if len(self._clients) != 1:
            raise RuntimeError("%s ends after %d jobs, not one" % (name, len(self._clients)))
        if missing:
            raise RuntimeError("%s makes no table %s" % (name, ", ".join(missing)))
        if self._printed.left:
            unprinted = ", ".join(sink["target"] for sink in self._printed.left)
            raise RuntimeError("%s prints nothing for %s" % (name, unprinted))

    @contextmanager
    def _patched(self):
        """PyFlink with our environments, which tells of each job and waits for none."""
        with ExitStack() as stack:
            for kind, name, instead in self._instead():
                stack.enter_context(patch.object(kind, name, instead))
            yield

    def _instead(self):
        configured = self._configured
        yield (
            StreamExecutionEnvironment,
            "get_execution_environment",
            staticmethod(configured.streams),
        )
        yield TableEnvironment, "create", staticmethod(configured.tables)
        yield StreamTableEnvironment, "create", staticmethod(configured.stream_tables)
        yield StreamExecutionEnvironment, "set_runtime_mode", lambda env, _: env
        for name in _MAKE_TABLES:
            yield TableEnvironment, name, self._attaching(getattr(TableEnvironment, name))
        yield from self._catching()
        yield TableResult, "__init__", self._telling(TableResult.__init__)
        yield TableResult, "wait", _not_waiting
        execute_async = self._submitting(StreamExecutionEnvironment.execute_async)
        yield StreamExecutionEnvironment, "execute_async", execute_async
        yield StreamExecutionEnvironment, "execute", _detached(execute_async)

    def _catching(self):
        """What is printed and collected."""
        printed = self._printed
        yield DataStream, "print", printed.streams(DataStream.print)
        yield Table, "execute", printed.tables(Table.execute)
        yield TableResult, "print", printed.results(TableResult.print)
        yield TableResult, "collect", printed.collected(TableResult.collect)
        yield Table, "to_pandas", refuse_to_collect
        yield DataStream, "execute_and_collect", refuse_to_collect

    def _attaching(self, make):
        """After each call that may make tables, those that are named attach to the run's."""

        def made(t_env, *arguments, **more):
            result = make(t_env, *arguments, **more)
            for name in set(self._script["tables"]) - self._made:
                if attach(t_env._j_tenv, name, self._script["tables"][name]):
                    self._made.add(name)
            return result

        return self._printed.statements(made) if make.__name__ == "execute_sql" else made

    def _telling(self, init):
        def told(result, j_result):
            init(result, j_result)
            if client := result.get_job_client():
                self._clients.append(client)

        return told

    def _submitting(self, execute_async):
        def submitted(env, job_name="Flink Streaming Job"):
            self._clients.append(execute_async(env, job_name))
            return self._clients[-1]

        return submitted


def _detached(execute_async):
    """As `flink run --detached` has it."""
    executing = get_gateway().jvm.org.apache.flink.core.execution

    def executed(env, job_name="Flink Streaming Job"):
        client = execute_async(env, job_name)
        return JobExecutionResult(
            executing.DetachedJobExecutionResult(client._j_job_client.getJobID())
        )

    return executed


def _not_waiting(result, timeout_ms=None):
    """The harness follows the job, which may have no end."""


def attach(j_env, name, options):
    """Give a table that is there the options of its connector; whether it is there."""
    manager = j_env.getCatalogManager()
    quoted = name if "." in name or "`" in name else "`%s`" % name
    path = manager.qualifyIdentifier(j_env.getParser().parseIdentifier(quoted))
    found = manager.getTable(path)
    if not found.isPresent():
        return False
    table = found.get().getTable()
    told = get_gateway().jvm.java.util.HashMap()
    for key, value in options.items():
        told.put(key, value)
    if found.get().isTemporary():
        manager.dropTemporaryTable(path, False)
        manager.createTemporaryTable(table.copy(told), path, False)
    else:
        manager.alterTable(table.copy(told), path, False)
    return True


class Configured:
    """Environments that go by a job's settings, over those that the program begins with."""

    def __init__(self, settings, mode):
        self._settings = settings
        self._mode = mode

    def decides(self, key):
        """Whether the run has a setting of its own for it."""
        return key == "execution.runtime-mode" or key in self._settings

    def streams(self, configuration=None):
        """In place of `get_execution_environment`, which would start a cluster of its own."""
        merged = Configuration()
        if configuration is not None:
            merged.add_all(configuration)
        for key, value in {**self._settings, "execution.runtime-mode": self._mode}.items():
            merged.set_string(key, value)
        java = get_gateway().jvm.org.apache.flink.streaming.api.environment
        return StreamExecutionEnvironment(java.StreamExecutionEnvironment(merged._j_configuration))

    def tables(self, environment_settings):
        """In place of `TableEnvironment.create`."""
        return self.stream_tables(None, environment_settings)

    def stream_tables(self, stream_execution_environment=None, environment_settings=None):
        """In place of `StreamTableEnvironment.create`."""
        own = environment_settings
        if isinstance(own, EnvironmentSettings):
            own = own.get_configuration()
        env = stream_execution_environment or self.streams(own)
        merged = Configuration() if own is None else Configuration(own)
        j_env = env._j_stream_execution_environment
        merged.add_all(Configuration(j_configuration=get_j_env_configuration(j_env)))
        chosen = EnvironmentSettings.new_instance()
        chosen = chosen.in_batch_mode() if self._mode == "batch" else chosen.in_streaming_mode()
        t_env = _create(env, chosen.with_configuration(merged).build())
        # Else what is restored does not know its operators' state again.
        count_from_one(t_env)
        return t_env


# As it was before anything stands in its place.
_create = StreamTableEnvironment.create


def located(file):
    """The path of a file; that of an example which this line's PyFlink comes with."""
    if not file.startswith("pyflink:"):
        return file
    examples = Path(pyflink.__file__).parent / "examples"
    path = examples / file.partition(":")[2]
    if not path.is_file():
        valid = sorted(str(each.relative_to(examples)) for each in examples.rglob("*.py"))
        raise RuntimeError("PyFlink has no example %s; valid: %s" % (file, ", ".join(valid)))
    return str(path)


def _run(script):
    """As `__main__`, with its own argv, variables and folder; what it imports there goes again."""
    file, before = script["file"], set(sys.modules)
    folder = str(Path(file).parent)
    with ExitStack() as stack:
        stack.enter_context(patch.object(sys, "argv", [file, *script["arguments"]]))
        stack.enter_context(patch.object(sys, "path", [folder, *sys.path]))
        stack.enter_context(patch.dict(os.environ, script["environment"]))
        # It may set up logs of its own.
        stack.enter_context(patch.multiple(logging.root, handlers=[*logging.root.handlers]))
        stack.callback(logging.root.setLevel, logging.root.level)
        try:
            runpy.run_path(file, run_name="__main__")
        except SystemExit as ended:
            if ended.code:
                raise RuntimeError("%s exits with %s" % (Path(file).name, ended.code)) from None
        finally:
            for name in set(sys.modules) - before:
                if str(getattr(sys.modules[name], "__file__", "")).startswith(folder + os.sep):
                    del sys.modules[name]
