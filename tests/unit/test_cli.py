"""A mistake is told in one line, and data can be had alone."""

import csv
import json
import subprocess
import sys
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from streamgauge import cli, show, versions
from streamgauge.cells import cells
from streamgauge.cli import run, running
from streamgauge.discovery import discover, load
from streamgauge.job import Job
from streamgauge.records import Record, Recorder
from streamgauge.values.text import to_text

CHECKOUT = Path(__file__).resolve().parents[2]
found = cache(discover)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("run word_cont", "unknown scenario 'word_cont' (did you mean word_count?); valid: "),
        ("run xyz", "unknown scenario 'xyz'; valid: "),
        (
            "run --dialect tabel",
            "unknown dialect 'tabel' (did you mean table?); valid: sql, table, datastream, process",
        ),
        (
            "run --udf panda",
            "unknown udf 'panda' (did you mean pandas?); valid: process, thread, pandas",
        ),
        ("run word_count --udf pandas", "no cell is pandas: see"),
        ("run --mode bach", "unknown mode 'bach' (did you mean batch?); valid: batch, streaming"),
        ("run --binding fils", "unknown binding 'fils' (did you mean files?); valid: files, kafka"),
        ("run --flink 1.2", "unknown Flink line '1.2' (did you mean 1.20?); valid: 1.19, 1.20, "),
        ("run --binder local", "No such option: --binder"),
        ("run --cluster ours", "unknown cluster 'ours'; valid: session, remote"),
        ("run --cluster remote", "--cluster remote and --rest URL go together"),
        ("run --rest http://there", "--cluster remote and --rest URL go together"),
        ("run --rows 0", "--rows 0: at least 1"),
        ("run --seed -1", "--seed -1: 0 to 2**64-1"),
        ("run --rows many", "--rows"),
        ("run --lifecycle restrat", "unknown lifecycle 'restrat' (did you mean restart?); valid: "),
        ("run --tuning quick", "unknown tuning 'quick'; valid: conformance, flink defaults"),
        ("run --delivery exactly-once --note", "--note notes what a plain run finds: without --q"),
        ("run --delivery twice", "unknown delivery 'twice'"),
        (
            "run --provider locl",
            "unknown provider 'locl' (did you mean local?); valid: local, containers, ",
        ),
        ("services tidy --provider locl", "unknown provider 'locl'"),
        ("services tidy --older-than -1", "--older-than -1: hours, at least 0"),
        ("bench --provider locl", "unknown provider 'locl'"),
        ("compare word_count --provider locl", "unknown provider 'locl'"),
        ("upgrade --from 1.20 --to 2.3 --provider locl", "unknown provider 'locl'"),
        ("run --cluster containers", "services are beside it, so with --provider containers alone"),
        ("run --keep", "--keep leaves containers up: with --provider containers alone"),
        ("run --lifecycle restart --note", "--note notes what a plain run finds: without --q"),
        ("run --parallelism 2 --note", "--note notes what a plain run finds: without --q"),
        ("run --flink 1.20+kafka=3.2.0-1.19 --note", "--note notes what a plain run finds"),
        ("run --times 2 --note", "--note notes what a plain run finds: without --quick, "),
        ("run --times 0", "--times 0: at least 1"),
        ("run --parallelism 0", "--parallelism 0: at least 1"),
        ("run --cut 1.5", "--cut 1.5: a share, 0 to 1"),
        ("run --cut nan", "--cut nan: a share, 0 to 1"),
        (
            "run --lifecycle native --cut 0.2",
            "lifecycle native has a cut and a parallelism of its own: --cut and --parallelism go ",
        ),
        ("run --quick --lifecycle restart", "--quick is --lifecycle once: give one of them"),
        ("run --quick --note", "--note notes what a plain run finds: without --quick, "),
        ("run --lifecycle rescale --parallelism 1", "lifecycle rescale: --parallelism 1: at least"),
        ("run --set taskmanager.numberOfTaskSlots=8", "is of the cluster, not of a job"),
        (
            "run --set table.local-time-zone=Asia/Shangai",
            "table.local-time-zone: unknown zone 'Asia/Shangai' (did you mean Asia/Shanghai?)",
        ),
        (
            "run --zone Asia/Shangai",
            "--zone: unknown zone 'Asia/Shangai' (did you mean Asia/Shanghai?); valid: a name",
        ),
        ("run --zone GMT+08:00", "--zone: unknown zone 'GMT+08:00'"),
        (
            "run --zone Asia/Shanghai --provider external",
            "--zone Asia/Shanghai: of what a run starts itself: with --cluster session and --prov",
        ),
        ("run --zone Asia/Shanghai --note", "--note notes what a plain run finds: without --q"),
        ("run --patience 0", "--patience 0: more than 0 seconds, and not for ever"),
        ("run --patience -1", "--patience -1: more than 0 seconds, and not for ever"),
        ("run --patience inf", "--patience inf: more than 0 seconds, and not for ever"),
        ("run --patience nan", "--patience nan: more than 0 seconds, and not for ever"),
        ("run --patience long", "--patience"),
        ("run --dialct sql", "--dialect"),
        ("runn", "unknown command 'runn' (did you mean run?); valid: run, new, list, "),
        ("jars lok", "unknown command 'lok' (did you mean lock?); valid: lock, verify"),
        ("list word_cont", "unknown scenario 'word_cont' (did you mean word_count?); valid: "),
        ("list --flink 3.0", "unknown Flink line '3.0'"),
        ("show word_count --dialect sqll", "unknown dialect 'sqll' (did you mean sql?); valid: s"),
        ("show word_count --binding cdc", "no cell is sql and cdc: see"),
        ("show word_count --udf pandas", "no cell is sql and pandas: see"),
        ("show click_top10 --mode batch", "click_top10-sql-batch-files-1.20 is absent: nothing is"),
        ("list log_sink", "unknown scenario 'log_sink' (did you mean log_sync?); valid: click_top"),
        ("generate word_cont", "unknown scenario 'word_cont' (did you mean word_count?); valid: "),
        ("generate word_count --rows 0", "--rows"),
        ("generate orders_cdc --topic t", "orders_cdc does not fit a topic"),
        ("generate word_count --rate 5", "--rate: only what goes to a --topic is sent at a rate"),
        ("generate word_count --topic t --rate 0", "--rate 0: at least one event in some time"),
        ("generate word_count --part 5/4", "--part 5/4: such as 2/4, the second of four"),
        ("generate word_count --part 0/4", "--part 0/4: such as 2/4, the second of four"),
        ("generate word_count --locale zh_CM", "unknown locale 'zh_CM' (did you mean zh_CN?)"),
        ("generate log_sync --locale zh_CN", "log_sync has nothing that --locale could change"),
        ("generate word_count --part 2", "--part 2: such as 2/4, the second of four"),
        ("records show", "no run is recorded in "),
        ("upgrade --from 1.20", "an upgrade needs --from LINE and --to LINE"),
        ("upgrade", "an upgrade needs --from LINE and --to LINE, or --path LINE,LINE,..."),
        ("upgrade --from 2.3 --to 1.20", "2.3 to 1.20 is no upgrade: see --roll-back"),
        ("upgrade --path 1.20,9.9", "unknown Flink line '9.9'"),
        ("bench word_count --rate 0", "--rate 0: at least one event in some time"),
        ("bench word_count --rate nan", "--rate nan: at least one event in some time"),
        ("bench word_count --rate inf", "--rate inf: at least one event in some time"),
        ("bench word_count --rate 9 --rounds 2", "--rounds: under a load there is one, which"),
        ("bench word_count --sustainable --save x", "--save: a search times no jobs; --json"),
        ("bench word_count --sustainable --rows 5", "--rows: of a search for the highest rate"),
        ("bench word_count --rate 9 --binding files", "only a single topic of rows is fed at a"),
        ("bench orders_cdc --sustainable", "orders_cdc-sql-streaming-cdc-1.20: only a single"),
        ("bench word_count --rate 9 --binding kafka --parallelism 9", "parallelism 9 needs more"),
        ("bench word_count --delivery twice", "unknown delivery 'twice'"),
        ("bench --tuning fast", "unknown tuning 'fast'; valid: conformance, flink defaults, low "),
        ("runtimes install 1.2", "unknown Flink line '1.2' (did you mean 1.20?); valid: 1.19, "),
    ],
)
def test_mistake_is_told_in_one_line(streamgauge, arguments, told):
    """Exit code 2; valid choices and the nearest; nothing on standard output."""
    code, out, err = streamgauge(*arguments.split())

    assert (2, "") == (code, out)
    assert err.startswith("streamgauge: ")
    assert told in err
    assert 1 == err.count("\n")


