"""An answer is the same in each zone of the session; one that is shifted by hours fails."""

import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches
from streamgauge.values.schema import Schema

_FOLDER = Path(__file__).with_name("scenarios")
EPOCHS, INSTANTS, DAYS = (_FOLDER / name for name in ("epochs", "instants", "local_days"))
MOMENTS = _FOLDER / "moments"
ZONE = "table.local-time-zone"
# What people write, who have read that times in Flink are UTC.
NAIVE = "SELECT id, CAST(TO_TIMESTAMP_LTZ(ms, 3) AS TIMESTAMP(3)) AS seen FROM events"
NAIVE_WINDOWS = """
    SELECT window_end, COUNT(*)
    FROM TABLE(TUMBLE(TABLE hits, DESCRIPTOR(seen), INTERVAL '10' SECOND))
    GROUP BY window_start, window_end
"""
TIMES = ["2021-05-26 00:00:00", "2024-02-28 23:59:59", "1970-01-01 00:00:00", None]
SHIFTED = ["2021-05-26 08:00:00", "2024-02-29 07:59:59", "1970-01-01 08:00:00", None]

each_zone = pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])


@each_zone
def test_milliseconds_are_the_same_time_in_each_zone(flink, zone):
    """1621987200000 is the midnight on which 2021-05-26 begins."""
    assert_matches({"times": rows(TIMES)}, run(flink, load(EPOCHS), zone))


def test_a_cast_of_a_moment_passes_in_utc_alone(flink, tmp_path):
    """And fails eight hours off in Shanghai, which is what its users tell of."""
    naive = shutil.copytree(EPOCHS, tmp_path / "jobs" / "epochs")
    (naive / "query.sql").write_text(NAIVE, encoding="utf-8")
    scenario = load(naive)

    assert_matches({"times": rows(TIMES)}, run(flink, scenario, "UTC"))
    shifted = run(flink, scenario, "Asia/Shanghai")

    assert "fail" == shifted.record.verdict, shifted.record.reason
    assert "Asia/Shanghai" == shifted.record.settings[ZONE]
    assert rows(SHIFTED) == sorted(shifted.rows["times"])


def test_windows_of_instants_are_the_same_in_another_zone(flink):
    """Event time is a TIMESTAMP_LTZ, whatever the clocks on the wall say."""
    scenario = load(INSTANTS)

    outcome = run(flink, scenario, "Asia/Shanghai", "streaming", "kafka")

    assert_matches(scenario.expected(scenario.sample(flink.seed)), outcome)


def test_the_end_of_a_window_of_instants_is_that_of_utc_there_alone(flink, tmp_path):
    """It is a local time: a sink of TIMESTAMP has it eight hours off in Shanghai."""
    naive = shutil.copytree(INSTANTS, tmp_path / "jobs" / "instants")
    (naive / "query.sql").write_text(NAIVE_WINDOWS, encoding="utf-8")
    instants = load(naive)
    schema = Schema.of(until="TIMESTAMP(3)", hits="BIGINT")
    scenario = replace(instants, sinks=(replace(instants.sinks[0], schema=schema, due=None),))
    hits = sorted(instants.sample(flink.seed)["hits"])
    counts = instants.expected({"hits": hits})["counts"]
    right = {"counts": [(in_utc(at), n) for at, n in counts]}
    scenario = replace(scenario, oracle=lambda _: right)

    assert_matches(right, run(flink, scenario, "UTC"))
    shifted = run(flink, scenario, "Asia/Shanghai")

    assert "fail" == shifted.record.verdict, shifted.record.reason
    later = [(at + timedelta(hours=8), n) for at, n in right["counts"]]
    assert sorted(later) == sorted(shifted.rows["counts"])


@pytest.mark.every_zone
@pytest.mark.parametrize("mode", ["streaming", "batch"])
def test_days_of_instants_lose_rows_in_streaming(flink, mode):
    """Where clocks are never set back (FLINK-38075), which the scenario declares."""
    scenario = load(DAYS)

    record = run(flink, scenario, "Asia/Shanghai", mode).record

    known = "fail as is known until 2027-11-27: FLINK-38075: "
    told = ("absent", known) if mode == "streaming" else ("pass", "")
    assert told == (record.verdict, record.reason[: len(known)])


@pytest.mark.every_zone
def test_instants_are_the_same_where_all_is_in_another_zone(cli):
    """In all dialects and both modes; of MySQL's tables too, but for what mysql-cdc makes of them.

    It gives a TIMESTAMP as if the clocks of MySQL's zone were those of UTC (seen in 3.5.0).
    """
    code, output = cli.run(
        "run", str(INSTANTS), str(MOMENTS), "--zone", "Asia/Shanghai", "--json", "all.json"
    )

    assert 1 == code, output
    # Of four dialects in two modes over two bindings the Table API lacks a batch.
    *passed, shifted = sorted(ran(cli), key=lambda record: record["verdict"] != "pass")
    assert (14 + 1, "cdc") == (len(passed), shifted["binding"])
    assert "1622016000" in shifted["reason"]


@pytest.mark.every_zone
def test_a_cast_of_mysqls_timestamp_is_shifted(cli):
    """Eight hours, in Shanghai alone: what users write most often."""
    naive = shutil.copytree(MOMENTS, cli.folder / "scenarios" / "moments")
    text = (naive / "query.sql").read_text(encoding="utf-8")
    cast = text.replace("id, said", "id, CAST(seen AS TIMESTAMP(3))")
    (naive / "query.sql").write_text(cast, encoding="utf-8")
    axes = ("run", str(naive), "--binding", "debezium", "--json", "all.json")

    right, output = cli.run(*axes)
    wrong, _ = cli.run(*axes, "--zone", "Asia/Shanghai")

    assert (0, 1) == (right, wrong), output
    (record,) = ran(cli)
    assert "fail" == record["verdict"]
    assert "datetime.datetime(2021, 5, 26, 8, 0), 1621987200" in record["reason"]


@pytest.mark.every_zone
def test_answers_are_the_same_where_all_is_in_another_zone(cli):
    """Of days and times, of MySQL by both ways, of Hive's tables and of windows."""
    asked = ("orders_cdc", "log_sync", "open_windows", "--mode", "streaming", "--dialect", "sql")

    code, output = cli.run("run", *asked, "--zone", "Asia/Shanghai", "--json", "all.json")

    assert 0 == code, output
    records = json.loads((cli.folder / "all.json").read_text())
    assert {"Asia/Shanghai"} == {each["zone"] for each in records if each["verdict"] == "pass"}


def run(flink, scenario, zone, mode="batch", binding="files"):
    """The SQL of the scenario, in a session of this zone."""
    there = replace(scenario, settings={ZONE: zone})
    return flink.run(there, "sql", mode, binding, scenario.sample(flink.seed))


def in_utc(last):
    """The window's end, as a clock in UTC has it."""
    return last.astimezone(timezone.utc).replace(tzinfo=None) + timedelta(milliseconds=1)


def ran(cli):
    """The records of the cells that are not absent."""
    records = json.loads((cli.folder / "all.json").read_text())
    return [each for each in records if each["verdict"] != "absent"]


def rows(texts):
    """The sink's rows, in order."""
    return [(at, text and datetime.fromisoformat(text)) for at, text in enumerate(texts)]
