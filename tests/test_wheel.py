"""What is installed from a wheel works in a project that has nothing but a scenario."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from streamgauge import versions
from tests.unit.test_importing import PUBLIC
from tests.unit.test_readme import FILES

CHECKOUT = Path(__file__).resolve().parents[1]
CONFORMANCE = """
from streamgauge.testing import assert_matches

def test_matches_oracle(scenario, dialect, mode, binding, flink):
    inputs = scenario.sample(seed=flink.seed)
    outcome = flink.run(scenario, dialect, mode, binding, inputs)
    assert_matches(scenario.expected(inputs, mode), outcome)
"""
EVERY = [(module, name) for module, names in PUBLIC.items() for name in names]
# All that a user may import, and what this README's test makes of it.
TYPED = "\n".join(
    [
        *(f"from {module} import {name} as _{n}" for n, (module, name) in enumerate(EVERY)),
        FILES["test_totals.py"],
        "from streamgauge.draws import draws",
        "numbers: list[list[int]] = draws(0, 1, 0, 5)",
        "reveal_type(Flink.run)",
        "",
    ]
)


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


@pytest.fixture
def repository(tmp_path):
    """What the README shows, and another root, whose modules have the same names."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    theirs = tmp_path / "theirs" / "totals"
    shutil.copytree(tmp_path / "jobs" / "order_totals", theirs)
    for name, was, now in (
        ("scenario.py", 'id="order_totals"', 'id="totals"'),
        ("oracle.py", "+= cents", "+= 2 * cents"),
        ("query.sql", "SUM(cents)", "SUM(2 * cents)"),
    ):
        text = (theirs / name).read_text()
        assert was in text
        (theirs / name).write_text(text.replace(was, now))
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


def test_the_repository_of_the_readme_runs(call, repository, line):
    """What "In your own repository" shows, file by file."""
    code, output = call("streamgauge", "run", "--quick", *[f"--flink={name}" for name in line])

    assert 0 == code, output
    assert f"{6 * len(line)} pass, {18 * len(line)} absent" in output


@pytest.mark.every_wheel
def test_several_roots_run_side_by_side(call, repository, line):
    """From the command line."""
    flinks = [f"--flink={name}" for name in line]
    code, output = call("streamgauge", "run", "jobs", "theirs", "--mode=batch", *flinks)

    assert 0 == code, output
    assert f"{4 * len(line)} pass" in output


@pytest.mark.every_wheel
def test_tests_have_several_roots_and_rows_of_their_own(call, repository, line):
    """All of the README's, over both roots."""
    flinks = [f"--streamgauge-flink={name}" for name in line]
    roots = "--streamgauge-jobs=jobs", "--streamgauge-jobs=theirs"
    code, output = call("pytest", "-q", *flinks, *roots, "-k", "batch or twice")

    assert 0 == code, output
    assert f"{5 * len(line)} passed" in output


@pytest.mark.every_wheel
def test_an_upgrade_is_told(call, tmp_path):
    """Of a scenario that was made by `new`, on two lines."""
    call("streamgauge", "new", "mine")
    older, newer = versions.default_line(), [*versions.lines()][-1]
    code, output = call("streamgauge", "upgrade", f"--from={older}", f"--to={newer}")

    assert 0 == code, output
    assert "mine-sql-streaming-kafka" in output
    assert "1 restored" in output


@pytest.mark.every_wheel
def test_two_ways_are_compared(call, repository, line):
    """With a number, or why there is none on this machine."""
    asked = "--modes=batch,streaming", "--rows=2000", "--rounds=24", "--minutes=0.5"
    code, output = call("streamgauge", "compare", "order_totals", *asked, f"--lines={line[0]}")

    assert ("no number: " in output) == bool(code), output
    assert code in (0, 1), output
    assert "order_totals-sql-batch-files" in output


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
    assert f"{3 * len(line)} pass" in output
    assert set() == {path for path in grown if path.name != "__pycache__"}
    assert {"records", "runs"} <= {path.name for path in (project / ".streamgauge").iterdir()}
