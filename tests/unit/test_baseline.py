"""What is saved of a comparison, and a later one that is held against it."""

import json
import subprocess
import sys

import pytest

from streamgauge.cells import make_cell
from streamgauge.cli.compare import _share
from streamgauge.errors import StreamgaugeError, UsageError
from streamgauge.measure.baseline import content, held, of_bench, of_latencies, read
from streamgauge.measure.side import Side
from streamgauge.measure.trial import Loaded
from streamgauge.report.bench import Measured, Timed, Used
from streamgauge.report.compare import Compared, Round
from streamgauge.report.latency import Latency
from tests.unit.world import LINE, copying

CELL = make_cell(copying(), "sql", "batch", "kafka", LINE)
NAMES = [f"{CELL.id} [sql]", f"{CELL.id} [table]"]


def measured(factor=1.0, version=1, events=1000, processor=None):
    """A file: the first takes a second, the second 1.5, both so many times as long."""
    rounds = [
        Round(side, False, {"build": 0.1, "submit": 0.2, "job": factor * (1 + side / 2 + n / 100)})
        for n in range(12)
        for side in (0, 1)
    ]
    rounds.append(Round(0, True, {"build": 9.0, "submit": 9.0, "job": 9.0}))
    told = Compared(
        "copy", version, ("sql", "table"), (CELL.id, CELL.id), events=events, rounds=rounds
    )
    found = content(told, (Side("sql", _kafka(CELL)), Side("table", _kafka(CELL))), [])
    if processor:
        found["machine_info"]["processor"] = processor
    return json.loads(json.dumps(found))


def _kafka(cell):
    """The line has no sets of connectors."""
    return make_cell(copying(), "sql", "batch", "files", cell.line)


def benched():
    """A file of a bench: cells of three rounds, of one, and of none."""
    seconds = {"build": 0.1, "submit": 0.2, "start": 0.3, "job": 2.0}
    rounds = [Timed(seconds, Used({"jvm": 1.0, "python": 0.0, "harness": 0.1}, {}, 0.03))] * 3
    told = [Measured(name, "copy", 1, "sql", 1000) for name in (*NAMES, "one", "none")]
    for cell, many in zip(told, (3, 3, 1, 0)):
        cell.rounds = rounds[:many]
    return json.loads(json.dumps(of_bench(told, [Side("", _kafka(CELL))] * 4, [])))


def loaded():
    """A file of latencies: of two cells, of which the second has no number."""
    told = [Latency(name, "copy", 1, "sql", "at-least-once", 100.0) for name in NAMES]
    told[0].entries = 3
    told[0].seconds = {"copies": [0.1, 0.2, -0.1], "copies: jitter": [0.5]}
    loads = [Loaded(_kafka(CELL), 100.0)] * 2
    return json.loads(json.dumps(of_latencies(told, loads, [])))


def test_latencies_are_saved_without_each_of_them():
    """And those that are no more than one are not."""
    (found,) = loaded()["benchmarks"]

    assert f"{NAMES[0]} at-least-once at 100/s: copies" == found["fullname"]
    assert (3, 0.1, []) == tuple(found["stats"][name] for name in ("rounds", "median", "data"))
    assert (1, 3) == tuple(found["extra_info"][name] for name in ("version", "events"))
    assert {} == found["extra_info"]["seconds"]


def test_a_bench_is_saved_with_what_decided_it():
    """Of a single round there is no spread to tell."""
    found = benched()["benchmarks"]

    assert NAMES == [each["fullname"] for each in found]
    assert (2.0, 3) == (found[0]["stats"]["median"], found[0]["stats"]["rounds"])
    info = found[0]["extra_info"]
    assert ("copy", 1, 1000, 500.0) == tuple(
        info[name] for name in ("scenario", "version", "events", "rate")
    )


@pytest.mark.parametrize(
    ("made", "names"), [(measured, NAMES), (benched, NAMES), (loaded, NAMES[:1])]
)
def test_pytest_benchmark_reads_it(tmp_path, made, names):
    """And has a row a cell."""
    file = tmp_path / "0001_now.json"
    file.write_text(json.dumps(made()))
    command = [sys.executable, "-m", "pytest_benchmark", "compare", str(file), "--columns=median"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert 0 == done.returncode, done.stderr
    assert all(name in done.stdout for name in names)


def test_what_is_saved():
    """Warm-ups are not; what decided the figures is."""
    found = measured()
    first, _ = found["benchmarks"]

    assert NAMES == [each["fullname"] for each in found["benchmarks"]]
    assert 12 == first["stats"]["rounds"] == len(first["stats"]["data"])
    assert 1.0 == first["stats"]["min"]
    assert (1, 1000, "9.0.2") == tuple(
        first["extra_info"][name] for name in ("version", "events", "flink")
    )
    assert {"processor", "cores", "load", "java"} <= set(found["machine_info"])
    assert {"id", "dirty"} <= set(found["commit_info"])


@pytest.mark.parametrize(
    ("factor", "fails", "told"),
    [
        (1.0, False, "job time 1.00 "),
        (1.05, False, "job time 1.05 "),
        (1.2, True, "of the baseline's: slower by more than 10%"),
        (0.8, False, "job time 0.80 "),
    ],
)
def test_held_against_a_baseline(factor, fails, told):
    found = held(measured(factor), measured())

    assert [fails, fails] == [each.fails(0.1) for each in found]
    assert all(told in each.sentence(0.1) for each in found)
    assert NAMES == [each.cell for each in found]


def test_what_is_slower_by_chance_does_not_fail():
    """Two rounds tell nothing that is sure."""
    now, before = measured(), measured()
    for file, data in ((now, [1.0, 2.0]), (before, [0.9, 1.4])):
        file["benchmarks"][0]["stats"]["data"] = data

    assert not held(now, before)[0].fails(0.1)


def test_another_machine_is_told():
    (first, _) = held(measured(), measured(processor="another"))

    assert "; on another machine: processor " in first.sentence(0.1)


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ({"version": 2}, r"not compared: version 2 in the baseline, 1 now"),
        ({"events": 10}, r"not compared: events 10 in the baseline, 1000 now"),
    ],
)
def test_what_is_not_the_same_is_not_compared(before, reason):
    with pytest.raises(StreamgaugeError, match=reason):
        held(measured(), measured(**before))


def test_a_baseline_of_other_cells():
    before = measured()
    before["benchmarks"] = []

    with pytest.raises(StreamgaugeError, match="the baseline has none of these cells"):
        held(measured(), before)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"benchmarks": [{"extra_info": {}}]}'])
def test_no_baseline(tmp_path, text):
    file = tmp_path / "file.json"
    file.write_text(text)

    with pytest.raises(StreamgaugeError, match=r"file\.json: no baseline that `compare --save`"):
        read(file)


def test_a_baseline_that_is_not_there(tmp_path):
    with pytest.raises(StreamgaugeError, match="cannot be read: No such file"):
        read(tmp_path / "none.json")


def test_share():
    assert 0.1 == _share("--planted", "10%")


@pytest.mark.parametrize("text", ["10", "-1%", "%", "ten%", "nan%"])
def test_no_share(text):
    with pytest.raises(UsageError, match=r"^--planted .*: a whole number of percent, such as 10%"):
        _share("--planted", text)
