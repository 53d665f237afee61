"""The command `plant`, whole, in a world that answers by what stands in the query."""

import json
from dataclasses import replace
from itertools import count

import pytest

from streamgauge.attachments import Arrival
from streamgauge.bindings import KINDS
from streamgauge.cli import app
from streamgauge.cli import plant as cli_plant
from streamgauge.errors import ScenarioError, StreamgaugeError, UsageError
from tests.unit.world import COPIED, ROWS, TOO_MANY, World, copying

QUERY = "SELECT at, n FROM events WHERE n > 0 LIMIT 9"
EQUIVALENT = """
[[equivalent]]
file = "query.sql"
diff = '''
- SELECT at, n FROM events WHERE n > 0 LIMIT 9
+ SELECT at, n FROM events WHERE n >= 0 LIMIT 9
'''
reason = "none is 0"
"""


class Answering(World):
    """Wrong where the condition is turned round, the same where DISTINCT stands in the query."""

    def __init__(self, tmp_path):
        super().__init__(tmp_path)
        self.names = count()

    def unique_name(self):
        return f"run_{next(self.names)}"

    def prepare(self, cells):
        pass

    def close(self):
        pass

    @property
    def asked_for(self):
        return self.built.queries[0].text

    def explain(self, job):
        return job.queries[0].text.replace("DISTINCT ", "")

    def read(self, sink):
        wrong = "n < 0" in self.asked_for or "refused" in self.asked_for
        return [Arrival(change) for change in (TOO_MANY if wrong else COPIED)]


@pytest.fixture
def plant(tmp_path, monkeypatch):
    """Runs the command, over rows that are there; `world` has what was done."""
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "query.sql").write_text(QUERY)
    world = Answering(tmp_path)
    scenario = copying()
    source = replace(scenario.sources[0], generate=lambda *_: ROWS)
    scenario = replace(scenario, sources=(source,), modes=("batch",), folder=folder)
    monkeypatch.setitem(KINDS, "kafka", world.kind())
    monkeypatch.setenv("STREAMGAUGE_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    at = "streamgauge.cli"
    monkeypatch.setattr(f"{at}.running.Harness", lambda *_, **__: world)
    monkeypatch.setattr(f"{at}.running.signal.signal", lambda *_: None)
    monkeypatch.setattr(f"{at}.plant._scenario", lambda _: scenario)

    def run(*options):
        asked = ["plant", "copy", "--dialect", "sql", "--rows", "4", "--quiet", *options]
        return app(asked, standalone_mode=False)

    run.world, run.folder = world, folder
    return run


def test_what_is_told(plant, capsys, tmp_path):
    """Survivors, the table, the share; all of it as data."""
    file = tmp_path / "told.json"

    assert 0 == plant("--json", str(file))
    shown = capsys.readouterr().out
    assert "not caught: query.sql:1 border\n" in shown
    assert "+ SELECT at, n FROM events WHERE n >= 0 LIMIT 9\n" in shown
    assert ["comparison", "1", "1"] in [line.split() for line in shown.splitlines()]
    assert "1 of 6 variants that are wrong caught (16%)" in shown
    told = json.loads(file.read_text())["copy sql"]
    assert {"caught", "equivalent", "not caught"} == {each["result"] for each in told}
    assert QUERY == (plant.folder / "query.sql").read_text()


@pytest.mark.parametrize(("least", "code"), [("17%", 1), ("16%", 0), ("100", 1), ("0%", 0)])
def test_a_share_is_asked_for(least, code, plant):
    """Of 6 one is caught, which is not quite 17 %."""
    assert code == plant("--at-least", least)


def test_what_is_known_is_not_run_again(plant, capsys):
    """Nothing is, and the same is told."""
    plant()
    first, jobs = capsys.readouterr().out, len(plant.world.jobs)
    plant()

    assert first == capsys.readouterr().out
    assert jobs == len(plant.world.jobs)


@pytest.mark.parametrize(
    ("options", "through"), [((), {"once", "rescale"}), (("--lifecycle", "once"), {"once"})]
)
def test_a_variant_goes_through_what_a_plain_run_has(options, through, plant, monkeypatch):
    """Input without an end is cut, its job carried on by more tasks; unless another is named."""
    at = "streamgauge.cli.plant"
    both = replace(cli_plant._scenario("copy"), modes=("batch", "streaming"))
    runs = []
    monkeypatch.setattr(f"{at}._scenario", lambda _: both)
    monkeypatch.setattr(f"{at}._dialects", lambda asked: runs.extend(asked) or [])

    assert 0 == plant(*options)
    assert through == {run.lifecycle.name for run in runs}


@pytest.mark.parametrize(("options", "names"), [((), ["", "late"]), (("--rows", "4"), [""])])
def test_a_variant_goes_through_corners_last(options, names, plant, monkeypatch):
    """As a plain run has them, and that of so many rows has not."""
    at = "streamgauge.cli.plant"
    scenario = cli_plant._scenario("copy")
    (source,) = scenario.sources
    source = replace(
        source,
        generate=lambda *asked: ROWS[asked[1] : asked[2]],
        corners={"late": lambda _: ROWS},
    )
    monkeypatch.setattr(f"{at}._scenario", lambda _: replace(scenario, sources=(source,)))
    runs = []
    monkeypatch.setattr(f"{at}._try", lambda _, dialect, *__: runs.extend(dialect.runs))

    app(["plant", "copy", "--dialect", "sql", "--quiet", *options], standalone_mode=False)

    assert names == [run.cell.corner for run in runs]


def test_a_sample_is_a_part(plant, capsys):
    """Of the same variants, each time."""
    plant("--sample", "2")
    first = capsys.readouterr().out
    plant("--sample", "2")

    assert first == capsys.readouterr().out
    assert ["all", "2"] in [line.split()[:2] for line in first.splitlines()]


def test_what_is_declared_is_no_error(plant, capsys):
    """It is not sought, nor shown."""
    (plant.folder / "equivalent.toml").write_text(EQUIVALENT)
    plant("--search")

    assert "n >= 0" not in capsys.readouterr().out


def test_a_wrong_dialect_is_told_before_anything_is_planted(plant):
    """With what is wrong; no variant is run."""
    (plant.folder / "query.sql").write_text(f"{QUERY} -- refused")

    with pytest.raises(StreamgaugeError, match="not right before anything is planted: copies"):
        plant()
    assert 1 == len(plant.world.jobs)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--at-least", "many"], "a share such as 95%"),
        (["--at-least", "101%"], "a share such as 95%"),
        (["--sample", "0"], "--sample 0: at least 1"),
        (["--lifecycle", "twice"], "unknown lifecycle"),
        (["--flink", "1.20", "--binding", "files"], "no cell is"),
    ],
)
def test_what_cannot_be_asked_is_refused(options, reason, plant):
    """Before anything is started."""
    with pytest.raises((UsageError, ScenarioError), match=reason):
        plant(*options)
    assert [] == plant.world.jobs
