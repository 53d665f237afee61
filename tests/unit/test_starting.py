"""`new`: a folder that is a scenario at once, whatever rows it is made from."""

import json

import pytest

from streamgauge.discovery import load
from streamgauge.errors import StreamgaugeError
from streamgauge.starting import infer, start


def types(tmp_path, text, name="rows.csv"):
    """The types of the columns of a file."""
    file = tmp_path / name
    file.write_text(text)
    return {column.name: column.type for column in infer(file).columns}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "-20", ""], "BIGINT"),
        (["1", "2.50", "-10.5"], "DECIMAL(4, 2)"),
        (["0.1"], "DECIMAL(2, 1)"),
        (["007"], "STRING"),
        (["1" * 19, "-9223372036854775808"], "BIGINT"),
        (["9" * 19, "2"], "DECIMAL(19, 0)"),
        (["1" * 39], "STRING"),
        (["true", "false"], "BOOLEAN"),
        (["True", "FALSE"], "BOOLEAN"),
        (["true", "1"], "STRING"),
        (["12:00:00"], "TIME"),
        (["2026-01-31 12:00:00Z", "2026-01-31T12:00:00.25Z"], "TIMESTAMP_LTZ(3)"),
        (["2026-01-31 12:00:00.123456Z"], "TIMESTAMP_LTZ(6)"),
        (["2026-01-31 12:00:00.123456789"], "STRING"),
        (["2026-01-31 12:00:00", "2026-01-31 12:00:00Z"], "STRING"),
        (["2026-01-31"], "DATE"),
        (["2026-01-31 12:00:00", "2026-01-31T12:00:00.25"], "TIMESTAMP(3)"),
        (["2026-01-31 12:00:00.123456"], "TIMESTAMP(6)"),
        (["noon", "1"], "STRING"),
        ([""], "STRING"),
        (['""'], "STRING"),
        (["1e5"], "STRING"),
    ],
)
def test_type_of_a_column(tmp_path, values, expected):
    """What all of its values are; a text where that is nothing in particular."""
    text = "".join(f"{value},x\n" for value in values)

    assert expected == types(tmp_path, f"c,d\n{text}")["c"]


def test_types_of_json(tmp_path):
    """By its values; NULL says nothing."""
    first = '{"a": 1, "b": true, "c": "x", "d": null, "e": 1.5}'
    second = '{"a": null, "b": null, "c": null, "d": null, "e": 2}'

    assert {
        "a": "BIGINT",
        "b": "BOOLEAN",
        "c": "STRING",
        "d": "STRING",
        "e": "DECIMAL(2, 1)",
    } == types(tmp_path, f"{first}\n{second}\n", "rows.jsonl")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["12"], "STRING"),
        ([1e-9, 2], "DOUBLE"),
        ([[1, None], [], None], "ARRAY<BIGINT>"),
        ([[]], "ARRAY<STRING>"),
        ([{"a": 1}, {"b": {"c d": ["x"]}}], "ROW<a BIGINT, b ROW<`c d` ARRAY<STRING>>>"),
        ([{}], "MAP<STRING, STRING>"),
        (["2026-01-31"], "DATE"),
        ([True, 1], "STRING"),
    ],
)
def test_type_of_a_value_of_json(tmp_path, values, expected):
    """What is made of others too; a number in quotes is a text."""
    text = "".join(f"{json.dumps({'c': value})}\n" for value in values)

    assert expected == types(tmp_path, text, "rows.jsonl")["c"]


def test_what_cannot_be_columns_is_told_with_the_file(tmp_path):
    """Whose first line, or object, names them."""
    for name, text, told in (
        ("a.csv", f"{'a' * 49}\n1\n", f"a.csv: column {'a' * 49}: names have at most 48"),
        ("a.jsonl", "{}\n", "a.jsonl: a schema without any column"),
        ("a.jsonl", '{"c": [1, [2]]}\n', "a.jsonl: line 1: column c: [1, [2]] is no ARRAY<STRING>"),
    ):
        with pytest.raises(StreamgaugeError) as error:
            types(tmp_path, text, name)
        assert str(error.value).startswith(told)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (None, None),
        ("mine.csv", 'id,class,"note"\n1,,"a, ""b"""\n2,"",x\n'),
        ("mine.csv", "a\n2026-01-31\n"),
        ("mine.csv", "cls,self\n1,2\n"),
        ("mine.csv", "\ufb01\n1\n"),
        ("mine.jsonl", '{"a": {"b\\"c": [1]}}\n'),
        ("mine.jsonl", '{"id": 1, "at": "2026-01-31 12:00:00.25", "price": 1.50}\n'),
    ],
)
def test_it_is_a_scenario(tmp_path, name, text):
    """Which loads, and whose answer is its rows; the user's file stays where it is."""
    rows = tmp_path / name if name else None
    if rows:
        rows.write_text(text)
    files = start(tmp_path / "jobs", "mine", rows)
    found = load(tmp_path / "jobs" / "mine")

    assert ["query.sql", f"rows{rows.suffix if rows else '.csv'}", "scenario.py"] == [
        path.name for path in files
    ]
    inputs = found.sample(0)
    assert {"answer": list(inputs["events"])} == found.expected(inputs)
    assert ("sql",) == found.dialects
    assert rows is None or text == rows.read_text()


@pytest.mark.parametrize(
    ("name", "file", "text", "message"),
    [
        ("Mine", "a.csv", "a\n1\n", "scenario 'Mine': names are lower case letters"),
        ("../mine", "a.csv", "a\n1\n", "scenario '../mine': names are lower case letters"),
        ("mine", "a.txt", "a\n1\n", "a.txt: rows are in a file that ends in .csv or .jsonl"),
        ("mine", "none.csv", None, "none.csv: No such file or directory"),
        ("mine", "a.csv", "", "is empty: its first line has to name the columns"),
        ("mine", "a.csv", "a\n", "has no rows: the columns' types are told by them"),
        ("mine", "a.jsonl", '{"a": 1}\n{"b": 1}\n', "a.jsonl: line 1: column b is missing"),
        ("there", "a.csv", "a\n1\n", "there is there already: choose another name"),
        ("single", "a.csv", "a\n1\n", "single.py is there already: choose another name"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_left(tmp_path, name, file, text, message):
    """In one line."""
    jobs = tmp_path / "jobs"
    (jobs / "there").mkdir(parents=True)
    (jobs / "single.py").touch()
    if text is not None:
        (tmp_path / file).write_text(text)
    with pytest.raises(StreamgaugeError) as error:
        start(jobs, name, tmp_path / file)

    assert message in str(error.value)
    left = sorted(path.name for path in jobs.iterdir() if not path.name.startswith("."))
    assert ["single.py", "there"] == left


def test_command_tells_what_to_run(streamgauge, tmp_path, monkeypatch):
    """And where the files are."""
    monkeypatch.setattr("streamgauge.paths.scenarios", lambda: tmp_path)
    code, output, error = streamgauge("new", "mine")

    assert (0, "") == (code, error)
    assert output.splitlines()[-1] == "it runs: streamgauge run mine"
