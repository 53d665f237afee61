"""What is told of connector sets on each line is read from jars, and from noted verdicts."""

import json
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from streamgauge import cli, versions
from streamgauge.cli import probe
from streamgauge.errors import UsageError
from tests.unit.test_links import FLINK, RUN, made

LINES = list(versions.lines())


def jar(path, name, **more):
    with ZipFile(path, "w") as file:
        file.writestr(f"{name}.class", made(name, **more))
    return path


@pytest.fixture
def told(monkeypatch, tmp_path):
    """What is told where Flink 1.x alone has `Sink`, and 2.3 alone has run, over Kafka."""
    uses = [(FLINK + "Sink", RUN), (FLINK + "Optional",)]
    connector = jar(tmp_path / "connector.jar", "my/Connector", uses=uses)

    def install(line):
        name = FLINK + ("Sink" if line.name.startswith("1.") else "Other")
        return SimpleNamespace(jars=[jar(tmp_path / f"{line}.jar", name, methods=[RUN])])

    monkeypatch.setattr(probe.environment, "install", install)
    monkeypatch.setattr(probe.jars, "fetch", lambda _: [connector])
    monkeypatch.setattr(probe, "_ran", lambda: {("kafka", "1.20")})

    def told(*arguments):
        file = tmp_path / "told.json"
        done = CliRunner().invoke(
            cli.app, ["runtimes", "probe", *arguments, "--json", str(file)], catch_exceptions=False
        )
        return done.stdout, json.loads(file.read_text())

    return told


def test_lacks_links_and_ran(told):
    """Each set of a connector on each line; what no line has is optional."""
    _, (first, second, *_) = told("--connector", "kafka")
    lacks = {"state": "lacks", "lacks": ["org.apache.flink.api.Sink"]}

    assert ("kafka", list(versions.line("1.19").connectors["kafka"].artifacts)) == (
        first["connector"],
        first["artifacts"],
    )
    assert dict.fromkeys(LINES[2:], lacks) == {name: first["lines"][name] for name in LINES[2:]}
    # It has run on the line that declares it, and links on the other.
    assert ["links", "links"] == [first["lines"][name]["state"] for name in LINES[:2]]
    assert ["links", "ran"] == [second["lines"][name]["state"] for name in LINES[:2]]


def test_reasons_are_told_once(told):
    """Below the table."""
    output, rows = told()

    assert {kind for line in versions.lines().values() for kind in line.connectors} == {
        row["connector"] for row in rows
    }
    assert 1 == output.count("(1) lacks org.apache.flink.api.Sink\n")
    assert "flink-connector-kafka:3.4.0-1.20" in output


def test_sets_that_lines_share_are_one():
    """With the lines that declare them."""
    (shared,) = (
        lines for js, lines in probe._sets("jdbc").values() if "4.0.0-2.0" in js.artifacts[0]
    )

    assert ["2.0", "2.1", "2.2", "2.3"] == shared


def test_sets_that_may_take_a_place_are_probed():
    """Of no line are they its own."""
    own = {js.artifacts[0]: lines for js, lines in probe._sets("kafka").values()}

    assert [] == own["org.apache.flink:flink-connector-kafka:3.2.0-1.19"]
    assert ["2.2", "2.3"] == own["org.apache.flink:flink-connector-kafka:5.0.0-2.2"]


def test_ran_is_what_is_noted(monkeypatch):
    """A connector ran where a cell over it is noted to pass; of some lines that is seen late."""
    seen = {"1.19": "pass", "2.3": "pass", "2.2": "fail"}
    noted = lambda cell, _: {"verdict": seen[cell.line.name]} if cell.line.name in seen else None  # noqa: E731
    monkeypatch.setattr(probe.verdicts, "of", noted)
    ran = probe._ran()

    assert {("kafka", "2.3"), ("cdc", "1.19"), ("hive", "1.19")} <= ran
    assert {"1.19", "2.3"} == {line for _, line in ran}


def test_unknown_connector_is_told(told):
    """With the nearest."""
    with pytest.raises(UsageError, match="did you mean kafka"):
        told("--connector", "kafak")