def test_damaged_scenario_is_a_mistake(streamgauge, tmp_path):
    """A folder of one's own that is not a scenario is told by name."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "oracle.py").touch()
    code, _, err = streamgauge("list", str(folder))

    assert (2, f"streamgauge: {folder}: missing file scenario.py\n") == (code, err)


def test_version(streamgauge):
    """`--version` prints nothing but the version."""
    code, out, err = streamgauge("--version")

    assert (0, "") == (code, err)
    assert out.strip()
    assert out.strip()[0].isdigit()


def test_list_as_json(streamgauge, tmp_path):
    """One record a cell, absent ones with their reasons."""
    code, out, err = streamgauge("list", "--json", "cells.json")
    told = json.loads((tmp_path / "cells.json").read_text())
    every = cells(found().values(), versions.lines().values())
    reasons = {cell["absent"] for cell in told} - {None}

    assert (0, "") == (code, err)
    assert [cell.absent for cell in every] == [cell["absent"] for cell in told]
    assert [
        *("scenario", "version", "dialect", "udf", "mode", "binding", "tables", "flink"),
        *("absent", "verdict", "seen"),
    ] == list(told[0])
    assert [cell.udf for cell in every] == [cell["udf"] for cell in told]
    assert reasons
    assert all(reason in out for reason in reasons)


def test_list_of_one_line(streamgauge, tmp_path):
    """Names narrow the list down."""
    code, out, _ = streamgauge("list", "word_count", "--flink", "1.19", "--json", "cells.json")
    told = json.loads((tmp_path / "cells.json").read_text())

    assert 0 == code
    assert {("word_count", "1.19.3")} == {(cell["scenario"], cell["flink"]) for cell in told}
    assert "orders_cdc" not in out
    assert "word_count diverges: fail in datastream and restart or native or " in out


@pytest.mark.parametrize(
    ("arguments", "cell"),
    [
        ("word_count", "word_count-sql-batch-files-1.20"),
        ("word_count --dialect table --flink 1.19", "word_count-table-batch-files-1.19"),
        ("syslog_udf --udf pandas --mode streaming", "syslog_udf-sql-pandas-streaming-files-1.20"),
        ("syslog_udf --udf thread --binding kafka", "syslog_udf-sql-thread-batch-kafka-1.20"),
        ("orders_cdc", "orders_cdc-sql-streaming-cdc-1.20"),
    ],
)
def test_show_is_of_the_first_cell_that_is_there(streamgauge, monkeypatch, arguments, cell):
    """Axes that are named hold, the others are the first of the scenario's."""
    job = Job(**dict.fromkeys((field.name for field in fields(Job)), ""))
    monkeypatch.setattr(show, "explained", lambda _: (job, "a plan"))
    monkeypatch.setattr(show, "render", lambda asked, *_: asked.id)

    assert (0, f"{cell}\n", "") == streamgauge("show", *arguments.split())


