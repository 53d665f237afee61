"""What goes with a job: the scenario's files, helpers of its repository, and what settings name."""

import zipfile
from dataclasses import replace

import pytest

from streamgauge.cells import make_cell
from streamgauge.errors import ScenarioError
from streamgauge.imports import helpers, needed
from streamgauge.job import build, copied, sent
from streamgauge.show import render
from streamgauge.travel import installer, joined, located, pack
from tests.unit.world import LINE, copying

FILES = {
    "clean.py": "import zlib\nimport tidying.words\n",
    "tidying/__init__.py": "",
    "tidying/words.py": "from .more import one\nimport numpy\n",
    "tidying/more.py": "one = 1\n",
    "tidying/stop.txt": "a the",
    "unused.py": "",
    "mine/copy/table.py": "from clean import tidy\nfrom mine.copy.lookup import names\n",
    "mine/copy/udf.py": "",
    "mine/copy/lookup/__init__.py": "",
    "mine/copy/lookup/names.py": "one = 1\n",
    "mine/copy/lookup/names.csv": "a,b",
    "mine/copy/.hidden": "",
    "mine/copy/__pycache__/table.pyc": "",
}


@pytest.fixture
def repository(tmp_path):
    """A scenario of a repository that has more than scenarios."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def cell(repository, dialect="table"):
    scenario = replace(copying(), folder=repository / "mine" / "copy")
    return make_cell(scenario, dialect, "streaming", "kafka", LINE)


def test_helpers_are_what_is_imported_from_beside_the_root(repository):
    """In turn, too; all else has to be where the job runs."""
    asked = cell(repository)

    assert [repository / "clean.py", repository / "tidying"] == helpers(asked)
    assert {"zlib", "numpy"} == needed(asked)


def test_all_that_is_imported_is_packed_as_it_is_imported(repository, tmp_path):
    """Sub-packages and data too; nothing that nobody asks for."""
    assert pack(cell(repository), tmp_path / "packed.zip")

    with zipfile.ZipFile(tmp_path / "packed.zip") as packed:
        assert {
            name for name in FILES if not any(w in name for w in ("unused", "hidden", "pycache"))
        } == set(packed.namelist())


def test_helpers_are_beside_a_copy_of_the_scenario_too(repository, tmp_path):
    """A job that is changed, or has errors planted into it, imports what it did."""
    asked = cell(repository)

    copy = copied(asked, tmp_path / "there")

    assert [path.name for path in helpers(asked)] == [path.name for path in helpers(copy)]
    assert pack(copy, tmp_path / "packed.zip")


def test_a_program_tells_what_it_imports_from_beside(repository):
    """It stays an import, as do packages of the scenario's own; files of settings go along."""
    asked = replace(cell(repository), binding="files")
    job = build(asked, (), "{}".format, {"python.files": "/theirs.zip"})

    shown = render(asked, job, "the plan")

    assert "# It imports clean, tidying, mine: have their folder in PYTHONPATH" in shown
    assert "from mine.copy.lookup import names" in shown
    assert """"python.files": str(Path(__file__).resolve()) + ',/theirs.zip', """ in shown


def test_settings_keep_the_files_of_all():
    """Of all else what comes later wins."""
    assert {"python.files": "a.zip,b.py", "pipeline.jars": "a.jar;b.jar", "x": "2"} == joined(
        {"python.files": "a.zip", "pipeline.jars": "a.jar", "x": "1"},
        {"pipeline.jars": "b.jar", "python.files": ""},
        {"x": "2", "python.files": "b.py", "pipeline.jars": "a.jar"},
    )


def test_a_job_keeps_the_files_that_a_scenario_names(repository, tmp_path):
    """Beside its own archive."""
    asked = cell(repository)
    job = build(asked, (), "{}".format, {"python.files": "theirs.zip"})

    told = sent(job, asked, tmp_path / "packed.zip").settings

    assert f"{tmp_path}/packed.zip,theirs.zip" == told["python.files"]


def test_requirements_are_installed_by_a_pip_that_goes_along():
    """The environments of runtimes have none."""
    assert {} == installer({"python.files": "a.py"})
    (wheel,) = installer({"python.requirements": "r.txt"})["python.files"].split(",")
    assert zipfile.is_zipfile(wheel)


def test_paths_in_settings_are_seen_from_the_scenario(repository):
    """Archives with the name they are unpacked under; addresses and all else stay."""
    there = repository / "mine" / "copy"

    assert {
        "python.archives": f"{there}/lookup#words,hdfs://a/b.zip",
        "python.requirements": f"{there}/udf.py#{there}/lookup",
        "pipeline.jars": f"file://{there}/udf.py;file:///a.jar",
        "python.files": "/",
        "x": "udf.py",
    } == located(
        {
            "python.archives": "lookup#words, hdfs://a/b.zip",
            "python.requirements": "udf.py#lookup",
            "pipeline.jars": "udf.py;file:///a.jar",
            "python.files": "/",
            "x": "udf.py",
        },
        there,
    )


def test_a_file_that_is_not_there_is_told(repository):
    """Before a job waits for it."""
    with pytest.raises(ScenarioError, match=r"^python\.files: there is no words\.zip in copy$"):
        located({"python.files": "udf.py,words.zip"}, repository / "mine" / "copy")
