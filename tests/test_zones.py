"""An answer is the same in each zone of the session; one that is shifted by hours fails."""

import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from streamgauge.discovery import load
from streamgauge.testing import assert_matches

_FOLDER = Path(__file__).with_name("scenarios")
EPOCHS, INSTANTS, DAYS = (_FOLDER / name for name in ("epochs", "instants", "local_days"))
MOMENTS = _FOLDER / "moments"
ZONE = "table.local-time-zone"
# What people write, who have read that times in Flink are UTC.
NAIVE = "SELECT id, CAST(TO_TIMESTAMP_LTZ(ms, 3) AS TIMESTAMP(3)) AS seen FROM events"
# Of MySQL's TIMESTAMP the instant is cast.
NAIVELY = [
    ("query.sql", "id, said", "id, CAST(seen AS TIMESTAMP(3))", "cdc"),
    ("query.sql", "id, said", "id, CAST(seen AS TIMESTAMP(3))", "debezium"),
]
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


@pytest.mark.every_zone
@pytest.mark.parametrize("binding", ["files", "kafka"])
@pytest.mark.parametrize("mode", ["streaming", "batch"])
def test_days_of_instants_lose_rows_in_streaming(flink, mode, binding):
    """Where clocks are never set back (FLINK-38075), which the scenario declares."""
    scenario = load(DAYS)

    record = run(flink, scenario, "Asia/Shanghai", mode, binding).record

    known = "fail as is known until 2027-11-27: FLINK-38075: "
    told = ("absent", known) if mode == "streaming" else ("pass", "")
    assert told == (record.verdict, record.reason[: len(known)])


@pytest.mark.every_zone
@pytest.mark.parametrize(("file", "there", "instead", "binding"), NAIVELY)
def test_times_of_mysql_are_shifted_by_who_forgets_the_zone(cli, file, there, instead, binding):
    """Eight hours, in Shanghai alone: what their users write most often."""
    naive = shutil.copytree(MOMENTS, cli.folder / "scenarios" / "moments")
    text = (naive / file).read_text(encoding="utf-8")
    (naive / file).write_text(text.replace(there, instead, 1), encoding="utf-8")
    axes = ("run", str(naive), "--binding", binding, "--json", "all.json")

    right, output = cli.run(*axes)
    wrong, _ = cli.run(*axes, "--zone", "Asia/Shanghai")

    assert (0, 1) == (right, wrong), output
    (record,) = json.loads((cli.folder / "all.json").read_text())
    assert "fail" == record["verdict"]
    assert "2021, 5, 26, 8, 0" in record["reason"]


@pytest.mark.every_zone
def test_answers_are_the_same_where_all_is_in_another_zone(cli):
    """Of days and times, of MySQL by both ways, of Hive's tables and of windows."""
    asked = ("orders_cdc", "log_sync", "open_windows", "--mode", "streaming", "--dialect", "sql")

    code, output = cli.run(
        "run", "--quick", *asked, "--zone", "Asia/Shanghai", "--json", "all.json"
    )

    assert 0 == code, output
    records = json.loads((cli.folder / "all.json").read_text())
    assert {"Asia/Shanghai"} == {each["zone"] for each in records if each["verdict"] == "pass"}


def run(flink, scenario, zone, mode="batch", binding="files"):
    """The SQL of the scenario, in a session of this zone."""
    there = replace(scenario, settings={ZONE: zone})
    return flink.run(there, "sql", mode, binding, scenario.sample(flink.seed))


def rows(texts):
    """The sink's rows, in order."""
    return [(at, text and datetime.fromisoformat(text)) for at, text in enumerate(texts)]
