"""What a program prints, as the rows of sinks that its scenario names."""

from pyflink.util.java_utils import is_instance_of

_QUERY = "org.apache.flink.table.operations.QueryOperation"


class Printed:
    """Sinks in the order in which the program prints: each takes what is printed next."""

    def __init__(self, sinks, writer):
        self.left = list(sinks)
        self._writer = writer
        self._caught = []

    def streams(self, write):
        """In place of `DataStream.print`."""

        def printed(stream, sink_identifier=None):
            if not self.left:
                return write(stream, sink_identifier)
            return self._writer.write(stream, self.left.pop(0))

        return printed

    def tables(self, execute):
        """In place of `Table.execute`."""

        def executed(table):
            if not self.left:
                return execute(table)
            sink = self.left.pop(0)
            table._t_env.execute_sql(sink["ddl"])
            self._caught.append(table.execute_insert(sink["target"]))
            return self._caught[-1]

        return executed

    def statements(self, execute_sql):
        """In place of `TableEnvironment.execute_sql`, whose queries are tables."""

        def executed(t_env, stmt):
            if self.left and _is_query(t_env, stmt):
                return t_env.sql_query(stmt).execute()
            return execute_sql(t_env, stmt)

        return executed

    def results(self, write):
        """In place of `TableResult.print`: what a job gives goes to a sink."""
        return lambda result: None if result.get_job_client() else write(result)

    def collected(self, collect):
        """In place of `TableResult.collect`: the program gets none of the rows that a sink gets."""

        def collected(result):
            if any(result is caught for caught in self._caught):
                return _NoRows()
            if result.get_job_client():
                refuse_to_collect(result)
            return collect(result)

        return collected


def refuse_to_collect(*_, **__):
    """In place of what takes a job's rows to the program."""
    raise RuntimeError("it collects rows of a job itself, which no sink of the run gets")


def _is_query(t_env, statement):
    operations = t_env._j_tenv.getParser().parse(statement)
    return operations.size() == 1 and is_instance_of(operations.get(0), _QUERY)


class _NoRows:
    """In place of an iterator over a job's rows."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration

    next = __next__

    def close(self):
        """Nothing is open."""
