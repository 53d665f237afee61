"""What is wrong with generators and oracles is told as theirs, and where."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from streamgauge.errors import ScenarioError
from streamgauge.scenario import Scenario, Sink, Source
from streamgauge.usercode import called
from streamgauge.values.changelog import Change
from streamgauge.values.inputs import Inputs
from streamgauge.values.schema import Column, Schema

WORDS = Schema.of(word="STRING")
COUNTS = Schema.of(word="STRING", n="BIGINT")
NOON = Column("at", "TIMESTAMP(3)").parse("2024-02-29 12:00:00")
BROKEN = """
def expected(inputs):
    return {"counts": [count(word) for (word,) in inputs["words"]]}


def count(word):
    return word, 1 // (len(word) - 3)
"""


def words(seed, start, stop):
    """Words of one letter more each."""
    return [("a" * n,) for n in range(start, stop)]


def counted(inputs):
    return {"counts": [(word, 1) for (word,) in inputs["words"]]}


def question(generate=words, oracle=counted, **more):
    return Scenario(
        id="count",
        version=1,
        question="How often?",
        sources=(Source("words", WORDS, generate=generate),),
        sinks=(Sink("counts", COUNTS, key=("word",)),),
        bindings=("files",),
        rows=5,
        oracle=oracle,
        **more,
    )


def from_file(folder, text):
    """The oracle in a file of a scenario's folder."""
    file = folder / "oracle.py"
    file.write_text(text)
    names = {}
    exec(compile(text, file, "exec"), names)  # noqa: S102 - as a module is run
    return names["expected"]


def test_right_ones_are_taken():
    """Rows as asked for, and an answer for each sink."""
    asked = question()

    assert [("",), ("a",)] == asked.sample(0, 2)["words"]
    assert counted(asked.sample(0)) == asked.expected(asked.sample(0))


def raising(*_):
    return [int("five")]


@pytest.mark.parametrize(
    ("generate", "told"),
    [
        (lambda *_: [], "gives 0 records, not the 5 asked for"),
        (lambda *_: [("a",)] * 4, "gives 4 records, not the 5 asked for"),
        (lambda *_: [("a",)] * 6, "gives 6 records, not the 5 asked for"),
        (lambda *_: None, "gives None, not a list"),
        (lambda *_: (row for row in [("a",)] * 5), "gives a generator, not a list"),
        (raising, "ValueError: invalid literal for int() with base 10: 'five' ("),
        (dict, "TypeError: "),
    ],
    ids=["none", "fewer", "more", "None", "generator", "raises", "arguments"],
)
def test_generator_that_is_wrong_is_told(generate, told):
    """By the name of its source."""
    with pytest.raises(ScenarioError) as caught:
        question(generate).sample(0)

    assert str(caught.value).startswith(f"generator of source words: {told}")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("a", 1), "source words: row 2: 2 columns, not 1: ('a', 1)"),
        ((1,), "source words: row 2: column word: 1 is no STRING, a str that UTF-8 has"),
        (Change("+I", ("a",)), "source words: record 2 is a change, not a row: Change("),
    ],
)
def test_row_of_a_generator_that_does_not_fit_is_told(row, told):
    """A column too many was lost in silence."""
    asked = question(lambda *_: [("a",), ("a",), row, ("a",), ("a",)])
    with pytest.raises(ScenarioError) as caught:
        asked.sample(0)

    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "oracle: gives None, not a dictionary"),
        ([("a", 1)], "oracle: gives a list, not a dictionary"),
        ({}, "oracle: sink counts is missing"),
        ({"count": []}, "oracle: there is no sink 'count' (did you mean counts?)"),
        ({"counts": [], "more": []}, "oracle: there is no sink 'more'"),
        ({"counts": None}, "oracle: sink counts: gives None, not a list"),
        ({"counts": [("a",)]}, "oracle: sink counts: row 0: 1 columns, not 2: ('a',)"),
        ({"counts": [("a", 1.0)]}, "oracle: sink counts: row 0: column n: 1.0 is no BIGINT"),
        ({"counts": [(None, 1)]}, "oracle: sink counts: row 0: column word: NULL, where a v"),
    ],
)
def test_oracle_that_is_wrong_is_told(answer, told):
    """It was a KeyError that looks like Flink's, or a row that no job can give."""
    with pytest.raises(ScenarioError) as caught:
        question(oracle=lambda _: answer).expected({"words": [("a",)]})

    assert str(caught.value).startswith(told)


