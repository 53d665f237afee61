"""The job of a program, looked at where it would be submitted, which ends the program."""

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StatementSet, Table, TableEnvironment
from pyflink.util.java_utils import is_instance_of

from .planned import operations_of, pipeline

_MODIFIES = "org.apache.flink.table.operations.ModifyOperation"
_SET = "org.apache.flink.table.operations.StatementSetOperation"


class Submission(BaseException):
    """The program goes no further; nothing that it does about errors is about this."""


class Looked:
    """Graphs of jobs, as Flink makes them on their way to the cluster."""

    def __init__(self):
        self.graphs = []

    def instead(self):
        """(class, name, what stands in its place)."""
        yield StreamExecutionEnvironment, "execute_async", _method(self._streams)
        yield StreamExecutionEnvironment, "execute", _method(self._streams)
        yield StatementSet, "execute", _method(self._statements)
        yield Table, "execute_insert", _method(self._table)
        yield TableEnvironment, "execute_sql", self._sql(TableEnvironment.execute_sql)

    def _streams(self, env, job_name="Flink Streaming Job"):
        self._look(env._generate_stream_graph(True, job_name))

    def _statements(self, statements):
        self._tables(statements._t_env, operations_of(statements))

    def _table(self, table, table_path_or_descriptor, overwrite=False):
        statements = table._t_env.create_statement_set()
        self._statements(statements.add_insert(table_path_or_descriptor, table, overwrite))

    def _sql(self, execute_sql):
        def executed(t_env, stmt):
            operations = t_env._j_tenv.getParser().parse(stmt)
            only = operations.get(0) if operations.size() == 1 else None
            if is_instance_of(only, _SET):
                operations = only.getOperations()
            if is_instance_of(only, _MODIFIES):
                self._tables(t_env, operations)
            return execute_sql(t_env, stmt)

        return executed

    def _tables(self, t_env, operations):
        t_env._before_execute()
        j_env = t_env._j_tenv
        self._look(pipeline(j_env, j_env.getPlanner().translate(operations)))

    def _look(self, graph):
        self.graphs.append(graph)
        raise Submission


def _method(bound):
    """A function, which takes the object of another class that it is called on."""

    def called(*arguments, **more):
        bound(*arguments, **more)

    return called
