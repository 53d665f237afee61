"""Any folder will do: a project may lie in one with a space and a letter beyond ASCII."""

import pytest

from streamgauge.waiting import wait_for
from tests.conftest import CHECKOUT


@pytest.mark.parametrize("binding", ["files", "kafka"])
def test_a_project_in_a_folder_of_any_name(cli, binding):
    """Tables, savepoints, checkpoints and Python modules are found there, and no rest is left.

    What PyFlink's JVM has for a while, its planner of 40 MB, is there too, and not in the system's.
    """
    cli.folder = cli.folder / "Größe 1"
    cli.folder.mkdir()
    dialects = ("--dialect", "sql", "--dialect", "process")

    jobs = str(CHECKOUT / "jobs" / "word_count")
    process = cli.start("run", jobs, "--quick", *dialects, "--binding", binding)
    planner = ".streamgauge/runs/*/data/flink-*/tmp/flink-table-planner_*.jar"
    wait_for(lambda: [*cli.folder.glob(planner)], bool, 120, lambda _: "no planner")
    output, _ = process.communicate(timeout=300)

    assert (0, True) == (process.returncode, "4 cells: 4 pass" in output), output
    assert "JDK_JAVA_OPTIONS" not in output
    assert [] == [*cli.folder.glob(".streamgauge/runs/*/data")]
