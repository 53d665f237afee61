"""Processes of a run end with it, whatever they started and however it ends."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from streamgauge import processes
from streamgauge.errors import StreamgaugeError
from streamgauge.processes import Process, StartError
from streamgauge.waiting import wait_for
from streamgauge.workspace import is_dead, sweep, workspace
from tests.unit.gone import alive, assert_gone

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS = 10
SLEEP = "sleep 60"
# A daemon's way: out of the shell's session, and out of the family where the shell ends.
DAEMON = "(setsid sleep 600 &)"

linux = pytest.mark.skipif(sys.platform != "linux", reason="orphans are found on Linux only")


@pytest.fixture
def space(tmp_path, monkeypatch):
    """A workspace of a project that has nothing yet."""
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        yield space


def shell(space, script):
    return Process("server", ["sh", "-c", script], space)


def sleepers(pid, count):
    """The `sleep` processes below `pid`, once there are `count`."""

    def probe():
        below = psutil.Process(pid).children(recursive=True)
        return [process for process in below if "sleep" in process.name()]

    return wait_for(probe, lambda found: len(found) == count, SECONDS, str)


def test_death_at_start_quotes_the_log(space):
    """The error has the exit code, where the log lies and how it ends."""
    server = shell(space, "for n in $(seq 40); do echo line $n; done; echo oops >&2; exit 3")
    with pytest.raises(StartError) as caught:
        server.wait_until(lambda: False, SECONDS)
    message = str(caught.value)

    assert "server ended while starting, exit code 3" in message
    assert str(server.log) in message
    assert "    line 40\n" in message
    assert "    oops" in message
    assert "    line 1\n" not in message


def test_command_that_is_not_there_is_told(space):
    """A program that cannot be started is a death at start."""
    server = Process("server", ["streamgauge-surely-not-there"], space)
    with pytest.raises(StartError, match="streamgauge-surely-not-there"):
        server.wait_until(lambda: False, SECONDS)


def test_start_has_a_deadline(space):
    """A server that never gets ready is told, with the end of its log."""
    server = shell(space, SLEEP)
    with pytest.raises(StartError) as caught:
        server.wait_until(lambda: False, 0.05)

    assert f"server is not ready (after 0.05 s). Its log, {server.log}, ends:" in str(caught.value)
    assert "(nothing)" in str(caught.value)
    assert server.alive


def test_ready_server_runs_on(space):
    """Ready is what the caller says."""
    server = shell(space, f"echo up; {SLEEP}")
    server.wait_until(lambda: "up" in server.log.read_text(), SECONDS)

    assert server.alive


@pytest.mark.parametrize(
    ("script", "count"),
    [
        pytest.param(f"setsid {SLEEP} & {SLEEP}", 2, id="grandchild in its own session"),
        pytest.param(f"{DAEMON}; {SLEEP}", 2, id="orphan in its own session", marks=linux),
    ],
)
def test_stop_ends_all_descendants(space, script, count):
    """Nothing that a command started outlives it, whatever session it is in."""
    server = shell(space, script)
    found = sleepers(server.pid, count)
    sessions = {os.getsid(process.pid) for process in found}
    server.stop()

    assert count == len(sessions)
    assert not server.alive
    assert [] == alive(found)


def test_what_is_done_at_a_stop_is_done_side_by_side_and_before_the_end(space):
    """While all of them still run; one that fails leaves no process."""
    met = threading.Barrier(2, timeout=SECONDS)
    seen = []

    def leave(pid):
        seen.append(psutil.Process(pid).is_running())
        met.wait()

    servers = [Process(f"server {n}", ["sh", "-c", SLEEP], space, at_stop=leave) for n in range(2)]
    for server in servers:
        server.begin_stop()
    for server in servers:
        server.stop()

    assert [True, True] == seen
    assert not any(server.alive for server in servers)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_fails_at_a_stop_holds_nothing_up(space):
    """Nor what is asked of a process that has ended; it can be started again, and stopped."""
    asked = []

    def leave(pid):
        asked.append(pid)
        raise OSError

    server = Process("server", ["sh", "-c", SLEEP], space, at_stop=leave)
    server.restart()
    assert server.alive
    server.kill()
    server.stop()

    assert not server.alive
    assert 1 == len(asked)


@linux
def test_end_of_the_command_ends_its_orphans(space):
    """A command that ends by itself leaves nothing behind either."""
    server = shell(space, f"{DAEMON}; read go < {space.data}/go; exit 4")
    os.mkfifo(space.data / "go")
    found = sleepers(server.pid, 1)
    (space.data / "go").write_text("go\n")

    with pytest.raises(StartError, match="exit code 4"):
        server.wait_until(lambda: False, SECONDS)
    assert_gone(found)


def test_wait_tells_failure(space):
    """A command that is to end well, and does not, is quoted."""
    shell(space, "exit 0").wait(SECONDS)
    with pytest.raises(StartError, match=r"server failed\. Its log, .*\n +no"):
        shell(space, "echo no; exit 1").wait(SECONDS)


def test_end_of_a_run_ends_its_processes(tmp_path, monkeypatch):
    """Leaving the workspace ends what was started in it, and throws the data away."""
    monkeypatch.chdir(tmp_path)
    with workspace() as space:
        found = sleepers(shell(space, SLEEP).pid, 1)
        (space.data / "rows").touch()

    assert [] == alive(found)
    assert not space.data.exists()
    assert space.logs.exists()


def test_one_stop_that_fails_keeps_no_other_from_being_stopped(tmp_path, monkeypatch):
    """All end, the data goes, and the failure is told."""
    monkeypatch.chdir(tmp_path)
    failing = SimpleNamespace(begin_stop=fails, stop=fails)
    whole = workspace()
    space = whole.__enter__()
    space.processes.append(failing)
    found = sleepers(shell(space, SLEEP).pid, 1)
    space.processes.append(failing)
    with pytest.raises(OSError, match="no such process"):
        whole.__exit__(None, None, None)

    assert [] == alive(found)
    assert is_dead(space.folder)
    assert not space.data.exists()


def fails():
    raise OSError("no such process")


def test_killed_run_leaves_nothing(tmp_path, monkeypatch):
    """SIGKILL of a run ends its processes; the next run throws its data away."""
    code = (
        "import sys\n"
        "from streamgauge.processes import Process\n"
        "from streamgauge.workspace import workspace\n"
        "with workspace() as space:\n"
        f"    Process('server', ['sh', '-c', 'setsid {SLEEP} & {SLEEP}'], space)\n"
        "    sys.stdin.read()\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as run:
        found = [psutil.Process(run.pid), *sleepers(run.pid, 2)]
        found += found[0].children(recursive=True)
        run.kill()
    (folder,) = tmp_path.glob(".streamgauge/runs/*-*-*")
    assert_gone(found)

    assert (folder / "data").exists()
    with workspace():
        assert not (folder / "data").exists()
    assert (folder / "logs" / "server.log").exists()


def dead_run(runs, number):
    """What a run leaves that was killed."""
    folder = runs / f"20240101-000000-{number:06}"
    for part in ("logs", "data"):
        (folder / part).mkdir(parents=True)
    (folder / "lock").touch()
    return folder


def test_sweep_takes_dead_data_and_leaves_live(space):
    """A run that is alive is nobody else's business."""
    runs = space.folder.parent
    dead = dead_run(runs, 1)
    sweep(runs)

    assert is_dead(dead)
    assert not is_dead(space.folder)
    assert not (dead / "data").exists()
    assert (dead / "logs").exists()
    assert space.data.exists()


