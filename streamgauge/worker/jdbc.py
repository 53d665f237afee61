"""JDBC's sinks of streams, which are led to the run's by the table that they insert into."""

import re

from pyflink.datastream import DataStream
from pyflink.datastream.connectors.jdbc import (
    JdbcConnectionOptions,
    JdbcExecutionOptions,
    JdbcSink,
)

_INSERT = re.compile(
    r"\s*(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+([\w.`\"]+)\s*(?:\(([^)]*)\))?\s*"
    r"VALUES?\s*\(([\s?,]*)\)",
    re.IGNORECASE,
)


class Inserts:
    """Of a program that calls its tables by the names of `sinks`; those it builds are `made`.

    `names` gets all that it has for tables.
    """

    def __init__(self, sinks, made, names, writer):
        self._sinks = sinks
        self._made = made
        self._names = names
        self._writer = writer

    def instead(self):
        """(class, name, what stands in its place)."""
        yield JdbcSink, "sink", staticmethod(self._sink)
        yield DataStream, "add_sink", self._adding(DataStream.add_sink)
        # What says where the program's database is may have no Java class here.
        yield JdbcConnectionOptions, "JdbcConnectionOptionsBuilder", _Anything
        yield JdbcExecutionOptions, "Builder", _Anything
        yield JdbcExecutionOptions, "defaults", staticmethod(_Anything)

    def _sink(self, sql, type_info, jdbc_connection_options, jdbc_execution_options=None):
        insert = _INSERT.match(sql)
        if not insert:
            raise RuntimeError("JdbcSink: no INSERT INTO table VALUES (?, ...): %s" % sql)
        table = _plain(insert[1])
        self._names.add(table)
        if table not in self._sinks:
            valid = ", ".join(self._sinks)
            raise RuntimeError("JdbcSink: no sink is called %s; valid: %s" % (table, valid))
        self._made.add(table)
        return _Insert(self._sinks[table], [_plain(n) for n in (insert[2] or "").split(",") if n])

    def _adding(self, add_sink):
        def added(stream, sink_func):
            if isinstance(sink_func, _Insert):
                return self._writer.write(stream, sink_func.sink, sink_func.names)
            return add_sink(stream, sink_func)

        return added


def _plain(name):
    return re.sub(r"[`\"\s]", "", name)


class _Insert:
    """In place of a sink."""

    def __init__(self, sink, names):
        columns = [name for name, _ in sink["columns"]]
        if names and sorted(names) != sorted(columns):
            told = (sink["target"], ", ".join(columns), ", ".join(names))
            raise RuntimeError("JdbcSink: columns of %s are %s, not %s" % told)
        self.sink = sink
        self.names = names


class _Anything:
    """Options that nobody reads, and their builder."""

    def __getattr__(self, name):
        return lambda *_, **__: self
