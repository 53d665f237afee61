"""Roots side by side: what runs on Flink is the module of its own root."""

import shutil
from pathlib import Path

import pytest

from streamgauge.discovery import load

CHECKOUT = Path(__file__).resolve().parents[1]
ROWS = 40


def copied(scenario, root):
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(CHECKOUT / "jobs" / scenario, root / scenario, ignore=ignored)


@pytest.fixture(scope="module")
def roots(tmp_path_factory):
    """Three copies of a scenario; the modules that the second one's dialects share are wrong."""
    folder = tmp_path_factory.mktemp("roots")
    roots = [folder / "a" / "jobs", folder / "b" / "jobs", folder / "c d" / "my-scenarios"]
    for root in roots:
        copied("syslog_udf", root)
        shutil.copytree(CHECKOUT / "generators", root.parent / "generators")
    wrong = roots[1] / "syslog_udf" / "parse.py"
    wrong.write_text(wrong.read_text().replace("> MOST_PRI", "< MOST_PRI"))
    return roots


@pytest.mark.parametrize(
    ("dialect", "udf"), [("process", None), ("sql", "process"), ("sql", "thread")]
)
def test_a_dialect_has_the_modules_of_its_root(flink, roots, dialect, udf):
    """Of the same names, one after the other, for the worker and for Flink's Python alike."""
    verdicts = []
    for root in (*roots, roots[0]):
        scenario = load(root / "syslog_udf")
        inputs = scenario.sample(flink.seed, ROWS)
        record = flink.run(scenario, dialect, "batch", "files", inputs, udf).record
        verdicts.append((record.verdict, record.reason[:80]))

    assert ["pass", "fail", "pass", "pass"] == [verdict for verdict, _ in verdicts], verdicts