def test_generate_is_the_same_twice(streamgauge):
    """The seed decides; a header names the columns."""
    arguments = ["generate", "word_count", "--rows", "5", "--seed", "1"]
    first, second = streamgauge(*arguments), streamgauge(*arguments)
    other = streamgauge(*arguments[:-1], "2")

    assert (0, "") == (first[0], first[2])
    assert "word" == first[1].splitlines()[0]
    assert 6 == len(first[1].splitlines())
    assert first == second
    assert first[1] != other[1]


def test_generate_to_a_folder(streamgauge, tmp_path):
    """A file a source, made with its folder; changes have their op in front."""
    code, out, err = streamgauge("generate", "orders_cdc", "--to", "new/data")
    asked = load(CHECKOUT / "jobs" / "orders_cdc")

    assert (0, "", "") == (code, out, err)
    for source in asked.sources:
        with (tmp_path / "new" / "data" / f"{source.name}.csv").open(
            newline="", encoding="utf-8"
        ) as file:
            header, *lines = csv.reader(file)
        changes = source.generate(0, 0, asked.rows)
        assert ["op", *source.schema.names] == header
        assert [[c.op, *(to_text(value) or "" for value in c.row)] for c in changes] == lines


def test_generate_in_parts(streamgauge):
    """All parts together are the whole."""
    arguments = ["generate", "click_top10", "--rows", "50", "--seed", "9"]
    _, whole, _ = streamgauge(*arguments)
    parts = [streamgauge(*arguments, "--part", f"{number}/3")[1] for number in (1, 2, 3)]
    header, *lines = whole.splitlines()

    assert [header] * 3 == [part.splitlines()[0] for part in parts]
    assert lines == [line for part in parts for line in part.splitlines()[1:]]
    assert [16, 17, 17] == [len(part.splitlines()) - 1 for part in parts]


