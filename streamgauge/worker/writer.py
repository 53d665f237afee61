"""Streams written into the run's sinks, as a part of the job that the program submits."""

from pyflink.common import Row
from pyflink.common.typeinfo import _from_java_type
from pyflink.datastream import DataStreamSink

from . import program


class Writer:
    """Into sinks of one job."""

    def __init__(self, mode, environments):
        self._mode = mode
        self._environments = environments

    def write(self, stream, sink, names=()):
        """Values, whose parts are columns of these names, or all in order; in place of its sink."""
        columns = [name for name, _ in sink["columns"]]
        places = [(names or columns).index(name) for name in columns]
        t_env = self._environments.stream_tables(stream.get_execution_environment())
        t_env.execute_sql(sink["ddl"])
        rows = stream.map(_as_row(sink["columns"], places), self._types(sink["columns"]))
        statements = t_env.create_statement_set()
        statements.add_insert(sink["target"], program.as_table(t_env, sink, rows, self._mode))
        statements.attach_as_datastream()
        return _Caught()

    def _types(self, columns):
        """What a stream says of columns, asked for where nothing is added to the program's job."""
        t_env = self._environments.stream_tables()
        nulls = ["CAST(NULL AS %s) AS `%s`" % (t, n.replace("`", "``")) for n, t in columns]
        stream = t_env.to_data_stream(t_env.sql_query("SELECT " + ", ".join(nulls)))
        return _from_java_type(stream._j_data_stream.getTransformation().getOutputType())._type_info


def _as_row(columns, places):
    """A function that makes a row of a value, each column of the value at its place.

    A text column has the text that is printed.
    """
    texts = [kind.upper().startswith(("STRING", "VARCHAR", "CHAR")) for _, kind in columns]

    def as_row(value):
        values = list(value) if isinstance(value, (tuple, Row)) else [value]
        if len(values) != len(texts):
            raise ValueError("%r is no row of %d columns" % (value, len(texts)))
        shown = zip([values[place] for place in places], texts)
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