def test_sweep_keeps_the_newest_logs_only(space):
    """Old runs go whole, so that a folder does not fill up over the years."""
    runs = space.folder.parent
    dead = [dead_run(runs, number) for number in range(14)]
    sweep(runs)

    assert dead[-10:] == [folder for folder in dead if folder.exists()]


def test_run_quotes_what_failed():
    """A command that is run to its end is quoted where it fails."""
    processes.run(["sh", "-c", "exit 0"])
    with pytest.raises(StreamgaugeError, match=r"sh -c .* failed:\n +out\n +oops"):
        processes.run(["sh", "-c", "echo out; echo oops >&2; exit 1"])


def test_free_port_is_free():
    """Nothing listens on a port that is handed out."""
    port = processes.free_port()

    assert 20000 <= port < 32000
    assert not processes.listening(port)


def test_zone_of_the_user_reaches_no_process(space, monkeypatch, tmp_path):
    """Whatever a command of ours does with times, it does it in UTC."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    told = tmp_path / "told"
    for script in (f"date +%z >>{told}", f"echo $TZ >>{told}"):
        processes.run(["sh", "-c", script])
    Process("server", ["sh", "-c", f"echo $TZ >>{told}"], space).wait(SECONDS)
    Process("server", ["sh", "-c", f"echo $TZ >>{told}"], space, env={**os.environ}).wait(SECONDS)

    assert ["+0000", "UTC", "UTC", "UTC"] == told.read_text().split()


@pytest.mark.parametrize("zone", ["Asia/Kolkata", None])
def test_we_are_in_utc_as_long_as_we_have_to(monkeypatch, zone):
    """An oracle may ask for the local time; what comes after us gets its zone back."""
    monkeypatch.setenv("TZ", zone) if zone else monkeypatch.delenv("TZ", raising=False)
    time.tzset()
    before = time.localtime(0).tm_gmtoff
    with processes.in_utc():
        assert 0 == time.localtime(0).tm_gmtoff

    assert zone == os.environ.get("TZ")
    assert before == time.localtime(0).tm_gmtoff
    monkeypatch.undo()
    time.tzset()
