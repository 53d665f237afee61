"""A program in our worker is what it is under `flink run -py`, run by hand in its folder."""

import json
import re
import subprocess
from contextlib import ExitStack
from dataclasses import replace

import pytest

from streamgauge import show
from streamgauge.bindings import Place
from streamgauge.cells import make_cell
from streamgauge.runtimes import home as homes
from streamgauge.scenario import Script
from streamgauge.testing import assert_matches
from streamgauge.values.inputs import Inputs
from tests.test_job import SCORED
from tests.test_show import look

# It writes down how it finds itself, what the environment says, and when it has gone on.
PROGRAM = """
import json
import re
import os
import sys

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment

from counting import counts

SETTINGS = "parallelism.default", "execution.runtime-mode", "pipeline.object-reuse"


def main():
    told = {
        "name": __name__,
        "file": __file__,
        "main": sys.modules["__main__"].main is main,
        "argv": sys.argv,
        "first on the path": sys.path[0],
        "folder": os.getcwd(),
        "PLAYERS": os.environ.get("PLAYERS"),
    }
    env = StreamExecutionEnvironment.get_execution_environment()
    told["parallelism"] = env.get_parallelism()
    t_env = StreamTableEnvironment.create(env)
    told["settings"] = {name: t_env.get_config().get(name, None) for name in SETTINGS}
    for name, column, path in ("theirs", "n", sys.argv[1]), ("sums", "total", sys.argv[2]):
        t_env.execute_sql(
            f"CREATE TABLE {name} (player STRING, {column} BIGINT) WITH ("
            f"'connector' = 'filesystem', 'format' = 'csv', 'path' = '{path}')"
        )
    rows = t_env.to_data_stream(t_env.from_path("theirs")).filter(counts)
    points = rows.map(lambda row: (row[0], row[1]), Types.TUPLE([Types.STRING(), Types.LONG()]))
    sums = points.key_by(lambda row: row[0]).reduce(lambda a, b: (a[0], a[1] + b[1]))
    made = t_env.from_data_stream(sums).alias("player", "total")
    statements = t_env.create_statement_set()
    statements.add_insert("sums", made)
    result = statements.execute()
    result.wait()
    with open(sys.argv[3], "w") as file:
        json.dump(told, file)


if __name__ == "__main__":
    main()
"""
NUMBER = re.compile(r"(?<=anonymous_datastream_source\$)\d+")
SHOWN = "description", "parallelism", "inputs"


@pytest.fixture
def program(tmp_path):
    """A scenario of it: where its tables lie it is told by arguments."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "sums.py").write_text(PROGRAM)
    (folder / "counting.py").write_text("def counts(row):\n    return row[1] >= 1\n")
    told = ("{path:points}", "{path:scores}", str(tmp_path / "told.json"))
    return replace(SCORED, job=Script("sums.py", told, {"PLAYERS": "all"}), folder=folder)


@pytest.mark.every_example
def test_it_is_what_it_is_under_flink_run(flink, program, tmp_path):
    """The same words, folder, path and settings, the same job, the same answer."""
    inputs = Inputs.of(program.sample(flink.seed))
    rest = flink.harness.engine(flink.line).cluster.rest

    assert_matches(
        program.expected(inputs, "batch"),
        flink.run(program, "job", "batch", "files", inputs),
    )
    ours = json.loads((tmp_path / "told.json").read_text()), _plan(rest)
    (tmp_path / "told.json").unlink()
    answer = _by_hand(flink, program, inputs, tmp_path)
    theirs = json.loads((tmp_path / "told.json").read_text()), _plan(rest)

    assert "equal" == str(answer)
    assert "__main__" == theirs[0]["name"]
    assert [str(program.folder / "sums.py")] == theirs[0]["argv"][:1]
    for told, _ in (ours, theirs):
        # Where its tables lie is a run's own.
        del told["argv"][1:3]
    assert theirs == ours


def _by_hand(flink, program, inputs, tmp_path):
    """Its answer to `flink run -py`, to the end, with the settings that the cell has."""
    harness = flink.harness
    cell = make_cell(program, "job", "batch", "files", flink.line)
    place = Place(harness.unique_name(), "batch", tmp_path, harness.services(()))
    attached = cell.kind.attach(place, program.sources, program.sinks)
    with ExitStack() as stack:
        stack.callback(attached.drop)
        attached.create()
        attached.feed(inputs.entries)
        _run(harness.engine(flink.line).cluster, show.made(cell, place), program.folder)
        return look(attached, program, program.expected(inputs, "batch"))


def _run(cluster, job, folder):
    environment = cluster.environment
    env = {
        **homes.variables(environment, cluster.home),
        "FLINK_ENV_JAVA_OPTS": " ".join(homes.java_options(environment)),
        "FLINK_LOG_DIR": str(cluster.home),
        **job.script["environment"],
    }
    settings = {**job.settings, **cluster.settings(), "execution.runtime-mode": "batch"}
    settings["execution.attached"] = "true"
    told = [f"-D{key}={value}" for key, value in settings.items()]
    flink = environment.flink / "bin" / "flink"
    # What lies beside it goes to Flink's workers with -pyfs alone; in our worker it always does.
    command = [flink, "run", *told, "-pyfs", folder, "-py", job.script["file"]]
    done = subprocess.run(
        [*command, *job.script["arguments"]],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert 0 == done.returncode, done.stdout + done.stderr


def _plan(rest):
    """The operators of the job that came last, as Flink's web page has them.

    But for the numbers of streams without a name, which count on in a worker that had jobs before.
    """
    jobs = rest.get("/jobs/overview")["jobs"]
    last = max(jobs, key=lambda job: job["start-time"])
    nodes = rest.get(f"/jobs/{last['jid']}/plan")["plan"]["nodes"]
    nodes = json.loads(NUMBER.sub("", json.dumps(nodes)))
    return [{key: node.get(key) for key in SHOWN} for node in nodes]
