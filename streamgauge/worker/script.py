"""A user's own program, run as its author would run it, with our cluster and tables under it."""

from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

from pyflink.common.completable_future import CompletableFuture
from pyflink.common.job_client import JobClient
from pyflink.common.job_execution_result import JobExecutionResult
from pyflink.datastream import DataStream, StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway
from pyflink.table import StatementSet, StreamTableEnvironment, Table, TableEnvironment
from pyflink.table.table_result import TableResult

from . import jars_along, running, statements
from .builders import Builders
from .consumers import Consumers
from .environments import Configured, attach
from .folders import Folders
from .jdbc import Inserts
from .looked import Looked, Submission
from .printed import Printed, refuse_to_collect
from .writer import Writer

_MAKE_TABLES = ("execute_sql", "create_table", "create_temporary_table")


class Script:
    """A program that has not run yet: it plans and submits by itself."""

    def __init__(self, job):
        self._job = job

    def transformations(self):
        """None: what it plans is looked at only where that is worth a run of it."""
        return []

    def execute(self):
        """Run it; the client of the only job that it submits, else an error that says what is."""
        return _Once(self._job).client()

    def stream_graph(self):
        """Run it as far as to where it submits."""
        return _Once(self._job).graph()

    def explain(self):
        """Nothing for people, but an error where Flink does not plan it."""
        self.stream_graph()
        return ""


class _Once:
    """One run of a program."""

    def __init__(self, job):
        self._script = {**job["script"], "file": running.located(job["script"]["file"])}
        self._configured = Configured(job["settings"], job["mode"])
        self._writer = Writer(job["mode"], self._configured)
        self._printed = Printed(self._script["printed"], self._writer)
        self._clients = []
        self._made = set()
        self._names = set()
        self._went_on_after = ""

    def client(self):
        """That of the job that it submits."""
        try:
            with _patched(self._instead()):
                self._run()
            self._check()
        except BaseException:
            for client in self._clients:
                client.cancel()
            raise
        return self._clients[0]

    def graph(self):
        """That of the job that it would submit first."""
        looked = Looked()
        with _patched(self._instead()), _patched(looked.instead()), suppress(Submission):
            self._run()
        for client in self._clients:
            # By a way that nobody looks at.
            client.cancel()
        if not looked.graphs:
            raise RuntimeError("%s submits no job that can be looked at before" % self._name)
        return looked.graphs[0]

    @property
    def _name(self):
        return Path(self._script["file"]).name

    def _run(self):
        file, parts = self._script["file"], self._script["statements"]
        with running.at_home(self._script):
            if parts:
                statements.run(file, parts, self._configured)
            else:
                running.run(file)

    def _check(self):
        name = self._name
        missing = sorted(set(self._script["tables"]) - self._made)
        if len(self._clients) != 1:
            told = (name, len(self._clients), self._went_on_after)
            raise RuntimeError("%s ends after %d jobs, not one%s" % told)
        if missing:
            told = (name, ", ".join(missing), ", ".join(sorted(self._names)) or "none")
            raise RuntimeError("%s makes no table %s; those that it makes: %s" % told)
        if self._printed.left:
            unprinted = ", ".join(sink["target"] for sink in self._printed.left)
            raise RuntimeError("%s prints nothing for %s" % (name, unprinted))

    def _instead(self):
        """Our environments, which tell of each job and wait for none."""
        configured = self._configured
        yield (
            StreamExecutionEnvironment,
            "get_execution_environment",
            staticmethod(configured.streams),
        )
        yield TableEnvironment, "create", staticmethod(configured.tables)
        yield StreamTableEnvironment, "create", staticmethod(configured.stream_tables)
        yield StreamExecutionEnvironment, "set_runtime_mode", _keep_mode
        for name in _MAKE_TABLES:
            yield TableEnvironment, name, self._attaching(getattr(TableEnvironment, name))
        yield from jars_along.instead()
        yield from self._catching()
        known = self._made, self._names
        for kind in Builders, Consumers, Folders:
            yield from kind(self._script["tables"], *known).instead()
        yield from Inserts(self._script["sinks"], *known, self._writer).instead()
        yield Table, "execute_insert", self._noting(Table.execute_insert)
        yield StatementSet, "execute", self._noting(StatementSet.execute)
        yield TableResult, "__init__", self._telling(TableResult.__init__)
        yield TableResult, "wait", _not_waiting
        yield JobClient, "get_job_execution_result", _no_result
        execute_async = self._noting(self._submitting(StreamExecutionEnvironment.execute_async))
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
        making = self._noting(make)

        def made(t_env, *arguments, **more):
            result = making(t_env, *arguments, **more)
            self._names.update(t_env.list_tables())
            for name in set(self._script["tables"]) - self._made:
                if attach(t_env._j_tenv, name, self._script["tables"][name]):
                    self._made.add(name)
            return result

        return self._printed.statements(made) if make.__name__ == "execute_sql" else made

    def _noting(self, do):
        """An error that the program may pass over is told where that leaves it without a job."""

        def done(*arguments, **more):
            try:
                return do(*arguments, **more)
            except Exception as error:
                self._went_on_after = "; it went on after: " + _cause(error)
                raise

        return done

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


@contextmanager
def _patched(instead):
    """PyFlink with (class, name, what stands in its place)."""
    with ExitStack() as stack:
        for kind, name, other in instead:
            stack.enter_context(patch.object(kind, name, other))
        yield


def _keep_mode(env, execution_mode):
    """It is the cell's."""
    return env


def _cause(error):
    """The innermost, in a line."""
    causes = [
        line.rpartition("Caused by: ")[2]
        for line in str(error).splitlines()
        if "Caused by: " in line
    ]
    return (
        causes[-1] if causes else "%s: %s" % (type(error).__name__, str(error).partition("\n")[0])
    )


def _detached(execute_async):
    """As `flink run --detached` has it."""

    def executed(env, job_name="Flink Streaming Job"):
        return JobExecutionResult(_j_result(execute_async(env, job_name)))

    return executed


def _no_result(client):
    """The same, where the program would wait for the job's own."""
    future = get_gateway().jvm.java.util.concurrent.CompletableFuture
    return CompletableFuture(future.completedFuture(_j_result(client)), JobExecutionResult)


def _j_result(client):
    executing = get_gateway().jvm.org.apache.flink.core.execution
    return executing.DetachedJobExecutionResult(client._j_job_client.getJobID())


def _not_waiting(result, timeout_ms=None):
    """The harness follows the job, which may have no end."""
