"""Every cell gives the oracle's rows."""

from streamgauge.discovery import discover
from streamgauge.testing import assert_matches


def test_matches_oracle(scenario, dialect, udf, mode, binding, flink):
    """Every dialect, in every mode, over every binding, yields the oracle's rows."""
    inputs = scenario.sample(seed=flink.seed)

    outcome = flink.run(scenario, dialect, mode, binding, inputs, udf=udf)

    assert_matches(scenario.expected(inputs, mode), outcome)


def test_word_count_of_the_shipped_sample(dialect, mode, flink):
    """The shipped sample gives exactly `flink,3` and `pyflink,2`, from files to files."""
    scenario = discover()["word_count"]
    outcome = flink.run(scenario, dialect, mode, "files", scenario.shipped())

    assert outcome.record.verdict == "pass", outcome.record.reason
    assert ["flink,3", "pyflink,2"] == outcome.record.result
