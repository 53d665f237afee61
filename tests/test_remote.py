"""Cells on a Flink cluster that was started outside, with folders of its own."""

import base64
import json
import re
import secrets
from contextlib import closing
from pathlib import Path

import pytest

from streamgauge import versions
from streamgauge.clusters import remote
from streamgauge.clusters.access import CA, PASSWORD, TOKEN, USER, access
from streamgauge.discovery import discover
from streamgauge.harness import Harness
from streamgauge.processes import in_utc
from streamgauge.testing import Flink
from streamgauge.workspace import workspace
from tests.interrupting import interrupted
from tests.standing import door, standing

pytestmark = pytest.mark.long
LINE = versions.line("1.20")
COUNT = ("run", "word_count", "--quick", "--quiet", "--cluster", "remote", "--rest")
DOCS = Path(__file__).resolve().parents[1] / "docs" / "providers.md"
OTHERS = ("--dialect", "table", "--dialect", "datastream", "--mode", "streaming")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with standing(tmp_path_factory.mktemp("standing"), LINE) as cluster:
        yield cluster


def documented(url):
    """The command that the documentation has, for this cluster."""
    (command,) = re.findall(
        r"^sh run\.sh (run .*--rest http://HOST:PORT)$", DOCS.read_text(), re.MULTILINE
    )
    return command.replace("http://HOST:PORT", url).split()


