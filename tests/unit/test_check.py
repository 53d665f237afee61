"""`check`: which files it reads, what it says of them, and its exit code."""

import json

import pytest
import typer

from streamgauge import paths, versions
from streamgauge.check import api, files, index, sources
from streamgauge.check.api import Symbol
from streamgauge.check.java import Java
from streamgauge.cli import check
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.report import check as shown
from streamgauge.runtimes.environment import Environment

OLD = "import pyflink\npyflink.gone\npyflink.going\n"


JAVA = Java(*(frozenset(),) * 3, {})


@pytest.fixture
def lines(monkeypatch):
    """Two lines: `gone` is gone on the newer one, `going` deprecated."""
    going = Symbol("function", parameters=(), deprecated="Deprecated in 2. Use coming.")
    baseline = {"pyflink": Symbol("module"), "pyflink.gone": Symbol("value")}
    candidate = {"pyflink": Symbol("module"), "pyflink.going": going}
    apis = {"1.20": api.Api(baseline | {"pyflink.going": going}), "2.3": api.Api(candidate)}
    monkeypatch.setattr(index, "Apis", lambda _: apis)
    monkeypatch.setattr(index, "Javas", lambda _: dict.fromkeys(apis, JAVA))


@pytest.fixture
def run(lines, capsys):
    """Runs `check`: exit code and output."""

    def run(*given, **options):
        with pytest.raises(typer.Exit) as ended:
            check.check(list(given), **options)
        return ended.value.exit_code, capsys.readouterr()

    return run


@pytest.fixture
def job(tmp_path):
    """A file with something that is gone and something that is deprecated."""
    path = tmp_path / "job.py"
    path.write_text(OLD)
    return path


def test_what_is_gone_fails(run, job):
    code, output = run(job, flink=["2.3"], json_file=None)

    assert 1 == code
    assert [
        str(job),
        "    2  gone in 2.3: pyflink.gone (last in 1.20)",
        "    3  deprecated in 2.3: pyflink.going",
        "         Use coming.",
        "Flink 2.3: 1 deprecated, 1 gone; 1 file, 2 names",
    ] == [line for line in output.out.splitlines() if line]


def test_what_is_deprecated_passes(run, job):
    assert 0 == run(job, flink=["1.20"], json_file=None)[0]


def test_lines_that_agree_are_told_once(run, job):
    _, output = run(job, flink=["1.20", "2.3"], json_file=None)

    assert 1 == output.out.count("pyflink.going")
    assert "deprecated in 1.20, 2.3: pyflink.going" in output.out


def test_json_has_it_all(run, job, tmp_path):
    run(job, flink=["2.3"], json_file=tmp_path / "told.json")
    told = json.loads((tmp_path / "told.json").read_text())

    assert [(2, "gone"), (3, "deprecated")] == [(f["line"], f["state"]) for f in told["findings"]]
    assert ["2.3"] == [line["flink"] for line in told["lines"]]


@pytest.mark.parametrize(
    "text", ["print 'x'\n", "a = 'x\n", "\0", "# coding: nothing\n", "a = \xff"]
)
def test_what_is_no_python_is_one_line_and_fails(run, tmp_path, job, text):
    (tmp_path / "bad.py").write_bytes(text.encode("latin-1"))
    job.write_text("import pyflink\n")
    code, output = run(tmp_path, flink=["2.3"], json_file=None)

    assert 1 == code
    assert 1 == output.err.count("\n")
    assert "bad.py" in output.err
    assert "not Python" in output.err
    assert "1 file, " in output.out


def test_a_folder_is_read_but_for_what_is_not_ones_own(tmp_path):
    for name in (
        "a.py",
        "b.txt",
        "deep/er/c.py",
        ".hidden/d.py",
        "__pycache__/e.py",
        "env/f.py",
        "g.sql",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "env" / "pyvenv.cfg").touch()

    expected = [tmp_path / name for name in ("a.py", "g.sql", "deep/er/c.py")]
    assert expected == files.found([tmp_path, tmp_path / "a.py"])


@pytest.mark.parametrize("name", ["nothing.py", "text.txt", "empty"])
def test_what_there_is_not_to_check_is_told(tmp_path, name):
    (tmp_path / "text.txt").touch()
    (tmp_path / "empty").mkdir()

    with pytest.raises(UsageError):
        files.found([tmp_path / name])


def test_a_warning_about_a_file_is_not_ours(tmp_path, recwarn):
    (tmp_path / "a.py").write_text(r"a = '\d'" + "\n")
    files.parsed(tmp_path / "a.py")

    assert not recwarn.list


def test_no_line_is_longer_than_80(capsys):
    finding = {
        "file": "a.py",
        "line": 12345,
        "flink": "2.3",
        "state": "gone",
        "name": "Class." + "word_" * 9,
        "detail": "last in 1.20",
        "instead": "word " * 50,
    }
    line = {"flink": "2.3", "files": 1, "names": 99999, "undecided": 99999, "guarded": 99999}
    shown.findings([finding], [line])

    assert all(len(line) < 80 for line in capsys.readouterr().out.splitlines())


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """A runtime with a PyFlink of one name."""
    monkeypatch.setattr(paths, "cache", lambda: tmp_path)
    package = tmp_path / "runtimes/9.9-x/lib/python3.11/site-packages/pyflink"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("here = 1\n")
    return Environment(versions.line("1.20"), tmp_path / "runtimes/9.9-x")


def test_a_runtime_is_read_once(environment, monkeypatch):
    assert "pyflink.here" in index.of(environment)
    monkeypatch.setattr(sources, "read", None)

    assert "pyflink.here" in index.of(environment)


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"pyflink": 1}', '{"pyflink": {"a": 1}}'])
def test_what_is_kept_damaged_is_read_anew(environment, tmp_path, damage):
    index.of(environment)
    (kept,) = (tmp_path / "check").iterdir()
    kept.write_text(damage)

    assert "pyflink.here" in index.of(environment)
    assert "pyflink.here" in kept.read_text()


def test_what_cannot_be_kept_is_no_error(environment, tmp_path):
    (tmp_path / "check").touch()

    assert "pyflink.here" in index.of(environment)


def test_a_runtime_that_is_no_python_is_told(environment):
    (environment.flink / "broken.py").write_text("print 1")

    with pytest.raises(StreamgaugeError, match="not Python"):
        index.of(environment)
