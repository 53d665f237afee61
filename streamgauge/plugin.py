"""The pytest plugin: a test asks for an axis of the matrix by naming the argument.

    def test_matches_oracle(scenario, dialect, mode, binding, flink):
        inputs = scenario.sample(seed=flink.seed)
        outcome = flink.run(scenario, dialect, mode, binding, inputs)
        assert_matches(scenario.expected(inputs, mode), outcome)

A test that names `udf` too gets each way to run Python scalar functions. Cells that are
absent are not collected; `streamgauge list` shows them with their reasons.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from streamgauge import versions
from streamgauge.cells import Cell, cells, make_cell
from streamgauge.discovery import discover
from streamgauge.harness import Harness
from streamgauge.lifecycle import ONCE, Lifecycle
from streamgauge.records import Recorder
from streamgauge.run import Outcome, run_cell
from streamgauge.scenario import Expected, Inputs, Scenario
from streamgauge.versions import Line
from streamgauge.workspace import workspace

AXES = ("scenario", "dialect", "udf", "mode", "binding")


class Flink:
    """A Flink line in a test: runs cells on it, and keeps their records.

    `seed` is that of the command line, for inputs to be generated from.
    """

    def __init__(self, harness: Harness, line: Line, seed: int) -> None:
        self.harness = harness
        self.line = line
        self.seed = seed
        self._recorder = Recorder(harness.space.id)

    def run(
        self,
        scenario: Scenario,
        dialect: str,
        mode: str,
        binding: str,
        inputs: Inputs,
        udf: str | None = None,
        lifecycle: Lifecycle = ONCE,
    ) -> Outcome:
        """Run one cell over `inputs`."""
        cell = make_cell(scenario, dialect, mode, binding, self.line, udf)
        outcome = run_cell(self.harness, cell, inputs, lifecycle=lifecycle)
        self._recorder.append(outcome.record)
        return outcome


def assert_matches(expected: Expected, outcome: Outcome) -> None:
    """Assert that a cell passed and that its rows are those expected, in any order."""
    record = outcome.record
    told = f"[{record.cell}] {record.verdict}: {record.reason}"
    assert record.verdict == "pass", told
    for name, rows in expected.items():
        assert Counter(outcome.rows[name]) == Counter(rows), f"{name} differs: {told}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--flink`, `--seed`, `--jobs`."""
    group = parser.getgroup("streamgauge")
    group.addoption("--flink", action="append", help="a Flink line; may be repeated")
    group.addoption("--seed", type=int, default=0, help="seed of the generated rows")
    group.addoption("--jobs", type=Path, help="the folder of the scenarios (default: jobs)")


def pytest_report_header(config: pytest.Config) -> str:
    """What a failure needs to be repeated."""
    names = ", ".join(line.flink for line in _lines(config))
    return f"streamgauge: Flink {names}, seed {config.getoption('--seed')}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure on Flink tells the command that repeats it, drawn examples included."""
    report = yield
    if report.failed and "flink" in getattr(item, "fixturenames", ()):
        report.sections.append(("repeat", _repeat(item)))
    return report


def _repeat(item: pytest.Item) -> str:
    """The test alone, with the options that decide on which line and on what data it runs."""
    names = ("--flink", "--seed", "--jobs", "--hypothesis-profile", "--hypothesis-seed")
    told: list[str] = []
    for name in names:
        value = item.config.getoption(name, None)
        for each in value if isinstance(value, list) else [value]:
            told += [] if each is None else [f"{name}={each}"]
    python, root = Path(sys.executable), item.config.rootpath
    shown = python.relative_to(root) if python.is_relative_to(root) else python
    # With -m the checkout is on the path, as tox has it.
    return shlex.join([str(shown), "-m", "pytest", item.nodeid, *told])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each combination of the axes that it names and that has a cell."""
    given = _parametrized(metafunc)
    wanted = [name for name in (*AXES, "flink") if name in metafunc.fixturenames]
    named = [name for name in wanted if name not in given]
    if not named:
        return
    lines = _lines(metafunc.config)
    found = cells(discover(metafunc.config.getoption("--jobs")).values(), lines)
    chosen = {_id(cell, named): _values(cell, named) for cell in found if cell.absent is None}
    indirect = ["flink"] if "flink" in named else False
    metafunc.parametrize(named, list(chosen.values()), ids=list(chosen), indirect=indirect)


@pytest.fixture(scope="session")
def harness() -> Iterator[Harness]:
    """Services and clusters of the session, started when first needed."""
    with workspace() as space:
        harness = Harness(space)
        yield harness
        harness.close()


@pytest.fixture(scope="session")
def flink(request: pytest.FixtureRequest, harness: Harness) -> Flink:
    """The Flink line of a test."""
    return Flink(harness, request.param, request.config.getoption("--seed"))


def _lines(config: pytest.Config) -> list[Line]:
    return versions.chosen(config.getoption("--flink"))


def _parametrized(metafunc: pytest.Metafunc) -> set[str]:
    """The arguments that the test gives values to itself."""
    names: set[str] = set()
    for mark in metafunc.definition.iter_markers("parametrize"):
        given = mark.args[0]
        names.update(re.split(r"[ ,]+", given) if isinstance(given, str) else given)
    return names


def _values(cell: Cell, named: list[str]) -> tuple[object, ...]:
    axes = {
        "scenario": cell.scenario,
        "dialect": cell.dialect,
        "udf": cell.udf,
        "mode": cell.mode,
        "binding": cell.binding,
        "flink": cell.line,
    }
    return tuple(axes[name] for name in named)


def _id(cell: Cell, named: list[str]) -> str:
    values = _values(cell, named)
    return "-".join(v.id if isinstance(v, Scenario) else str(v) for v in values if v)
