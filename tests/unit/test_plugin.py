"""A conformance test passes where verdict and rows do, and tells how to repeat a failure."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge import discovery
from streamgauge.discovery import discover
from streamgauge.plugin import AXES
from streamgauge.records import Record
from streamgauge.run import Outcome
from streamgauge.testing import assert_matches
from streamgauge.values.changelog import Change
from streamgauge.values.comparison import Answer, compare
from streamgauge.values.difference import differences

CHECKOUT = Path(__file__).resolve().parents[2]
RECORD = Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass", udf="thread", seed=3)
EXPECTED = {"ones": [(1,), (2,)], "twos": [(2,), (2,)]}


def test_rows_of_every_sink_in_any_order():
    """Each as often as expected."""
    assert_matches(EXPECTED, Outcome(RECORD, {"ones": [(2,), (1,)], "twos": [(2,), (2,)]}))


@pytest.mark.parametrize(
    ("record", "rows", "told"),
    [
        pytest.param(
            replace(RECORD, verdict="unknown", reason="it broke"),
            EXPECTED,
            r"\[copy-sql-thread-batch-files-1\.20\.5\] unknown: it broke",
            id="unknown",
        ),
        pytest.param(
            replace(RECORD, verdict="fail", reason="twos: missing"),
            EXPECTED,
            "fail: twos: missing",
            id="fail",
        ),
        pytest.param(
            RECORD, {"ones": [(1,), (2,)], "twos": [(2,)]}, "twos differs", id="pass without rows"
        ),
        pytest.param(
            RECORD,
            {"ones": [(1,), (2,), (2,)], "twos": [(2,), (2,)]},
            "ones differs",
            id="too many",
        ),
    ],
)
def test_difference_names_the_cell(record, rows, told):
    """A pass alone proves nothing where the rows are others."""
    with pytest.raises(AssertionError, match=told):
        assert_matches(EXPECTED, Outcome(record, rows))


def test_failure_shows_what_differs():
    """Side by side, and where all of it is."""
    seen = Answer({"ones": compare([(1, "a")], [Change("+I", (1, "b"))], (0,))})
    (found,) = differences(seen, {"ones": ("id", "name")})
    wrong = replace(RECORD, verdict="fail", differences=[found.first()], whole="/all.diff")
    wrong.printed = "/told.printed"
    told = (
        "  id = 1\n    - name = 'a'\n    \\+ name = 'b'\nin full: /all.diff\n"
        ".* printed: /told.printed"
    )

    with pytest.raises(AssertionError, match=told):
        assert_matches(EXPECTED, Outcome(wrong, EXPECTED))


def test_rows_match_within_the_tolerance():
    """Which the outcome has from its sinks."""
    seen = Outcome(RECORD, {"ratios": [(2, 0.30000000000000004)]}, tolerance={"ratios": {1: 1e-9}})
    assert_matches({"ratios": [(2, 0.3)]}, seen)

    with pytest.raises(AssertionError, match="ratios differs"):
        assert_matches({"ratios": [(2, 0.3)]}, seen._replace(tolerance={}))


def run(pytester, test, *options):
    """What pytest makes of a test in a folder of its own."""
    pytester.makepyfile(test_own=test)
    return pytester.runpytest_inprocess(*options, plugins=["streamgauge.plugin"])


def failing(pytester, test, *options):
    """What pytest prints of a test that fails."""
    return run(pytester, test, *options).stdout


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(
    "options",
    [
        ["--streamgauge-seed=7"],
        ["--streamgauge-flink=1.20", "--streamgauge-flink=2.3", "--streamgauge-seed=0"],
        ["--streamgauge-seed=7", "--hypothesis-profile=default"],
        ["--streamgauge-seed=0", "--streamgauge-provider=local"],
    ],
)
def test_failure_tells_how_to_repeat_it(pytester, options):
    """One line that can be pasted, whatever the inputs were."""
    told = f"* -m pytest 'test_own.py::test_wrong[[]1.20]' {' '.join(options)}"

    output = failing(pytester, "def test_wrong(flink): assert False", *options)

    output.fnmatch_lines(["*- repeat -*", told])


def test_failure_without_flink_is_left_alone(pytester):
    """Other tests are not ours."""
    failing(pytester, "def test_wrong(): assert False").no_fnmatch_line("*- repeat -*")


ALONE = """
    import pytest

    @pytest.fixture
    def mode():
        return "theirs"

    @pytest.fixture(params=[1, 2])
    def harness(request):
        return request.param

    def test_mode(mode):
        assert mode == "theirs"

    def test_harness(harness):
        assert harness in (1, 2)

    @pytest.mark.parametrize("scenario", ["a"])
    def test_scenario(scenario):
        assert scenario == "a"
