"""Any folder will do: a project may lie in one with a space and a letter beyond ASCII."""

import pytest

from tests.conftest import CHECKOUT


@pytest.mark.parametrize("binding", ["files", "kafka"])
def test_a_project_in_a_folder_of_any_name(cli, binding):
    """Tables, savepoints, checkpoints and Python modules are found there."""
    cli.folder = cli.folder / "Größe 1"
    cli.folder.mkdir()
    dialects = ("--dialect", "sql", "--dialect", "process")

    code, output = cli.run(
        "run", str(CHECKOUT / "jobs" / "word_count"), *dialects, "--binding", binding
    )

    assert (0, True) == (code, "4 cells: 4 pass" in output), output
