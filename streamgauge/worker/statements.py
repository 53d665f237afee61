"""A program that is a file of SQL, done as the SQL client does it."""

from pyflink.table import EnvironmentSettings
from pyflink.util.java_utils import is_instance_of

from .program import placed

_SET = "org.apache.flink.table.operations.command.SetOperation"
_RESET = "org.apache.flink.table.operations.command.ResetOperation"


def run(statements, environments):
    """Each in order, in one session; what the run decides by itself is not set."""
    t_env = environments.tables(EnvironmentSettings.in_streaming_mode())
    for statement in statements:
        text = placed(statement)
        operations = t_env._j_tenv.getParser().parse(text)
        first = operations.get(0) if operations.size() else None
        if is_instance_of(first, _SET):
            _set(t_env, first, environments)
        elif is_instance_of(first, _RESET):
            raise RuntimeError("RESET at line %d: what the run sets stays" % statement["line"])
        else:
            t_env.execute_sql(text).print()


def _set(t_env, operation, environments):
    key, value = operation.getKey(), operation.getValue()
    if key.isPresent() and value.isPresent() and not environments.decides(key.get()):
        t_env.get_config().set(key.get(), value.get())
