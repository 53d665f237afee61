"""What is installed from a wheel works in a project that has nothing but a scenario."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from streamgauge import versions
from tests.unit.test_readme import FILES

CHECKOUT = Path(__file__).resolve().parents[1]
CONFORMANCE = """
from streamgauge.testing import assert_matches

def test_matches_oracle(scenario, dialect, mode, binding, flink):
    inputs = scenario.sample(seed=flink.seed)
    outcome = flink.run(scenario, dialect, mode, binding, inputs)
    assert_matches(scenario.expected(inputs, mode), outcome)
"""
TYPED = """
from streamgauge.draws import draws
from streamgauge.testing import Flink, assert_matches

numbers: list[list[int]] = draws(0, 1, 0, 5)
reveal_type(Flink.run)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment that has the wheel and what the lock names, and no checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=CHECKOUT, check=True)
    (wheel,) = folder.glob("*.whl")
    made, uv = folder / "venv", find_uv_bin()
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, made], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", made / "bin" / "python"]
    lock = CHECKOUT / "jars" / "locks" / "dev.txt"
    subprocess.run([*install, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*install, "--no-deps", wheel], check=True)
    return made


@pytest.fixture
def call(environment, tmp_path):
    """Runs a program of the environment in the project: exit code and output."""

    def call(program, *arguments):
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [environment / "bin" / program, *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=300
        )
        return done.returncode, done.stdout + done.stderr

    return call


@pytest.fixture
def project(tmp_path):
    """A folder with a scenario, and the generator that it imports."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "jobs" / "word_count", tmp_path / "jobs" / "word_count")
    shutil.copytree(CHECKOUT / "generators", tmp_path / "generators", ignore=ignored)
    (tmp_path / "test_conformance.py").write_text(CONFORMANCE)
    return tmp_path


def test_an_empty_folder_is_told(call, tmp_path):
    """There are no scenarios of ours in the wheel; nothing is made."""
    code, output = call("streamgauge", "run")

    assert 2 == code
    assert output.startswith(f"streamgauge: {tmp_path / 'jobs'}: no scenarios here; make a")
    assert [] == list(tmp_path.iterdir())


def test_other_tests_are_left_alone(call, tmp_path):
    """A test-suite that knows nothing of Flink runs as ever."""
    (tmp_path / "test_own.py").write_text("def test_own(): pass")
    code, output = call("pytest", "-q")

    assert (0, "1 passed") == (code, output.splitlines()[-1].partition(" in")[0])


def test_what_the_readme_imports_is_there_and_typed(call, tmp_path):
    """Random draws for generators, and what tests need."""
    (tmp_path / "typed.py").write_text(TYPED)
    code, output = call("mypy", "--strict", "typed.py")

    assert 0 == code, output
    assert "lifecycle" in output


def test_the_scenario_is_listed(call, project):
    """With its verdicts, which came along."""
    code, output = call("streamgauge", "list")

    assert 0 == code, output
    assert "word_count" in output
    assert "pass 20" in output


@pytest.fixture
def line(request):
    """The options of the line that this session is of."""
    return request.config.getoption("--streamgauge-flink") or [versions.default_line()]


def test_its_tests_pass(call, project, line):
    """The conformance test of the README; `list` and all else work as in a checkout."""
    flinks = [f"--streamgauge-flink={name}" for name in line]
    code, output = call("pytest", "-q", *flinks, "-k", "files and batch and (sql or process)")

    assert 0 == code, output
    assert f"{2 * len(line)} passed" in output


def test_the_repository_of_the_readme_runs(call, tmp_path, line):
    """What "In your own repository" shows, file by file."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    code, output = call("streamgauge", "run", *[f"--flink={name}" for name in line])

    assert 0 == code, output
    assert f"{6 * len(line)} pass, {18 * len(line)} absent" in output


def test_a_new_scenario_runs(call, tmp_path, line):
    """Of somebody's file, in an empty folder."""
    (tmp_path / "report.csv").write_text('id,name,price\n1,"",2.50\n2,,-10.05\n')
    code, output = call("streamgauge", "new", "mine", "--from", "report.csv")
    assert 0 == code, output
    flinks = [f"--flink={name}" for name in line]
    code, output = call("streamgauge", "run", "mine", "--binding=files", *flinks)

    assert 0 == code, output
    assert f"{2 * len(line)} pass" in output


def test_it_runs(call, project, environment, line):
    """From the command line; records and logs are in the project, nothing in the environment."""
    before = set(environment.rglob("*"))
    flinks = [f"--flink={name}" for name in line]
    code, output = call("streamgauge", "run", "--dialect=sql", "--mode=batch", *flinks, "--note")
    grown = {path for path in set(environment.rglob("*")) - before if path.suffix != ".pyc"}

    assert 0 == code, output
    assert "  flink,3\n  pyflink,2" in output
    assert set() == {path for path in grown if path.name != "__pycache__"}
    assert {"records", "runs"} <= {path.name for path in (project / ".streamgauge").iterdir()}
