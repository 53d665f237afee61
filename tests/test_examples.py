"""The examples that PyFlink comes with run unchanged, and give the right answers."""

import pytest

from streamgauge.testing import assert_matches
from tests.examples import CELLS, EXAMPLES

# What shows each way to the answer: a table of the example's, a run's source, what it prints.
_FEW = [
    ("table_multi_sink", "batch"),
    ("table_mixing_use_of_datastream_and_table", "streaming"),
    ("datastream_tumbling_count_window", "streaming"),
]


@pytest.mark.parametrize(("name", "mode"), _FEW)
def test_an_example_gives_the_right_answer(flink, name, mode):
    """A few of them."""
    _run(flink, name, mode)


@pytest.mark.every_example
@pytest.mark.parametrize(("name", "mode"), CELLS)
def test_every_example_gives_the_right_answer(flink, name, mode):
    """All of them."""
    _run(flink, name, mode)


def _run(flink, name, mode):
    example = EXAMPLES[name]
    inputs = example.sample(0)

    outcome = flink.run(example, "job", mode, "files", inputs)

    assert_matches(example.expected(inputs, mode), outcome)
