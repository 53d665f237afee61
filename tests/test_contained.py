"""A whole cluster in containers, beside the services: answers, and that nothing of it is left."""

import json
import re
import signal

import httpx
import pytest

from streamgauge import paths
from streamgauge.containers import engine
from streamgauge.waiting import wait_for
from tests.conftest import on_engine
from tests.test_leaks import read_until

pytestmark = [pytest.mark.every_container, pytest.mark.usefixtures("docker")]
WORDS = ("run", "word_count", "--dialect", "sql", "--mode", "streaming", "--binding", "kafka")
BESIDE = ("--provider", "containers", "--cluster", "containers")
TIDY = ("services", "tidy", "--provider", "containers")
SECONDS = 30


def test_whole_cluster_is_beside_the_services(cli):
    """The command of docs/providers.md passes; jobs have what they reach in the network alone."""
    (command,) = re.findall(
        r"^streamgauge (run .* --cluster containers)$",
        (paths.PACKAGE.parent / "docs" / "providers.md").read_text(),
        re.MULTILINE,
    )
    code, output = cli.run(*command.split(), "--json", "told.json")
    assert code == 0, output
    records = json.loads((cli.folder / "told.json").read_text())

    passed = [("word_count", "pass", "containers"), ("orders_cdc", "pass", "containers")]
    assert passed == [(each["scenario"], each["verdict"], each["cluster"]) for each in records]
    assert {"containers"} == {each["provider"] for each in records}
    (run,) = (cli.folder / ".streamgauge" / "runs").glob("*-*")
    assert [] == on_engine(run.name)


def test_whole_cluster_runs_python(cli):
    """By the image's own, also in the JVM; what would need this machine's files is absent."""
    axes = ("--dialect", "sql", "--udf", "thread", "--udf", "process", "--mode", "streaming")
    beside = ("--provider", "containers", "--cluster", "containers")
    code, output = cli.run("run", "syslog_udf", "--quick", *axes, *beside, "--json", "told.json")
    assert code == 0, output
    records = json.loads((cli.folder / "told.json").read_text())
    told = {(each["udf"], each["binding"]): each["verdict"] for each in records}
    reasons = {each["reason"] for each in records if each["verdict"] == "absent"}

    modes = ("process", "thread")
    passed, not_there = (
        {(m, b): v for m in modes} for b, v in (("kafka", "pass"), ("files", "absent"))
    )
    assert {**passed, **not_there} == told
    assert {
        "the cluster does not see this machine's files, which this binding is made of"
    } == reasons


def test_another_line_runs_beside_the_services(cli):
    """By its own image; changes come by Debezium there, whose Connect is a container as well."""
    axes = (
        "--dialect",
        "sql",
        "--mode",
        "streaming",
        "--binding",
        "kafka",
        "--binding",
        "debezium",
    )
    scenarios = ("run", "word_count", "orders_cdc")
    code, output = cli.run(*scenarios, *axes, *BESIDE, "--flink", "2.3", "--json", "told.json")
    assert code == 0, output
    records = json.loads((cli.folder / "told.json").read_text())

    assert [("word_count", "pass", "2.3"), ("orders_cdc", "pass", "2.3")] == [
        (each["scenario"], each["verdict"], each["line"]) for each in records
    ]
    assert [] == on_engine(the_run(cli))


def the_run(cli):
    """The id of the newest run of the folder."""
    return max((cli.folder / ".streamgauge" / "runs").glob("*-*")).name


def roles(run):
    """What the containers and the network of a run are for."""
    return {name.removeprefix(f"streamgauge-{run}").lstrip("-") for name in on_engine(run)}


@pytest.mark.parametrize("moment", ["starting a cluster", "the cluster is up"])
@pytest.mark.parametrize("kill", [signal.SIGINT, signal.SIGKILL], ids=lambda kill: kill.name)
def test_nothing_is_left_of_a_run_that_is_killed(cli, kill, moment):
    """Neither container nor network nor process, also of what was still being made."""
    process = cli.start(*WORDS, *BESIDE)
    read_until(process, moment)
    run = the_run(cli)
    process.send_signal(kill)
    process.communicate(timeout=SECONDS)

    wait_for(lambda: on_engine(run), lambda there: not there, SECONDS, str)
    cli.assert_none_left()


def test_what_the_reaper_did_not_live_to_remove_is_tidied(cli):
    """Somebody has killed both; a run that lives has what it has."""
    process = cli.start(*WORDS, *BESIDE)
    read_until(process, "the cluster is up")
    run = the_run(cli)
    there = roles(run)
    _, told = cli.run(*TIDY)
    assert there == roles(run), told
    for each in [p for p in cli.processes() if "streamgauge.containers.reaper" in p.cmdline()]:
        each.kill()
    process.kill()
    process.communicate(timeout=SECONDS)
    assert {"", "kafka", "jobmanager-1", "taskmanager-1"} == there == roles(run)
    dry, _ = cli.run(*TIDY, "--dry-run")
    assert (0, there) == (dry, roles(run))

    code, output = cli.run(*TIDY)
    assert (0, len(there)) == (code, output.count("removed")), output
    assert [] == on_engine(run)


def test_kept_cluster_takes_jobs_until_it_is_tidied(cli):
    """It is up after the run, and nobody's to remove but by a word of the user's."""
    code, output = cli.run(*WORDS, *BESIDE, "--keep")
    run = the_run(cli)
    try:
        assert code == 0, output
        (url,) = re.findall(r"^flink: stays up at (\S+) in container ", output, re.MULTILINE)
        assert [] != httpx.get(f"{url}/taskmanagers").json()["taskmanagers"]
        assert {"", "kafka", "jobmanager-1", "taskmanager-1"} == roles(run)
        code, told = cli.run(*TIDY)
        assert (0, 4) == (code, told.count("kept")), told
        assert {"", "kafka", "jobmanager-1", "taskmanager-1"} == roles(run)
        code, told = cli.run(*TIDY, "--older-than", "0")
        assert (0, 4) == (code, told.count("removed")), told
        assert [] == on_engine(run)
    finally:
        removed(run)


def removed(run):
    """Whatever becomes of a test."""
    with engine.client() as docker:
        for name in on_engine(run):
            if name.endswith(run):
                docker.networks.get(name).remove()
            else:
                docker.containers.get(name).remove(force=True, v=True)