def test_place_is_the_innermost_of_the_scenario(tmp_path):
    """File and line of the user's code, wherever that has called."""
    asked = question(oracle=from_file(tmp_path, BROKEN), folder=tmp_path)
    told = f"oracle: ZeroDivisionError: integer division or modulo by zero ({tmp_path}/oracle.py:7"

    with pytest.raises(ScenarioError, match=re.escape(f"{told}, in count)")):
        asked.expected({"words": [("and",)]})


def test_place_is_not_in_a_library_that_is_called(monkeypatch):
    """Whose code it is that called it, matters; the file is as one would write it here."""
    monkeypatch.chdir(Path(__file__).parent)
    with pytest.raises(ScenarioError, match=r"\(test_usercode.py:\d+, in parsed\)$"):
        called("oracle", parsed, folder=Path())


def parsed():
    """Python's own JSON decoder raises, in a file of its own."""
    import json  # noqa: PLC0415 - where it is used

    json.loads("{")


def test_error_of_several_lines_is_one():
    """And an end of the process is no end of ours."""

    def exits():
        raise SystemExit("one\n  two")

    with pytest.raises(ScenarioError, match=r"^generator: SystemExit: one two \("):
        called("generator", exits, folder=Path())


def test_oracle_may_change_its_inputs():
    """They are its own; what is fed and asked later is as it was."""

    def sorting(inputs):
        inputs["words"].reverse()
        return {"counts": [(word, 1) for (word,) in inputs["words"][:1]]}

    inputs = Inputs.of({"words": [("a",), ("b",)]})
    asked = question(oracle=sorting)

    assert [("b", 1)] == asked.expected(inputs)["counts"] == asked.expected(inputs)["counts"]
    assert [("a",), ("b",)] == inputs["words"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "inputs: source words is missing"),
        ({"words": [], "wrds": []}, "inputs: there is no source 'wrds' (did you mean words?)"),
        ({"words": [(b"a",)]}, "source words: row 0: column word: b'a' is no STRING, a str that"),
    ],
)
def test_given_inputs_that_do_not_fit_are_told(given, told):
    """A test's own rows are held against the schema as well."""
    with pytest.raises(ScenarioError) as caught:
        question().checked(given)

    assert str(caught.value).startswith(told)


def test_sample_that_does_not_fit_is_told(tmp_path):
    """Text can be read that no value of the type is."""
    (tmp_path / "n.csv").write_text("n\n1\n2147483648\n")
    asked = replace(
        question(folder=tmp_path),
        sources=(Source("words", Schema.of(n="INT"), generate=words, shipped="n.csv"),),
    )

    with pytest.raises(ScenarioError, match="source words: row 1: column n: 2147483648 is no INT"):
        asked.shipped()


@pytest.mark.parametrize(
    "make",
    [
        lambda: Source("s", Schema.of(at="TIMESTAMP(3)"), list, time="at"),
        lambda: Source("s", Schema.of(line="STRING"), list, raw=True),
        lambda: Sink("s", Schema.of(n="BIGINT"), key=("n",)),
        lambda: Sink("s", Schema.of(at="TIMESTAMP(3)"), due="at"),
    ],
    ids=["event time", "raw message", "key", "due"],
)
def test_null_is_told_where_nothing_would_go_on(make):
    """A watermark, a message, a key and a time by which a row is due need a value."""
    with pytest.raises(ScenarioError, match="NULL, where a value is needed"):
        make().check([(None,)])


def test_time_of_what_goes_may_be_missing():
    """A tombstone knows its key alone."""
    schema = Schema.of(id="INT", at="TIMESTAMP(3)")
    versions = Source("versions", schema, generate=list, key=("id",), time="at")

    versions.check([Change("+I", (1, NOON)), Change("-D", (1, None))])
