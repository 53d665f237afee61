"""Hive's tables, read by others than Flink: the metastore alone says what is there."""

import shutil
from collections import Counter
from dataclasses import replace

import psutil
import pyarrow.dataset
import pytest

from streamgauge.attachments.hive import HiveTable
from streamgauge.bindings import KINDS
from streamgauge.discovery import discover
from streamgauge.services import metastore

ROWS = 300


class Look(HiveTable):
    """Looks at the table of events before it is dropped."""

    looks = ()

    def drop(self):
        """Look, then plant a folder that nobody committed, and look again."""
        before, rows = self.partitions(), list(self.read())
        planted = before[0].folder.with_name("hr=99")
        shutil.copytree(before[0].folder, planted)
        Look.looks = (before, rows, planted.is_dir(), self.partitions(), list(self.read()))
        Look.table = pyarrow.dataset.dataset(
            [str(file) for part in before for file in part.folder.glob("[!._]*")], format="parquet"
        ).to_table()
        super().drop()


@pytest.fixture
def hive(flink):
    """The line, if it has a Hive connector."""
    if "hive" in flink.line.absent:
        pytest.skip(flink.line.absent["hive"])
    return flink


@pytest.mark.parametrize("mode", ["batch", "streaming"])
def test_metastore_lists_the_partitions_of_all_rows(hive, mode, monkeypatch):
    """Exactly the expected partitions, whose files have the expected rows and no others."""
    kind = KINDS["hive"]

    def look(shared, sink):
        return Look(shared.place, shared.hive, sink) if sink.partitions else kind.sink(shared, sink)

    monkeypatch.setitem(KINDS, "hive", replace(kind, sink=look))
    scenario = discover()["log_sync"]
    inputs = scenario.sample(hive.seed, ROWS)
    expected = scenario.expected(inputs)["events"]

    record = hive.run(scenario, "sql", mode, "hive", inputs).record
    assert "pass" == record.verdict, record.reason

    listed, rows, planted, listed_then, rows_then = Look.looks
    assert sorted({row[-2:] for row in expected}) == [part.values for part in listed]
    assert Counter(expected) == Counter(arrival.change.row for arrival in rows)
    # pyarrow by itself, without our reader: the same lines, the same clock.
    columns = (Look.table[name].to_pylist() for name in ("id", "status", "bytes"))
    assert Counter((row[0], row[4], row[5]) for row in expected) == Counter(zip(*columns))
    # A folder with files and a _SUCCESS, that the metastore does not list, does not count.
    assert planted
    assert (listed, rows) == (listed_then, rows_then)


def test_metastore_listens_on_loopback_only(streamgauge_harness):
    """Hive would take every interface: our rule is in force."""
    address = streamgauge_harness.services(["metastore"])["metastore"]
    listening = {
        connection.laddr.ip
        for process in psutil.Process().children(recursive=True)
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == address.port
    }

    assert metastore.answers(address)
    assert listening
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1"}


def test_metastore_that_is_not_there_does_not_answer(streamgauge_harness):
    """No exception, no trace, just no."""
    address = streamgauge_harness.services(["metastore"])["metastore"]

    assert not metastore.answers(replace(address, port=1))
