"""An engine that stays up: used while it lives, replaced when it does not, gone after `down`."""

import fcntl
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from streamgauge.waiting import wait_for

CHECKOUT = Path(__file__).resolve().parents[1]
RUN = ("run", "word_count", "--dialect", "sql", "--mode", "batch", "--binding", "files")
LONG = ("run", "word_count", "--dialect", "process", "--mode", "streaming", "--binding", "files")
USED = "using the engine that is up"
OWN = "this run starts its own"
STARTED = "starting a session cluster"
SECONDS = 120


@pytest.fixture
def up(cli):
    """Has an engine up, and sees to it that nothing of it is left."""

    def up():
        code, output = cli.run("up", "--no-services")
        assert code == 0, output

    up()
    yield up
    code, output = cli.run("down")
    assert code == 0, output
    cli.assert_none_left()
    assert cli.run("status")[0] == 1
    assert [] == [*(cli.folder / ".streamgauge" / "runs").glob("*/data")]


def run(cli, told, *others):
    """A run that passes, and tells what it ran on."""
    code, output = cli.run(*RUN)
    assert code == 0, output
    assert any(text in output for text in (told, *others)), output
    assert (STARTED in output) == (OWN in output), output
    return output


def is_up(cli):
    return cli.run("status")[0] == 0


def kill(cli, *words):
    """SIGKILL the command with these words in its command line, not its keeper."""
    (found,) = [process for process in cli.processes() if is_command(process, words)]
    found.kill()
    wait_for(found.is_running, lambda up: not up or found.status() == "zombie", SECONDS, str)


def is_command(process, words):
    try:
        line = process.cmdline()
    except psutil.Error:
        return False
    kept = any(part.endswith("keeper.py") for part in line)
    return not kept and all(any(word in part for part in line) for word in words)


def test_run_uses_it_until_down(cli, up):
    """Nor does `up` start another."""
    before = {process.pid for process in cli.processes()}
    run(cli, USED)
    up()
    run(cli, USED)

    assert before == {process.pid for process in cli.processes()}


PARTS = {
    "taskmanager": ["java", "TaskManagerRunner"],
    "jobmanager": ["java", "StandaloneSessionClusterEntrypoint"],
    "worker": ["/runtimes/", "sys.stdin"],
}


@pytest.mark.parametrize(
    "part",
    [
        "worker",
        pytest.param("taskmanager", marks=pytest.mark.every_kill),
        pytest.param("jobmanager", marks=pytest.mark.every_kill),
    ],
)
def test_dead_part_is_noticed_and_replaced(cli, up, part):
    """A run meanwhile starts its own; the next uses the new one."""
    kill(cli, *PARTS[part])
    run(cli, OWN, USED)
    wait_for(lambda: is_up(cli), bool, SECONDS, lambda _: "not up again")

    run(cli, USED)


@pytest.mark.every_kill
def test_killed_holder_is_told(cli, up):
    """All that it held is gone; `up` starts it again."""
    kill(cli, "streamgauge.kept.holder")
    cli.assert_none_left()
    assert "the engine that `up` left has died" in run(cli, OWN)
    assert cli.run("status")[0] == 1
    up()

    run(cli, USED)


def test_all_is_killed(cli, up):
    """At once, and `up` starts it again."""
    for process in cli.processes():
        process.kill()
    cli.assert_none_left()
    up()

    run(cli, USED)


@pytest.mark.every_kill
def test_two_runs_at_once(cli, up):
    """Neither disturbs the other."""
    both = [cli.start(*LONG) for _ in range(2)]
    outputs = [process.communicate(timeout=SECONDS)[0] for process in both]

    assert [0, 0] == [process.returncode for process in both], outputs
    assert any(USED in output for output in outputs), outputs


def test_run_starts_its_own_while_another_has_it(cli, up):
    """And says so."""
    with (cli.folder / ".streamgauge" / "engine.use").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "in use" in cli.run("status")[1]
        assert "is in use by another run" in run(cli, OWN)

    run(cli, USED)


def test_job_of_a_killed_run_is_ended(cli, up):
    """The next run has all slots."""
    killed = cli.start(*LONG)
    wait_for(cli.processes, lambda ours: any(map(is_python_worker, ours)), SECONDS, str)
    killed.kill()
    killed.communicate()
    wait_for(cli.processes, lambda ours: not any(map(is_python_worker, ours)), SECONDS, str)

    run(cli, USED)


def is_python_worker(process):
    return is_command(process, ["pyflink.fn_execution"])


def test_what_is_saved_is_run(cli, up):
    """Until Ctrl-C, which is a good end."""
    (cli.folder / "jobs").unlink()
    query = cli.folder / "jobs" / "word_count" / "query.sql"
    shutil.copytree(CHECKOUT / "jobs" / "word_count", query.parent)
    process = cli.start("run", "--watch", "--mode", "batch", "--binding", "files")

    def save():
        with query.open("a") as file:
            file.write("\n-- edited")
        return verdict.done()

    with ThreadPoolExecutor() as pool:
        verdict = pool.submit(until_verdict, process)
        # It may not watch yet.
        wait_for(save, bool, SECONDS, lambda _: "no verdict", 5)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=SECONDS)

    assert verdict.result().startswith("pass ")
    assert "word_count-sql-batch-files" in verdict.result()
    assert (0, True) == (process.returncode, "records: " in output), output


def until_verdict(process):
    """The first verdict that it prints."""
    return next(line for line in process.stdout if line.startswith(("pass ", "fail ", "unknown ")))
