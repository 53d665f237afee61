"""`check` against the Flink lines themselves: their packages and jars; nothing is started."""

import ast
import json
import subprocess
import textwrap
from pathlib import Path

import pytest

from streamgauge import versions
from streamgauge.check import files, findings, index, knowing

CHECKOUT = Path(__file__).resolve().parents[1]
# What 2.x dropped, each by a line of a job that ran on 1.20.
JOB = '''
from pyflink.common import Configuration, RestartStrategies
from pyflink.common.serialization import SimpleStringSchema
from pyflink.datastream import StreamExecutionEnvironment as Env, TimeCharacteristic
from pyflink.datastream.connectors.kafka import FlinkKafkaConsumer
from pyflink.table import EnvironmentSettings, StreamTableEnvironment, TableDescriptor

settings = Configuration()
settings.set_string("execution.checkpointing.force", "true")


def environment():
    env = Env.get_execution_environment(settings)
    env.set_restart_strategy(RestartStrategies.no_restart())
    return env


class Job:
    def __init__(self):
        self.env = environment()

    def run(self):
        self.env.enable_checkpointing(100).set_parallelism(1).set_state_backend(None)
        self.env.add_source(FlinkKafkaConsumer("a", SimpleStringSchema(), {}))


tables = StreamTableEnvironment.create(environment_settings=EnvironmentSettings.in_batch_mode())
tables.register_function("f", None)
tables.execute_sql("""
    CREATE TABLE orders (id INT) WITH (
      'connector' = 'mysql-cdc',
      'hostname' = 'db'
    )""")
tables.sql_query("SELECT f(id), COUNT(*) FROM orders").execute().print()
'''
GONE = {
    4: "TimeCharacteristic",
    9: "setting 'execution.checkpointing.force'",
    14: "StreamExecutionEnvironment.set_restart_strategy",
    23: "StreamExecutionEnvironment.set_state_backend",
    24: "FlinkKafkaConsumer",
    28: "StreamTableEnvironment.register_function",
    31: "connector 'mysql-cdc'",
}


@pytest.fixture(scope="module")
def lines():
    """1.20 and 2.3, installed where they are not, and all that are."""
    apis = index.Apis([versions.line("1.20"), versions.line("2.3")])
    return apis, index.Javas(apis)


def told(path, flink, lines):
    """All that is told of a file on a line."""
    apis, javas = lines
    source = files.read(path)
    looked = [knowing.of_sql(source, flink, javas, knowing.registered(source))]
    if source.tree:
        looked.append(findings.of_python(source.path, source.tree, flink, apis, javas))
    return findings.together(looked).findings


def test_what_2_dropped_is_found_by_itself(lines, tmp_path):
    (tmp_path / "job.py").write_text(JOB)
    gone = [
        finding for finding in told(tmp_path / "job.py", "2.3", lines) if finding.state == "gone"
    ]

    assert GONE == {finding.line: finding.name for finding in gone}
    assert [] == [f for f in told(tmp_path / "job.py", "1.20", lines) if f.state != "deprecated"]


@pytest.mark.parametrize(
    ("call", "instead"),
    [
        ("env.set_state_backend(None)", "stream_execution_environment.configure"),
        ("env.get_checkpoint_config().set_checkpoint_storage_dir('')", "configure"),
        ("FlinkKafkaConsumer('a', None, {})", "KafkaSource"),
    ],
)
def test_what_to_use_instead_is_told(lines, tmp_path, call, instead):
    text = f"""
        from pyflink.datastream import StreamExecutionEnvironment
        from pyflink.datastream.connectors.kafka import FlinkKafkaConsumer
        env = StreamExecutionEnvironment.get_execution_environment()
        {call}
    """
    (tmp_path / "job.py").write_text(textwrap.dedent(text))
    (finding,) = told(tmp_path / "job.py", "2.3", lines)

    assert "gone" == finding.state
    assert instead in finding.instead


