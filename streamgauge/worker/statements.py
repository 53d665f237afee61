"""A program that is a file of SQL, done as the SQL client does it."""

import importlib
from functools import partial

from pyflink.table import EnvironmentSettings, ResultKind
from pyflink.util.java_utils import is_instance_of

from .program import placed, register

_COMMANDS = "org.apache.flink.table.operations.command."


def run(file, statements, environments):
    """Each in order, in one session; what the run decides by itself is not set, and not reset."""
    session = _Session(environments)
    for statement in statements:
        # A trace has a frame of the file then: the place of what goes wrong.
        place = "\n" * (statement["line"] - 1) + "execute()"
        execute = partial(session.execute, statement)
        exec(compile(place, file, "exec"), {"execute": execute})  # noqa: S102
        if session.quit:
            break


class _Session:
    """That of one file: `quit` says that what follows is not to be done."""

    def __init__(self, environments):
        self._environments = environments
        self._t_env = environments.tables(EnvironmentSettings.in_streaming_mode())
        self._settings = self._t_env.get_config().get_configuration()
        self._begun = self._settings.to_dict()
        self.quit = False

    def execute(self, statement):
        """A statement, or what the client does itself."""
        if statement["function"]:
            _register(self._t_env, **statement["function"])
            return
        text = placed(statement)
        operations = self._t_env._j_tenv.getParser().parse(text)
        first = operations.get(0) if operations.size() else None
        for name, do in (
            ("SetOperation", self._set),
            ("ResetOperation", self._reset),
            ("QuitOperation", self._quit),
        ):
            if is_instance_of(first, _COMMANDS + name):
                do(first)
                return
        result = self._t_env.execute_sql(text)
        # Of all others the client says that they are done.
        if result.get_result_kind() == ResultKind.SUCCESS_WITH_CONTENT:
            result.print()

    def _set(self, operation):
        key, value = operation.getKey(), operation.getValue()
        if key.isPresent() and value.isPresent() and not self._environments.decides(key.get()):
            self._t_env.get_config().set(key.get(), value.get())

    def _reset(self, operation):
        """To what it was when the session began: one setting, or all."""
        key = operation.getKey()
        for name in [key.get()] if key.isPresent() else self._settings.key_set():
            if self._environments.decides(name):
                continue
            if name in self._begun:
                self._settings.set_string(name, self._begun[name])
            else:
                self._settings.remove_config(name)

    def _quit(self, _):
        self.quit = True


def _register(t_env, name, object, system):  # noqa: A002
    """What Flink would load by a Python of its own."""
    module, _, at = object.rpartition(".")
    function = getattr(importlib.import_module(module), at)
    # Of the system's a name is no path, which has quotes.
    register(t_env, name.strip("`") if system else name, function, system)