def test_generate_in_a_locale(streamgauge, tmp_path):
    """Names are of it, and what is asked for is told."""
    arguments = ["generate", "click_top10", "--rows", "9", "--locale", "zh_CN"]
    _, out, _ = streamgauge(*arguments, "--json", "made.json")

    names = [row["name"] for row in csv.DictReader(out.splitlines())]
    # But for those that are hostile.
    assert sum(not name.isascii() for name in names) > 3
    assert "zh_CN" == json.loads((tmp_path / "made.json").read_text())["locale"]


def test_generate_tells_how_much(streamgauge, tmp_path):
    """`--json` has what is needed to make the same rows again."""
    streamgauge("generate", "word_count", "--rows", "7", "--seed", "3", "--json", "made.json")

    assert {"scenario": "word_count", "seed": 3, "rows": {"words": 7}} == json.loads(
        (tmp_path / "made.json").read_text()
    )


def test_path_of_a_query_is_a_run_of_it(tmp_path):
    """A file of a scenario names its dialect; another path stays as it is."""
    query = tmp_path / "query.sql"
    query.touch()

    assert ["run", str(tmp_path), "--dialect", "sql", "--rows", "5"] == cli._spelt_out(
        [str(query), "--rows", "5"]
    )
    assert ["list", "query.sql"] == cli._spelt_out(["list", "query.sql"])
    scored = Path(__file__).parents[1] / "scenarios" / "scored"
    assert ["run", str(scored), "--dialect", "job"] == cli._spelt_out([str(scored / "scores.py")])
    assert [str(scored / "games.py")] == cli._spelt_out([str(scored / "games.py")])
    assert ["run", "--quick", *run.first()] == cli._spelt_out([])