"""

OWN = """
    import pytest

    @pytest.fixture
    def mode():
        return "theirs"

    @pytest.fixture
    def shown(dialect, binding, mode):
        print(f"seen {dialect} {binding} {mode}")

    @pytest.mark.parametrize("dialect", ["sql"])
    def test_own(shown, flink):
        assert False
"""


def test_tests_without_flink_are_left_alone(pytester):
    """Whatever their arguments are called, and though there are no scenarios."""
    pytester.mkdir("elsewhere")

    result = run(pytester, ALONE, "--streamgauge-jobs=elsewhere")

    result.assert_outcomes(passed=4)
    result.stdout.no_fnmatch_line("*Flink*")


@pytest.mark.usefixtures("ours")
def test_scenarios_are_looked_for_once(pytester, monkeypatch):
    """However many tests ask for them, each for other axes."""
    asked = []
    monkeypatch.setattr(
        discovery, "discover", lambda *folders: asked.append(folders) or discover(*folders)
    )
    each = "def test_{0}({0}, flink): pass"

    result = run(pytester, "\n".join(map(each.format, AXES)), "--collect-only")

    assert [()] == asked
    result.stdout.fnmatch_lines([f"*test_{axis}[[]*-1.20[]]*" for axis in AXES if axis != "udf"])


@pytest.mark.usefixtures("ours")
def test_a_fixture_of_the_users_wins(pytester):
    """An axis that has a fixture or values in the user's tests has those; the others have ours."""
    result = run(pytester, OWN)

    result.assert_outcomes(failed=6)
    result.stdout.fnmatch_lines(["seen sql files theirs"])


@pytest.mark.parametrize(
    "own",
    [
        "@pytest.fixture\ndef flink(): return 1\ndef test_own(flink, dialect=3): assert flink == 1",
        "@pytest.mark.parametrize('flink', [1])\ndef test_own(flink): assert flink == 1",
    ],
)
def test_a_flink_of_the_users_wins(pytester, own):
    """Such a test is none of ours."""
    run(pytester, f"import pytest\n{own}", "--streamgauge-flink=none").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--streamgauge-jobs=elsewhere", "elsewhere: no scenarios here; *"),
        (
            "--streamgauge-provider=locl",
            "unknown provider 'locl' (did you mean local[?]); valid: *",
        ),
        ("--streamgauge-flink=1.2", "unknown Flink line '1.2' (did you mean 1.20[?]); valid: *"),
    ],
)
def test_only_tests_with_flink_break_where_there_is_none(pytester, option, told):
    """One line for each, and nothing to repeat."""
    test = "def test_own(scenario, dialect, flink): pass\ndef test_other(): pass"

    result = run(pytester, test, option)

    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["*ERROR at setup of test_own[[]error]*", told])
    result.stdout.no_fnmatch_line("*- repeat -*")


def test_the_plugin_costs_next_to_nothing(tmp_path):
    """Sessions of an environment that streamgauge is installed in import nothing large."""
    large = ("numpy", "httpx", "execnet", "confluent_kafka", "pyarrow", "rich", "typer", "psutil")
    code = f"""
import sys, pytest
before = set(sys.modules)
class Look:
    def pytest_sessionfinish(self):
        new = set(sys.modules) - before
        assert not new & set({large}), new & set({large})
        ours = {{name for name in new if name.startswith("streamgauge")}}
        assert ours == {{"streamgauge", "streamgauge.plugin"}}, ours
sys.exit(pytest.main(["-p", "streamgauge.plugin", "-p", "no:cacheprovider", "."], [Look()]))
"""
    (tmp_path / "test_own.py").write_text("def test_own(): pass")
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, check=True)
