"""Where services come from and where jobs run: the same answers, by the same command."""

import json
import re

import pytest

from streamgauge import paths, versions
from streamgauge.clusters.access import CA
from streamgauge.services import connect
from streamgauge.workspace import workspace
from tests.standing import standing
from tests.theirs import address, named, theirs_up

pytestmark = pytest.mark.every_provider
LINE = versions.line("1.20")
CELLS = {("word_count", "kafka"), ("orders_cdc", "cdc")}
AXES = ("--dialect", "sql", "--mode", "streaming", "--binding", "kafka", "--binding", "cdc")


@pytest.fixture
def local():
    """What is told beside the choice: options and variables."""
    return (), {}


@pytest.fixture
def containers(docker):
    return (), {}


@pytest.fixture
def external(tmp_path_factory):
    """Kafka by TLS and SCRAM, MySQL by TLS, and a cluster by TLS: nothing of it is ours."""
    with (
        theirs_up(tmp_path_factory.mktemp("theirs")) as theirs,
        standing(tmp_path_factory.mktemp("standing"), LINE) as cluster,
    ):
        urls = {"STREAMGAUGE_KAFKA": theirs.kafka_url(), "STREAMGAUGE_MYSQL": theirs.mysql_url()}
        yield ("--rest", cluster.url), {**urls, CA: str(cluster.ca)}
        assert set() == named(urls)


@pytest.mark.parametrize(
    ("provider", "cluster"),
    [
        ("local", "session"),
        ("containers", "session"),
        ("containers", "containers"),
        ("external", "remote"),
    ],
)
def test_answers_are_the_same(provider, cluster, cli, request):
    """From Kafka to Kafka, and from MySQL's binlog to MySQL."""
    more, variables = request.getfixturevalue(provider)
    where = ("--provider", provider, "--cluster", cluster, *more)
    code, output = cli.run(
        "run",
        "--quick",
        "word_count",
        "orders_cdc",
        *AXES,
        *where,
        "--json",
        "told.json",
        **variables,
    )
    assert code == 0, output
    records = json.loads((cli.folder / "told.json").read_text())

    passed = {(r["scenario"], r["binding"]) for r in records if r["verdict"] == "pass"}
    assert (CELLS, len(CELLS)) == (passed, len(records))
    assert {(provider, cluster)} == {(r["provider"], r["cluster"]) for r in records}


def test_documented_commands_pass_on_somebody_else_s(external, cli):
    """Those of docs/providers.md for your own Kafka and MySQL, in their order."""
    _, variables = external
    commands = re.findall(
        r"^sh run\.sh (.* --provider external.*)$",
        (paths.PACKAGE.parent / "docs" / "providers.md").read_text(),
        re.MULTILINE,
    )
    assert {"run", "services"} == {command.split()[0] for command in commands}
    for command in commands:
        code, output = cli.run(*command.split(), **variables)
        assert code == 0, output


def test_connect_is_somebody_else_s_too(cli, tmp_path, monkeypatch):
    """It knows the passwords, by names of its own; what it is told for a run is gone after it."""
    axes = ("--dialect", "sql", "--mode", "streaming", "--binding", "debezium")
    told = ("run", "orders_cdc", "--quick", *axes, "--provider", "external", "--json", "told.json")
    folder = tmp_path / "theirs"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with theirs_up(folder) as theirs, workspace() as space:
        urls = {"STREAMGAUGE_KAFKA": theirs.kafka_url(), "STREAMGAUGE_MYSQL": theirs.mysql_url()}
        at = [address(name, url) for name, url in zip(("kafka", "mysql"), urls.values())]
        there = connect.start(space, *at).endpoint
        own = f"http://{there}?database.password=${{env:STREAMGAUGE_MYSQL_PASSWORD}}"
        code, output = cli.run(*told, **urls, STREAMGAUGE_CONNECT=own)
        left = connect.connectors(there), named(urls)

    assert code == 0, output
    (record,) = json.loads((cli.folder / "told.json").read_text())
    assert ("pass", "external") == (record["verdict"], record["provider"])
    assert ([], set()) == left
