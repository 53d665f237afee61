"""What goes with a job to a cluster of somebody's own, and which jobs cannot be there."""

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge import guest as module
from streamgauge import paths, versions
from streamgauge.cells import make_cell
from streamgauge.clusters.remote import NO_SAVEPOINTS
from streamgauge.discovery import load
from streamgauge.errors import JobError
from streamgauge.guest import Guest
from streamgauge.imports import needed
from streamgauge.lifecycle import once
from streamgauge.runtimes import jars
from streamgauge.scenario import Script
from streamgauge.services.endpoint import Endpoint

JOBS = Path(__file__).resolve().parents[2] / "jobs"
LINE = versions.line("1.20")
GONE = "sg_20240101_120000_00ff00_1"
MODULES = ["__future__", "collections", "json", "pandas", "pyflink", "re", "unicodedata"]
MODULES += ["dataclasses", "datetime", "functools", "typing"]
MISSING = "java.lang.ClassNotFoundException: org.apache.flink.table.runtime.operators.python"


def cell(name="word_count", dialect="process", binding="kafka", udf=None, mode="streaming"):
    return make_cell(load(JOBS / name), dialect, mode, binding, LINE, udf)


class World:
    """Cluster, REST interface, worker and runtime of a guest in one."""

    directory = "s3://savepoints"
    ships = False
    is_here = alive = True
    free = 2
    line = LINE
    python = "3.11.7"

    def __init__(self, folder):
        self.rest = self.environment = self.access = self
        self.flink = folder / "pyflink"
        (self.flink / "opt").mkdir(parents=True)
        (self.flink / "opt" / "flink-python-1.20.5.jar").touch()
        self.found = {"python": "3.11.2", "pyflink": "1.20.5", "modules": MODULES}
        self.missing, self.lost, self.ends = "", None, True
        self.asked = []

    def settings(self):
        return {"execution.target": "remote"}

    def slots(self):
        return self.free

    def answer(self, job):
        """What Python has, where the jar for it is there."""
        self.asked.append(job)
        if self.missing and "pipeline.jars" not in job.settings:
            raise JobError(self.missing)
        if self.lost:
            raise JobError(self.lost)
        return json.dumps(self.found)

    def build(self, job, *, look):
        self.built = job

    def execute(self):
        return "job"

    def wait_finished(self, job, seconds):
        """The job writes what it reads, where it sees the file."""
        if not self.ends:
            raise JobError("no such file")
        there = Path(self.built.tables[1].partition("file://")[2].partition("'")[0])
        there.mkdir()
        (there / "part-0").write_text((there.parent / "go" / "word.csv").read_text())

    def named(self):
        return {"1": f"{GONE} word_count", "2": f"{GONE}x", "3": "theirs", "4": ""}

    def cancel(self, job, seconds):
        self.asked.append(f"cancel {job}")


@pytest.fixture
def world(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_FREE_SECONDS", 0)
    return World(tmp_path)


@pytest.fixture
def guest(world, tmp_path):
    (tmp_path / "sg_1").mkdir()
    return Guest(world, world, world, tmp_path / "sg_1", nullcontext())


def refused(guest, cell, parallelism=1):
    return guest.refusal(cell, once(cell.form, parallelism=parallelism))


@pytest.mark.parametrize("dialect", ["sql", "table", "datastream", "process"])
def test_a_cell_that_can_be_there(guest, dialect):
    """Nothing is the matter."""
    assert refused(guest, cell(dialect=dialect)) is None


def test_connectors_go_with_the_job(guest):
    """Those of its binding, under a name of the run's, from where they were fetched."""
    told = guest.settings(cell(dialect="sql"), "sg_1")

    names = [Path(uri).name for uri in told["pipeline.jars"].split(";")]
    assert ["flink-connector-kafka-3.4.0-1.20.jar", "kafka-clients-3.4.0.jar"] == names
    assert told["pipeline.jars"].startswith(jars.folder().as_uri())
    assert "sg_1 word_count-sql-streaming-kafka-1.20" == told["pipeline.name"]


def test_nothing_goes_with_a_job_that_needs_nothing(guest):
    """Files are read by what every cluster has."""
    assert "pipeline.jars" not in guest.settings(cell(dialect="sql", binding="files"), "sg_1")


@pytest.mark.parametrize(("missing", "goes"), [("", False), (MISSING, True)])
def test_the_jar_for_python_goes_where_it_is_not(guest, world, missing, goes):
    """It is large, and many clusters have it."""
    world.missing = missing
    assert refused(guest, cell()) is None

    told = guest.settings(cell(), "sg_1")["pipeline.jars"]
    assert goes is ("flink-python" in told)
    assert "flink-python" not in guest.settings(cell(dialect="sql"), "sg_1")["pipeline.jars"]


def test_python_is_asked_for_once(guest, world):
    """Of all cells; those without Python do not ask."""
    refused(guest, cell(dialect="sql"))
    assert [] == world.asked
    refused(guest, cell())
    refused(guest, cell(dialect="datastream"))

    (job,) = world.asked
    assert "sg_1 probe" == job.settings["pipeline.name"]
    assert "3.11.2" == guest.python


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"python": "3.9.2"}, "the cluster's Python is 3.9.2, that of the line 1.20 is 3.11.7"),
        ({"pyflink": "1.19.3"}, "the cluster's PyFlink is 1.19.3, that of the line 1.20 is 1.20.5"),
        ({"modules": ["pyflink"]}, "the cluster's Python has no unicodedata"),
    ],
)
def test_another_python_is_told(guest, world, found, told):
    """A job would fail there, and not say why."""
    world.found.update(found)

    assert told == refused(guest, cell())