def records(cli):
    (path,) = (cli.folder / ".streamgauge" / "records").glob("*.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def told_in(folder, *secret):
    """The files in which something secret is."""
    kept = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    texts = {path: path.read_text(errors="replace") for path in kept}
    return [path for path, text in texts.items() if any(each in text for each in secret)]


def test_jobs_are_stopped_and_restored_there(cli, cluster):
    """By REST alone, with a token; nothing of it stays, and nobody is told the token."""
    token = secrets.token_hex(16)
    with door(cluster, f"Bearer {token}") as url:
        code, output = cli.run(*documented(url), **{TOKEN: token})

    assert code == 0, output
    found = records(cli)
    assert {"sql": "pass", "process": "pass"} == {r["dialect"]: r["verdict"] for r in found}
    assert all(record["path"] == ["1.20", "1.20"] for record in found)
    assert {"remote"} == {record["cluster"] for record in found}
    with closing(cluster.rest()) as rest:
        assert {} == rest.named()
    assert [] == list(cluster.savepoints.iterdir())
    assert [] == told_in(cli.folder, token)
    assert token not in output


def test_files_are_shared_over_tls(cli, cluster):
    """Seen by a job of one row; Flink's own client trusts what ours does."""
    code, output = cli.run(*COUNT, cluster.url, *OTHERS, **{CA: str(cluster.ca)})

    assert code == 0, output
    found = records(cli)
    assert {"table", "datastream"} == {record["dialect"] for record in found}
    assert {("files", "pass"), ("kafka", "pass")} == {(r["binding"], r["verdict"]) for r in found}
    assert {LINE.flink} == {record["flink"] for record in found}
    assert "truststore" not in json.dumps(found)


def test_a_basic_login_opens_it_too(cli, cluster):
    """To both clients, ours and Flink's own; nobody is told the password."""
    login, password = {USER: "ada"}, secrets.token_hex(16)
    basic = base64.b64encode(f"ada:{password}".encode()).decode()
    axes = ("--dialect", "sql", "--mode", "streaming", "--binding", "kafka")
    with door(cluster, f"Basic {basic}") as url:
        code, output = cli.run(*COUNT, url, *axes, **login, **{PASSWORD: password})

    assert code == 0, output
    assert ["pass"] == [record["verdict"] for record in records(cli)]
    assert [] == told_in(cli.folder, password, basic)


def test_python_goes_along_where_the_cluster_has_none(cli, tmp_path_factory):
    """With `--ship-environment`; without, the cell is absent."""
    axes = ("--dialect", "process", "--mode", "streaming", "--binding", "kafka", "--absent")
    folder = tmp_path_factory.mktemp("without_python")
    with standing(folder, LINE, python="no-such-python") as cluster:
        command, login = (*COUNT, cluster.url, *axes), {CA: str(cluster.ca)}
        lacking, _ = cli.run(*command, **login)
        shipped, output = cli.run(*command, "--ship-environment", **login)

    assert (1, 0) == (lacking, shipped), output
    without, along = (
        json.loads(path.read_text()) for path in sorted(cli.folder.rglob("records/*.jsonl"))
    )
    assert "absent" == without["verdict"]
    assert without["reason"].startswith("the cluster runs no Python process: ")
    assert ("pass", "") == (along["verdict"], along["reason"])


@pytest.fixture
def records_of(cluster, tmp_path, monkeypatch):
    """Of a cell in whose job something is done, and of one after it."""
    monkeypatch.chdir(tmp_path)
    words = discover(DOCS.parents[1] / "jobs")["word_count"]
    cell = (words, "sql", "streaming", "kafka", words.sample(seed=0))
    joined = remote.join(access(cluster.url, {CA: str(cluster.ca)}), LINE)
    joined.rest.close()
    with in_utc(), workspace() as space, closing(Harness(space, cluster=joined)) as harness:
        flink = Flink(harness, LINE, 0)
        yield lambda do: [
            flink.run(*cell, lifecycle=interrupted(do)).record,
            flink.run(*cell).record,
        ]


def test_jobmanager_that_is_started_again_is_why(cluster, records_of):
    """Its jobs are lost: the cell is unknown, says so in a line, and the next one passes."""

    def again():
        cluster.start("jobmanager")
        cluster.wait()

    lost, following = records_of(again)

    told = rf"the cluster at {cluster.url} knows no job \w+: its JobManager has lost it"
    assert "unknown" == lost.verdict
    assert re.fullmatch(told, lost.reason), lost.reason
    assert ("pass", "") == (following.verdict, following.reason)


def test_jobmanager_that_stays_away_is_why(cluster, records_of):
    """Of each cell, in a line."""
    try:
        found = records_of(lambda: cluster.end("jobmanager"))
    finally:
        # A TaskManager may hold a slot for a job of the dead one.
        for role in cluster.processes:
            cluster.start(role)
        cluster.wait()

    told = f"the cluster at {cluster.url} does not answer: "
    assert ["unknown"] * 2 == [each.verdict for each in found]
    assert [] == [each.reason for each in found if not each.reason.startswith(told)]
    assert [1, 1] == [len(each.reason.splitlines()) for each in found]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--flink", "2.3"), "is of Flink 1.20.5, the line 2.3 of 2.3.0: run it with --flink 1.20"),
        (("--parallelism", "5"), "--parallelism 5: the cluster at {} has 4 free slots"),
    ],
)
def test_what_the_cluster_is_not_is_one_line(cli, cluster, more, told):
    """Before anything starts."""
    code, output = cli.run(*COUNT, cluster.url, *more, **{CA: str(cluster.ca)})

    (line,) = output.splitlines()
    assert (2, True) == (code, told.format(cluster.url) in line), output


def test_nobody_there_is_one_line(cli):
    """With the address."""
    code, output = cli.run(*COUNT, "http://127.0.0.1:9")

    (line,) = output.splitlines()
    assert code == 1
    assert "the cluster at http://127.0.0.1:9 does not answer" in line


def test_a_token_that_is_wrong_is_one_line(cli, cluster):
    """Which it is not in."""
    with door(cluster, "Bearer right") as url:
        code, output = cli.run(*COUNT, url, **{TOKEN: "wr0ng"})

    (line,) = output.splitlines()
    assert code == 1
    assert f"the cluster at {url} answers 401: it wants another login" in line
    assert "wr0ng" not in line


def test_what_is_not_trusted_is_one_line(cli, cluster):
    """A certificate of somebody else's."""
    code, output = cli.run(*COUNT, cluster.url)

    (line,) = output.splitlines()
    assert code == 1
    assert f"the cluster at {cluster.url} does not answer: " in line
    assert "certificate" in line.lower()
