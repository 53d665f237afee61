"""What docs/questions.md names is there, and stands alone: it is there to be copied."""

import re
import shutil

import pytest

from streamgauge.discovery import load
from tests.unit.test_discovery import CHECKOUT

SCENARIOS = CHECKOUT / "tests" / "scenarios"
ROW = re.compile(r"^\| [^|]+ \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
CODE = re.compile(r"`(\w+)`")


def named():
    """The scenarios in the table, in order."""
    text = (CHECKOUT / "docs" / "questions.md").read_text(encoding="utf-8")
    return [name for cell in ROW.findall(text) for name in CODE.findall(cell)]


def test_the_table_names_each_scenario_once():
    assert 15 < len(named())
    assert len(set(named())) == len(named())


@pytest.mark.parametrize("name", named())
def test_a_scenario_of_the_table_has_an_answer_to_its_rows(name):
    """Before anything of Flink's starts."""
    scenario = load(SCENARIOS / name)

    answer = scenario.expected(scenario.sample(0))

    assert all(answer[sink.name] for sink in scenario.sinks)


def test_a_question_can_be_copied(tmp_path):
    """It is a folder of its own, under whatever root."""
    copy = shutil.copytree(SCENARIOS / "two_best", tmp_path / "jobs" / "two_best")

    assert ("sql",) == load(copy).dialects
