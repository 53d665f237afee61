"""Table and stream environments that a program gets, and its tables attached to the run's."""

from pyflink.common import Configuration
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway
from pyflink.table import EnvironmentSettings, StreamTableEnvironment
from pyflink.util.java_utils import get_j_env_configuration

from .planned import count_from_one


def attach(j_env, name, options):
    """Give a table that is there the options of its connector; whether it is there."""
    manager = j_env.getCatalogManager()
    # Else it is the path of a table, which a path of files is not.
    is_name = "`" not in name and ("." not in name or "/" in name)
    quoted = "`%s`" % name if is_name else name
    path = manager.qualifyIdentifier(j_env.getParser().parseIdentifier(quoted))
    found = manager.getTable(path)
    if not found.isPresent():
        return False
    table = found.get().getTable()
    told = get_gateway().jvm.java.util.HashMap()
    for key, value in options.items():
        told.put(key, value)
    if found.get().isTemporary():
        manager.dropTemporaryTable(path, False)
        manager.createTemporaryTable(table.copy(told), path, False)
    else:
        manager.alterTable(table.copy(told), path, False)
    return True


class Configured:
    """Environments that go by a job's settings, over those that the program begins with."""

    def __init__(self, settings, mode):
        self._settings = settings
        self._mode = mode

    def decides(self, key):
        """Whether the run has a setting of its own for it."""
        return key == "execution.runtime-mode" or key in self._settings

    def streams(self, configuration=None):
        """In place of `get_execution_environment`, which would start a cluster of its own."""
        merged = Configuration()
        if configuration is not None:
            merged.add_all(configuration)
        for key, value in {**self._settings, "execution.runtime-mode": self._mode}.items():
            merged.set_string(key, value)
        java = get_gateway().jvm.org.apache.flink.streaming.api.environment
        return StreamExecutionEnvironment(java.StreamExecutionEnvironment(merged._j_configuration))

    def tables(self, environment_settings):
        """In place of `TableEnvironment.create`."""
        return self.stream_tables(None, environment_settings)

    def stream_tables(self, stream_execution_environment=None, environment_settings=None):
        """In place of `StreamTableEnvironment.create`."""
        own = environment_settings
        if isinstance(own, EnvironmentSettings):
            own = own.get_configuration()
        env = stream_execution_environment or self.streams(own)
        merged = Configuration() if own is None else Configuration(own)
        j_env = env._j_stream_execution_environment
        merged.add_all(Configuration(j_configuration=get_j_env_configuration(j_env)))
        chosen = EnvironmentSettings.new_instance()
        chosen = chosen.in_batch_mode() if self._mode == "batch" else chosen.in_streaming_mode()
        t_env = _create(env, chosen.with_configuration(merged).build())
        # Else what is restored does not know its operators' state again.
        count_from_one(t_env)
        return t_env


# As it was before anything stands in its place.
_create = StreamTableEnvironment.create
