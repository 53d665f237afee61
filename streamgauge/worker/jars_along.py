"""Jars that a program wants along, looked for before Flink would miss them."""

import re
from pathlib import Path
from urllib.parse import unquote

from pyflink.common import Configuration
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import TableConfig

_KEY = "pipeline.jars"
# Of a list as Flink writes it: with semicolons, or in brackets.
_FILE = re.compile(r"file:/*(/[^;,'\"\[\]]+)")


def instead():
    """(class, name, what stands in its place), of what may name them."""
    for kind, name in ((TableConfig, "set"), (Configuration, "set_string")):
        yield kind, name, _setting(getattr(kind, name))
    yield StreamExecutionEnvironment, "add_jars", _adding(StreamExecutionEnvironment.add_jars)


def _setting(put):
    def checked(own, key, value):
        if key == _KEY:
            _check(value)
        return put(own, key, value)

    return checked


def _adding(add):
    def checked(env, *jars_path):
        _check(";".join(jars_path))
        return add(env, *jars_path)

    return checked


def _check(jars):
    """An error for those that are no files here, from where they would go along."""
    files = (unquote(path.strip()) for path in _FILE.findall(jars))
    if missing := [path for path in files if not Path(path).is_file()]:
        raise RuntimeError("%s: there is no %s" % (_KEY, ", ".join(missing)))
