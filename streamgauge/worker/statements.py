"""A program that is a file of SQL, done as the SQL client does it."""

import importlib
from functools import partial

from pyflink.table import EnvironmentSettings
from pyflink.util.java_utils import is_instance_of

from .program import placed

_SET = "org.apache.flink.table.operations.command.SetOperation"
_RESET = "org.apache.flink.table.operations.command.ResetOperation"


def run(file, statements, environments):
    """Each in order, in one session; what the run decides by itself is not set."""
    t_env = environments.tables(EnvironmentSettings.in_streaming_mode())
    for statement in statements:
        # A trace has a frame of the file then: the place of what goes wrong.
        place = "\n" * (statement["line"] - 1) + "execute()"
        execute = partial(_execute, t_env, statement, environments)
        exec(compile(place, file, "exec"), {"execute": execute})  # noqa: S102


def _execute(t_env, statement, environments):
    if statement["function"]:
        _register(t_env, **statement["function"])
        return
    text = placed(statement)
    operations = t_env._j_tenv.getParser().parse(text)
    first = operations.get(0) if operations.size() else None
    if is_instance_of(first, _SET):
        _set(t_env, first, environments)
    elif is_instance_of(first, _RESET):
        raise RuntimeError("RESET: what the run sets stays")
    else:
        t_env.execute_sql(text).print()


def _register(t_env, name, object, system):  # noqa: A002
    """What Flink would load by a Python of its own."""
    module, _, at = object.rpartition(".")
    function = getattr(importlib.import_module(module), at)
    if system:
        t_env.create_temporary_system_function(name.strip("`"), function)
    else:
        t_env.create_temporary_function(name, function)


def _set(t_env, operation, environments):
    key, value = operation.getKey(), operation.getValue()
    if key.isPresent() and value.isPresent() and not environments.decides(key.get()):
        t_env.get_config().set(key.get(), value.get())
