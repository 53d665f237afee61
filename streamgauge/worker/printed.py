"""What a program prints, as the rows of sinks that its scenario names."""

from pyflink.common import Row
from pyflink.common.typeinfo import _from_java_type
from pyflink.datastream import DataStreamSink
from pyflink.util.java_utils import is_instance_of

from . import program

_QUERY = "org.apache.flink.table.operations.QueryOperation"


class Printed:
    """Sinks in the order in which the program prints: each takes what is printed next."""

    def __init__(self, sinks, mode, environments):
        self.left = list(sinks)
        self._mode = mode
        self._environments = environments
        self._caught = []

    def streams(self, write):
        """In place of `DataStream.print`."""

        def printed(stream, sink_identifier=None):
            if not self.left:
                return write(stream, sink_identifier)
            self._attach(stream, self.left.pop(0))
            return _Caught()

        return printed

    def _attach(self, stream, sink):
        """As a part of the job that the program submits afterwards."""
        t_env = self._environments.stream_tables(stream.get_execution_environment())
        t_env.execute_sql(sink["ddl"])
        rows = stream.map(_as_row(sink["columns"]), self._types(sink["columns"]))
        statements = t_env.create_statement_set()
        statements.add_insert(sink["target"], program.as_table(t_env, sink, rows, self._mode))
        statements.attach_as_datastream()

    def _types(self, columns):
        """What a stream says of columns, asked for where nothing is added to the program's job."""
        t_env = self._environments.stream_tables()
        nulls = ["CAST(NULL AS %s) AS `%s`" % (t, n.replace("`", "``")) for n, t in columns]
        stream = t_env.to_data_stream(t_env.sql_query("SELECT " + ", ".join(nulls)))
        return _from_java_type(stream._j_data_stream.getTransformation().getOutputType())._type_info

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


def _as_row(columns):
    """A function that makes a row of a value: a text column has the text that is printed."""
    texts = [kind.upper().startswith(("STRING", "VARCHAR", "CHAR")) for _, kind in columns]

    def as_row(value):
        values = list(value) if isinstance(value, (tuple, Row)) else [value]
        if len(values) != len(texts):
            raise ValueError("%r is printed, for a sink of %d columns" % (value, len(texts)))
        shown = zip(values, texts)
        row = Row(*[str(v) if is_text and v is not None else v for v, is_text in shown])
        if isinstance(value, Row):
            row.set_row_kind(value.get_row_kind())
        return row

    return as_row


class _Caught:
    """In place of the stream's sink, which may be given a name and the like."""

    def __getattr__(self, name):
        getattr(DataStreamSink, name)
        return lambda *_: self


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