def test_a_package_that_is_not_there(guest, world):
    """What the scenario's functions import, the line's packages included."""
    world.found["modules"] = [name for name in MODULES if name != "pandas"]
    parse = cell("syslog_udf", "sql", udf="pandas")

    assert "the cluster's Python has no pandas" == refused(guest, parse)


def test_no_python_at_all(guest, world):
    """Why, in Flink's words; cells without it go on."""
    world.lost = 'java.io.IOException: Cannot run program "python"'

    assert f"the cluster runs no Python process: {world.lost}" == refused(guest, cell())
    assert refused(guest, cell(dialect="sql")) is None


def test_thread_mode_needs_the_jar_on_the_cluster(guest, world):
    """From a job's own class loader it would go once."""
    world.missing = MISSING

    told = refused(guest, cell("syslog_udf", "sql", udf="thread"))
    assert f"the cluster runs no Python thread: {MISSING}" == told


def test_slots_that_are_missing(guest):
    """Others may have taken them meanwhile."""
    told = refused(guest, cell(dialect="sql"), parallelism=3)

    assert "parallelism 3 needs more than the 2 free slots of the cluster" == told


def test_no_directory_for_savepoints(guest, world):
    """What ends by itself needs none."""
    world.directory = ""

    assert refused(guest, cell(dialect="sql")) == NO_SAVEPOINTS
    assert refused(guest, cell(dialect="sql", mode="batch")) is None


@pytest.mark.parametrize(("ends", "binding", "is_there"), [
    (True, "files", True), (False, "files", False), (False, "kafka", True),
])  # fmt: skip
def test_files_have_to_be_seen(guest, world, ends, binding, is_there):
    """Where both ends see them, by the same paths."""
    world.ends = ends

    told = refused(guest, cell(dialect="sql", binding=binding))
    seen = "the cluster does not see this machine's files, which this binding is made of"
    assert told == (None if is_there else seen)


@pytest.mark.parametrize(
    ("host", "here", "told"),
    [
        ("127.0.0.1", True, None),
        (
            "127.0.0.1",
            False,
            "the cluster is on other machines, and kafka listens on loopback of this one",
        ),
        ("broker", False, None),
    ],
)
def test_services_on_loopback_are_for_this_machine(guest, world, host, here, told):
    """Jobs elsewhere would wait for them."""
    world.is_here = here

    assert told == guest.unreached({"kafka": Endpoint(host, 9092, "ours", "secret")})


def test_what_a_dialect_imports():
    """Its helpers' imports too, but not what other dialects need."""
    assert {"pyflink", "unicodedata"} == needed(cell())
    assert set() == needed(cell(dialect="sql"))
    assert "pandas" in needed(cell("syslog_udf", "sql", udf="process"))
    assert "datetime" in needed(cell("syslog_udf", "process"))


def test_what_a_program_imports_beside_it_is_its_own(tmp_path):
    """By its name alone, as a script finds it."""
    (tmp_path / "etl.py").write_text("import helper\nfrom helper import sums\nimport json")
    (tmp_path / "helper.py").write_text("import numpy")
    program = replace(load(JOBS / "word_count"), job=Script("etl.py"), folder=tmp_path)
    shipped = replace(program, job=Script("pyflink:table/word_count.py"))

    assert {"json", "numpy"} == needed(make_cell(program, "job", "batch", "files", LINE))
    assert set() == needed(make_cell(shipped, "job", "batch", "files", LINE))


def test_what_a_killed_run_left_is_cancelled(guest, world, tmp_path, monkeypatch):
    """Nothing else is: others' runs may be of the same name, and a folder elsewhere."""
    monkeypatch.chdir(tmp_path)
    guest.sweep()
    assert [] == world.asked
    (paths.state() / "runs" / "20240101-120000-00ff00").mkdir(parents=True)

    guest.sweep()
    assert ["cancel 1"] == world.asked


def test_the_line_s_own_python_goes_with_jobs_that_have_any(guest, world, tmp_path, monkeypatch):
    """It is asked for what it has as the cluster's is."""
    world.ships = True
    monkeypatch.setattr(module.packed, "archive", lambda _: tmp_path / "1.20-3.11.zip")
    assert refused(guest, cell()) is None

    archive, python = f"{tmp_path}/1.20-3.11.zip#1.20-3.11", "1.20-3.11/bin/python"
    for told in (world.asked[0].settings, guest.settings(cell(), "sg_1")):
        assert (archive, python) == (told["python.archives"], told["python.executable"])
    assert "python.archives" not in guest.settings(cell(dialect="sql"), "sg_1")


def test_a_cluster_that_is_gone_is_not_one_without_python(guest, world):
    """What breaks is unknown, and the next cell asks again."""
    world.lost, world.alive = "java.net.ConnectException: refused", False

    with pytest.raises(JobError, match="refused"):
        refused(guest, cell())
    world.lost = None
    assert refused(guest, cell()) is None