def test_past_run_is_shown_from_its_records(streamgauge, tmp_path):
    """The table, the reasons and the count; `--json` has the records."""
    recorder = Recorder("20261126-150000-a")
    recorder.append(Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass", seed=7))
    given = {"kind": "given", "seed": None, "rows": {}}
    wrong = Record("copy", 1, "table", "batch", "files", "2.3.0", "fail", "[b]wrong", inputs=given)
    recorder.append(wrong)
    code, out, err = streamgauge("records", "show", "2026", "--json", "told.json")

    assert (0, "") == (code, err)
    assert out.startswith("run 20261126-150000-a\n")
    assert "scenario copy, mode batch, binding files" == out.splitlines()[2]
    assert "sql      1.20.5  seed 7  pass" in out
    assert "table    2.3.0   given   fail" in out
    assert "fail: [b]wrong\n  copy-table-batch-files-2.3.0" in out
    assert out.endswith("2 cells: 1 pass, 1 fail\n")
    assert ["copy"] * 2 == [told["scenario"] for told in json.loads(Path("told.json").read_text())]


def test_lifecycle_is_shown_where_it_is_another(streamgauge):
    """A plain run has no column for it."""
    recorder = Recorder("20261126-150000-a")
    for lifecycle in ("once", "restart"):
        lived = Record("copy", 1, "sql", "batch", "files", "1.20.5", "pass", lifecycle=lifecycle)
        recorder.append(lived)
    _, out, _ = streamgauge("records", "show")

    assert "lifecycle  verdict" in out
    assert "restart    pass" in out


def test_run_without_a_cell_is_shown(streamgauge):
    """One that was killed before its first cell was done."""
    Recorder("20261126-150000-a")

    assert streamgauge("records", "show")[1].endswith("0 cells: 0 pass\n")


@pytest.fixture
def asked(monkeypatch):
    """What a run would do, which it does not."""
    calls = []
    monkeypatch.setattr(running, "run_all", lambda *given: calls.append(given))
    return calls


def test_without_a_command_the_first_scenarios_run(streamgauge, asked):
    """With the options' defaults: the command is `run`, and nothing else."""
    streamgauge()
    ((runs, manner, _),) = asked
    wanted = [run.cell for run in runs]

    assert {s.id for s in found().values() if s.first} == {cell.scenario.id for cell in wanted}
    assert {"1.20"} == {cell.line.name for cell in wanted}
    assert 60 == manner.patience


@pytest.mark.parametrize("lifecycle", ["once", "restart", "rescale"])
def test_lifecycle_gets_its_shape(streamgauge, asked, lifecycle):
    """Rows that are there as a whole are not cut: those cells are absent, and say so."""
    shape = "--lifecycle", lifecycle, "--cut", "0.2", "--parallelism", "2"
    streamgauge("run", "word_count", "--binding", "kafka", *shape)
    absent = {run.cell.absent for run in asked[0][0] if run.cell.mode == "batch"}
    shaped = {run.lifecycle for run in asked[0][0] if run.cell.absent is None}

    assert {(0.2, 2)} == {(found.cut, found.parallelism) for found in shaped}
    assert lifecycle != "once" or {"--cut: input that has an end comes whole"} == absent


def test_quick_restarts_nothing(streamgauge, asked):
    """A plain run does, where the input has no end."""
    for options in ((), ("--quick",)):
        streamgauge("run", "word_count", "--dialect", "sql", *options)
    plain, quick = (
        {(run.cell.mode, run.cell.binding): run.lifecycle.name for run in runs}
        for runs, *_ in asked
    )

    assert {"once"} == {*quick.values()}
    assert {**quick, ("streaming", "kafka"): "rescale"} == plain


def test_a_plain_run_draws_rows(streamgauge, asked):
    """The shipped sample, which is kind, is for who looks first."""
    for options in ((), ("--quick",), ("--quick", "--seed", "0")):
        streamgauge("run", "word_count", "--dialect", "sql", *options)
    kinds = [{run.origin.kind for run in runs} for runs, *_ in asked]

    assert [{"generated"}, {"sample"}, {"generated"}] == kinds


def test_corners_are_of_a_plain_run_alone(streamgauge, asked):
    """Of so many rows, or through one lifecycle, is just that."""
    for options in ((), ("--rows", "9"), ("--quick",), ("--parallelism", "2")):
        streamgauge("run", "word_count", "--dialect", "sql", *options)
    found = [[run.name for run in runs if run.cell.corner] for runs, *_ in asked]

    assert [["word_count-sql-batch-files-many-1.20"], [], [], []] == found


def test_corners_are_run_with_the_others_of_their_line(streamgauge, asked):
    """Each line's cluster is started once."""
    streamgauge("run", "word_count", "--dialect", "sql", "--flink", "1.20", "--flink", "2.3")
    lines = [run.cell.line.name for run in asked[0][0]]

    assert sorted(lines) == lines


def test_cells_run_several_times(streamgauge, asked):
    """Absent ones once: nothing comes of them."""
    streamgauge("run", "word_count", "--dialect", "sql", "--lifecycle", "restart", "--times", "3")
    numbers = [(run.cell.absent is None, run.number) for run in asked[0][0]]

    assert [(False, 1)] * 3 + [(True, 1), (True, 2), (True, 3)] == sorted(numbers)


def test_patience_is_the_harness(streamgauge, asked):
    """Also less than a second."""
    streamgauge("run", "word_count", "--patience", "0.5")

    assert 0.5 == asked[0][1].patience


def test_a_command_imports_what_it_needs_alone():
    """Each would cost a tenth of a second of every command."""
    costly = {
        "confluent_kafka",
        "httpx",
        "numpy",
        "pyarrow",
        "pymetastore",
        "pymysql",
        "scipy",
        "sqlglot",
    }
    imports = "import sys; from streamgauge.cli import inspect, run, up"
    asked = f"{imports}; print(*{costly} & {{*sys.modules}})"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert not told.stdout.split()
