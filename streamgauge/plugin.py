"""The pytest plugin: a test that asks for `flink` gets each axis of the matrix that it names.

    def test_matches_oracle(scenario, dialect, mode, binding, flink):
        inputs = scenario.sample(seed=flink.seed)
        outcome = flink.run(scenario, dialect, mode, binding, inputs)
        assert_matches(scenario.expected(inputs, mode), outcome)

A test that names `udf` too gets each way to run Python scalar functions. Cells that are
absent are not collected; `streamgauge list` shows them with their reasons. Tests without
our `flink` are left alone, and cost nothing: whatever is large is imported for the others.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from streamgauge.cells import Cell
    from streamgauge.errors import ScenarioError
    from streamgauge.harness import Harness
    from streamgauge.testing import Flink
    from streamgauge.versions import Line

AXES = ("scenario", "dialect", "udf", "mode", "binding")
_LINES, _SEED, _JOBS = "--streamgauge-flink", "--streamgauge-seed", "--streamgauge-jobs"
_PROVIDER = "--streamgauge-provider"
# What there is, which each test has its part of: it is looked for once.
_CELLS = pytest.StashKey["tuple[list[Cell], dict[str, ScenarioError]]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which lines, which rows, whose scenarios, which services."""
    group = parser.getgroup("streamgauge")
    group.addoption(_LINES, action="append", help="a Flink line; may be repeated")
    group.addoption(_SEED, type=int, default=0, help="seed of the generated rows")
    group.addoption(_PROVIDER, help="where services come from; default local")
    group.addoption(
        _JOBS,
        action="append",
        type=Path,
        help="a folder of scenarios, or that of one (default: jobs); may be repeated",
    )


def pytest_report_collectionfinish(
    config: pytest.Config, items: Sequence[pytest.Item]
) -> Iterator[str]:
    """Which Flink the tests that ask for one are going to have."""
    flinks = {f"Flink {line.flink}": None for item in items for line in _line_of(item)}
    if flinks:
        yield f"streamgauge: {', '.join(flinks)}, seed {config.getoption(_SEED)}"


def _line_of(item: pytest.Item) -> Iterator[Line]:
    """The Flink line that our fixture gives to a test, if it asks for it and there is one."""
    if _is_ours(item):
        line = item.callspec.params.get("flink")  # type: ignore[attr-defined]
        if not isinstance(line, Exception):
            yield line


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure on Flink tells the command that repeats it, drawn examples included."""
    report = yield
    if report.failed and any(_line_of(item)):
        report.sections.append(("repeat", _repeat(item)))
    return report


def _repeat(item: pytest.Item) -> str:
    """The test alone, with the options that decide on which line and on what data it runs."""
    names = (_LINES, _SEED, _JOBS, _PROVIDER, "--hypothesis-profile", "--hypothesis-seed")
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
    given = _given(metafunc)
    if "flink" in given or not _is_ours(metafunc.definition):
        return
    others = given | _fixtures(metafunc.definition).keys()
    named = [name for name in AXES if name in metafunc.fixturenames and name not in others]
    found = _found(metafunc.config, named)
    metafunc.parametrize([*named, "flink"], list(found.values()), ids=found, indirect=["flink"])


def _fixtures(item: pytest.Item) -> dict[str, Sequence[pytest.FixtureDef[Any]]]:
    """The fixtures that a test has by name, the one that it gets last."""
    info = getattr(item, "_fixtureinfo", None)
    return info.name2fixturedefs if info else {}


def _is_ours(item: pytest.Item) -> bool:
    """Whether a test asks for `flink`, also by way of a fixture, and the user has no other."""
    found = _fixtures(item).get("flink")
    return found is not None and found[-1].func.__module__ == __name__


def _given(metafunc: pytest.Metafunc) -> set[str]:
    """The arguments that the test, or a hook of the user's, gives values to."""
    names = {name for call in metafunc._calls for name in call.params}  # noqa: SLF001
    for mark in metafunc.definition.iter_markers("parametrize"):
        given = mark.args[0]
        names.update(re.split(r"[ ,]+", given) if isinstance(given, str) else given)
    return names


def _found(config: pytest.Config, named: list[str]) -> dict[str, tuple[object, ...]]:
    """The values of the axes by the test's id; an error stands for the line that is not there."""
    from streamgauge.errors import StreamgaugeError

    try:
        if _CELLS not in config.stash:
            config.stash[_CELLS] = _cells(config)
        found, broken = config.stash[_CELLS]
    except StreamgaugeError as error:
        return {"error": _instead(named, error)}
    errors = broken if "scenario" in named else {}
    return {
        **{_id(cell, named): _values(cell, named) for cell in found},
        **{name: _instead(named, error) for name, error in errors.items()},
    }


def _cells(config: pytest.Config) -> tuple[list[Cell], dict[str, ScenarioError]]:
    """Those that are there, and what is wrong with broken scenarios."""
    from streamgauge import versions
    from streamgauge.cells import cells
    from streamgauge.discovery import discover
    from streamgauge.errors import choose
    from streamgauge.providers.chosen import PROVIDERS

    choose("provider", _provider(config), PROVIDERS)
    lines = versions.chosen(config.getoption(_LINES))
    chosen = discover(*(config.getoption(_JOBS) or ()))
    found = cells(chosen.values(), lines)
    return [cell for cell in found if cell.absent is None], chosen.broken


def _provider(config: pytest.Config) -> str:
    from streamgauge.providers.chosen import LOCAL

    return config.getoption(_PROVIDER) or LOCAL


def _instead(named: list[str], error: Exception) -> tuple[object, ...]:
    return (*[None] * len(named), error)


def _values(cell: Cell, named: list[str]) -> tuple[object, ...]:
    return (*(getattr(cell, name) for name in named), cell.line)


def _id(cell: Cell, named: list[str]) -> str:
    axes = (cell.scenario.id if name == "scenario" else getattr(cell, name) for name in named)
    return "-".join(axis for axis in (*axes, cell.line.name) if axis)


def _is_timed(item: pytest.Item) -> bool:
    """Whether pytest-benchmark times something in it."""
    return "benchmark" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def streamgauge_harness(request: pytest.FixtureRequest) -> Iterator[Harness]:
    """Services and clusters of the session, started when first needed."""
    from streamgauge.errors import UsageError
    from streamgauge.harness import Harness
    from streamgauge.processes import in_utc
    from streamgauge.workspace import workspace

    with in_utc(), workspace() as space:
        timed = any(map(_is_timed, request.session.items))
        try:
            harness = Harness(space, timed=timed, provider=_provider(request.config))
        except UsageError as error:
            pytest.fail(str(error), pytrace=False)
        yield harness
        harness.close()


@pytest.fixture(scope="session")
def flink(request: pytest.FixtureRequest) -> Flink:
    """The Flink line of a test."""
    if isinstance(request.param, Exception):
        pytest.fail(str(request.param), pytrace=False)
    from streamgauge.testing import Flink

    harness = request.getfixturevalue("streamgauge_harness")
    return Flink(harness, request.param, request.config.getoption(_SEED))
