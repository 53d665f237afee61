"""However a run ends, nothing of it is left, and the next one starts clean."""

import re
import signal
import subprocess

import psutil
import pytest

from streamgauge.waiting import wait_for

# What a run says as it goes on: the kill comes right after.
MOMENTS = ("starting kafka", "kafka is up", "the session cluster is up")
# SIGTERM goes the way of SIGINT.
KILLS = (
    signal.SIGINT,
    pytest.param(signal.SIGTERM, marks=pytest.mark.every_kill),
    signal.SIGKILL,
)
RUN = ("run", "word_count", "--dialect=process", "--mode=streaming", "--binding=kafka", "--quick")


def read_until(process: subprocess.Popen, text: str) -> None:
    """Read the output up to a line that has the text."""
    seen = []
    for line in process.stdout:
        seen.append(line)
        if text in line:
            return
    pytest.fail(f"ended before it said {text!r}: {''.join(seen)}")


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("kill", KILLS)
def test_no_process_is_left(cli, moment, kill):
    """SIGINT, SIGTERM and SIGKILL at any moment leave no process behind."""
    process = cli.start(*RUN)
    read_until(process, moment)
    wait_for(cli.processes, lambda ours: len(ours) > 1, 10, str)

    assert_ends_clean(cli, process, kill)


@pytest.mark.parametrize(
    "kill", [pytest.param(signal.SIGINT, marks=pytest.mark.every_kill), signal.SIGKILL]
)
def test_no_python_worker_is_left(cli, kill):
    """Nor while a job runs, when Flink has started Python processes of its own."""
    process = cli.start(*RUN)
    wait_for(cli.processes, lambda ours: any(map(is_python_worker, ours)), 60, str)

    assert_ends_clean(cli, process, kill)


def assert_ends_clean(cli, process: subprocess.Popen, kill: signal.Signals) -> None:
    """The run ends by the signal, and all its descendants with it."""
    process.send_signal(kill)
    output, _ = process.communicate(timeout=30)

    cli.assert_none_left()
    assert process.returncode == (-kill if kill == signal.SIGKILL else 130), output


def is_python_worker(process: psutil.Process) -> bool:
    """Whether it is one of Flink's processes for Python functions."""
    try:
        return any("pyflink.fn_execution" in part for part in process.cmdline())
    except psutil.Error:
        return False


def test_a_killed_install_leaves_no_process_and_no_environment(cli):
    """SIGKILL while uv makes an environment leaves neither uv nor half an environment."""
    cache = cli.folder / "cache"
    process = cli.start("runtimes", "install", "1.20", STREAMGAUGE_CACHE=str(cache))
    read_until(process, "making the environment")

    process.kill()
    process.communicate(timeout=30)

    cli.assert_none_left()
    code, output = cli.run("runtimes", "list", STREAMGAUGE_CACHE=str(cache))
    assert code == 0
    assert "yes" not in output


def test_next_run_starts_clean(cli):
    """After a SIGKILL the next run passes, and has swept the dead run's data away."""
    process = cli.start(*RUN)
    read_until(process, "word_count-process-streaming-kafka-1.20")
    process.kill()
    process.communicate(timeout=30)
    cli.assert_none_left()
    (dead,) = (cli.folder / ".streamgauge" / "runs").glob("*-*-*")
    assert (dead / "data").exists()

    code, output = cli.run("run", "word_count", "--dialect", "sql", "--binding", "files")

    assert code == 0, output
    assert not (dead / "data").exists()
    cli.assert_none_left()


def test_two_runs_side_by_side(cli):
    """Two runs at once in one folder both pass."""
    arguments = ("run", "word_count", "--quick", "--dialect", "sql", "--rows", "100")
    runs = [cli.start(*arguments) for _ in range(2)]
    outputs = [run.communicate(timeout=300)[0] for run in runs]

    assert [0, 0] == [run.returncode for run in runs], "\n".join(outputs)
    cli.assert_none_left()


def test_kill_loses_no_record(cli):
    """What a run had done when it was killed can be shown; the cell beside may be done too."""
    process = cli.start("run", "word_count", "--quick", "--dialect", "sql", "--binding", "files")
    read_until(process, "(1 of 2 done")
    process.kill()
    process.communicate(timeout=30)
    code, output = cli.run("records", "show")

    assert code == 0, output
    assert re.search(r"\n([12]) cells: \1 pass\n", output), output
    cli.assert_none_left()
