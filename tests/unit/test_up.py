"""An engine that stays up, by a real holder: its cluster is a small server, its worker is none."""

import logging

import pytest

from streamgauge import checkup, versions
from streamgauge.kept import left
from streamgauge.waiting import wait_for
from tests.unit.gone import assert_gone
from tests.unit.holders import SECONDS, parts, small_holders

HOLDER = '''\
import sys
from pathlib import Path
from streamgauge import engine
from streamgauge.clusters.rest import Rest
from streamgauge.clusters.session import SessionCluster
from streamgauge.kept import holder
from streamgauge.processes import Process, free_port, listening
from streamgauge.providers import held
from streamgauge.runtimes import runtime
from streamgauge.runtimes.environment import Environment
from streamgauge.runtimes.runtime import Runtime
from streamgauge.worker.client import Worker

REST = """
import http.server, sys
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"slots-available": 4, "jobs": []}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
"""

class Way:
    alive = True
    def ask(self, message):
        return {"ok": message["do"]}
    def close(self):
        pass

def start(space, made):
    port = free_port()
    part = Process("jobmanager", [sys.executable, "-c", REST, str(port)], space)
    part.wait_until(lambda: listening(port), 20)
    rest = Rest(f"http://127.0.0.1:{port}")
    cluster = SessionCluster(made.environment, space.data, rest, {"jobmanager": part})
    return engine.Engine(made, cluster, Worker(Way()))

engine.start = start
runtime.install = lambda line, _: Runtime(Environment(line, Path("environment")), (), "17")
held.LOCK_SECONDS = 0.5
holder.main()
'''
LINE = versions.line(versions.default_line())
OTHER = next(line for line in versions.lines().values() if line != LINE)


@pytest.fixture
def holders(tmp_path, monkeypatch):
    """The holders that were started, which end after the test, and all with them."""
    with small_holders(HOLDER, tmp_path, monkeypatch, left.down) as started:
        yield started


def assert_used():
    """A run has it, and leaves it to the next."""
    taken = left.take(LINE, ())
    assert "execute" == taken.worker.execute()
    assert ["in use"] == [state.state for state in left.status()]
    taken.close()


def test_engine_stays_up_until_down(holders):
    """One, however often it is asked for."""
    first = left.up(LINE)
    assert first == left.up(LINE)
    assert 1 == len(holders)
    assert [("ok", f"Flink {LINE.name}, up, at {first.url}")] == looked_at()
    assert 0o600 == left.ENGINE.state_file.stat().st_mode & 0o777
    assert_used()
    assert_used()
    found = parts(holders[0])

    assert left.down()
    assert_gone(found)
    assert [] == left.status() == looked_at()
    assert left.take(LINE, ()) is None


def test_engine_of_another_line_replaces_it(holders):
    """Of which nothing is left."""
    left.up(LINE)
    found = parts(holders[0])

    assert OTHER.name == left.up(OTHER).made.line
    assert_gone(found)
    assert [OTHER.name] == [state.line for state in left.status()]


def test_dead_cluster_is_noticed_and_started_again(holders):
    """By the run that has it, and by its holder."""
    before = left.up(LINE)
    taken = left.take(LINE, ())
    keeper, command = parts(holders[0])
    command.kill()
    assert_gone([keeper])
    wait_for(lambda: taken.alive, lambda alive: not alive, SECONDS, str)
    taken.stop()
    wait_for(lambda: is_another(before), bool, SECONDS, lambda _: "not up again")

    assert_used()
    assert "the engine has died, and is started again" in left.ENGINE.log_file.read_text()


def looked_at():
    """What `doctor` says of it."""
    return [(found.state, found.detail) for found in checkup._engine()]


def is_another(before):
    """Whether another engine is up."""
    try:
        return left.told().url != before.url
    except left.UnfitError:
        return False


def test_killed_holder_leaves_nothing_and_is_told(holders, caplog):
    """`up` starts it again."""
    left.up(LINE)
    found = parts(holders[0])
    holders[0].kill()
    holders[0].wait()
    assert_gone(found)
    with caplog.at_level(logging.WARNING, "streamgauge"):
        assert left.take(LINE, ()) is None
    assert "the engine that `up` left has died" in caplog.text
    ((state, told),) = looked_at()
    assert ("bad", True) == (state, told.startswith("has died"))
    left.up(LINE)

    assert_used()