# What Python itself finds, in the line's own interpreter.
DIR = """
import importlib, inspect, json, sys, warnings
warnings.simplefilter("ignore")
found = {}
for name in sys.argv[1:]:
    for cls in vars(importlib.import_module(name)).values():
        if inspect.isclass(cls) and cls.__module__.startswith("pyflink."):
            found[cls.__module__ + "." + cls.__qualname__] = dir(cls)
print(json.dumps(found))
"""
MODULES = [
    f"pyflink.{name}"
    for name in (
        "common",
        "common.typeinfo",
        "common.serialization",
        "datastream",
        "datastream.connectors.kafka",
        "datastream.connectors.file_system",
        "datastream.connectors.jdbc",
        "datastream.functions",
        "datastream.state",
        "datastream.window",
        "datastream.formats.csv",
        "table",
        "table.catalog",
        "table.expressions",
        "table.types",
        "table.udf",
        "table.window",
    )
]


@pytest.fixture(scope="module")
def pythons(lines):
    """Of 1.20 and 2.3 each class that these modules offer, with its public attributes."""
    apis, _ = lines
    found = {}
    for flink in ("1.20", "2.3"):
        command = [str(apis.runtimes[flink].python), "-c", DIR, *MODULES]
        classes = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        found[flink] = {
            cls: {name for name in names if not name.startswith("_")}
            for cls, names in classes.items()
        }
    return found


@pytest.mark.parametrize("flink", ["1.20", "2.3"])
def test_what_is_read_is_what_python_has(lines, pythons, flink):
    """Nothing is lacked that is there; no method is there that is not, of all that either has."""
    api = lines[0][flink]
    names = {name for classes in pythons.values() for names in classes.values() for name in names}
    there = {(cls, name) for cls, names in pythons[flink].items() for name in names}
    methods = {
        (cls, name)
        for cls in pythons[flink]
        for name in names
        if (full := api.attribute(cls, name)) and api[full].kind == "function"
    }

    assert len(there) > 2000
    assert len(methods) > 1500
    assert set() == {(cls, name) for cls, name in there if api.lacks(cls, name)}
    assert set() == methods - there


def test_every_method_that_2_lost_is_told(lines, pythons):
    """Of every class that is on both: where it is used of an instance."""
    apis, javas = lines
    lost = [
        (cls, name)
        for cls in pythons["1.20"].keys() & pythons["2.3"].keys()
        for name in pythons["1.20"][cls] - pythons["2.3"][cls]
    ]
    assert len(lost) > 50
    for cls, name in lost:
        module, _, short = cls.rpartition(".")
        text = f"from {module} import {short}\ndef f(it: {short}): it.{name}()"
        found = findings.of_python("a.py", ast.parse(text), "2.3", apis, javas).findings
        assert ["gone"] == [finding.state for finding in found], (cls, name)


def test_our_own_jobs_are_all_there(lines):
    """On every line that is here: 1.20 and 2.3 are."""
    apis, _ = lines
    paths = files.found([CHECKOUT / "jobs"])

    assert [] == [finding for line in apis for path in paths for finding in told(path, line, lines)]


@pytest.mark.parametrize("flink", ["1.20", "2.3"])
def test_a_lines_own_examples_are_all_there(lines, flink):
    """No false alarm where the line itself says how it is used."""
    apis, _ = lines
    paths = files.found([apis.runtimes[flink].flink / "examples"])
    found = [finding for path in paths for finding in told(path, flink, lines)]

    assert len(paths) > 25
    assert set() == {f.name for f in found if f.state in findings.FAILING}


def test_the_command_tells_by_exit_code_and_json(cli, tmp_path):
    job, told = tmp_path / "job.py", tmp_path / "told.json"
    job.write_text(JOB)
    code, output = cli.run("check", str(job), "--flink", "2.3", "--json", str(told))

    assert 1 == code
    assert "gone in 2.3: StreamExecutionEnvironment.set_state_backend (last in 1.20)" in output
    assert set(GONE) <= {finding["line"] for finding in json.loads(told.read_text())["findings"]}

    code, output = cli.run("check", "jobs", "--flink", "2.3")
    assert (0, True) == (code, "Flink 2.3: all there; " in output)
