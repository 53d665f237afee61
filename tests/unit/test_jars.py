"""A jar is used only if it is the one locked; a fetch that fails leaves nothing behind."""

import hashlib
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from streamgauge.processes import free_port
from streamgauge.runtimes.jars import FetchError, fetch, folder, verify
from streamgauge.versions import Jar

GOOD = b"a jar" * 10_000
HASH = hashlib.sha256(GOOD).hexdigest()
OTHER = b"not a jar"
OTHER_HASH = hashlib.sha256(OTHER).hexdigest()
MISSING = "missing"
TRUNCATED = "truncated"


class Repository(BaseHTTPRequestHandler):
    """Serves GOOD, unless the server's `content` has something else for the artifact."""

    def do_GET(self):
        self.server.asked.append(self.path)
        artifact = self.path.split("/")[-3]
        content = self.server.content.get(artifact, GOOD)
        if content == MISSING:
            self.send_error(404)
            return
        body = GOOD if content == TRUNCATED else content
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:100] if content == TRUNCATED else body)

    def log_message(self, *_):
        pass


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache."""
    monkeypatch.setenv("STREAMGAUGE_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture
def repository(cache, monkeypatch):
    """A Maven repository on loopback, as far as jars go."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Repository)
    server.asked, server.content = [], {}
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    monkeypatch.setenv("STREAMGAUGE_MAVEN_REPOSITORY", f"http://127.0.0.1:{server.server_port}/")
    # A proxy of the machine's would be asked for loopback too.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def jar(artifact="lib"):
    return Jar(f"org.example:{artifact}:1.0", HASH)


def left(cache):
    """All files in the cache, temporary ones included."""
    return sorted(path.name for path in cache.rglob("*") if path.is_file())


def refused(*jars):
    with pytest.raises(FetchError) as caught:
        fetch(jars)
    return str(caught.value)


def test_good_jar_is_fetched_once(cache, repository):
    """A jar that is there is not asked for again."""
    (path,) = fetch([jar()])

    assert GOOD == path.read_bytes()
    assert [path] == fetch([jar()])
    assert ["/org/example/lib/1.0/lib-1.0.jar"] == repository.asked
    assert ["lib-1.0.jar"] == left(cache)


def test_files_come_in_the_order_of_the_jars(cache, repository):
    """However the fetches end."""
    names = [f"lib{number}-1.0.jar" for number in range(12)]

    assert names == [path.name for path in fetch(jar(f"lib{n}") for n in range(12))]


def test_wrong_content_is_refused(cache, repository):
    """Another file than the one locked is named with both hashes, and is not kept."""
    repository.content["lib"] = OTHER
    message = refused(jar())

    assert str(folder() / jar().path) in message
    assert HASH in message
    assert OTHER_HASH in message
    assert [] == left(cache)


@pytest.mark.parametrize(("content", "told"), [(MISSING, "404"), (TRUNCATED, "")])
def test_jar_that_does_not_come_whole_is_not_kept(cache, repository, content, told):
    """Not there, or cut off by a server that goes away, tries over."""
    repository.content["lib"] = content
    message = refused(jar())

    assert message.startswith("lib-1.0.jar could not be fetched: ")
    assert told in message
    assert 1 < len(repository.asked)
    assert [] == left(cache)


def test_nothing_listens(cache, monkeypatch):
    """A repository that is not there is told within seconds."""
    monkeypatch.setenv("STREAMGAUGE_MAVEN_REPOSITORY", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    begun = time.monotonic()

    assert refused(jar()).startswith("lib-1.0.jar could not be fetched: ")
    assert 5 > time.monotonic() - begun
    assert [] == left(cache)


def test_changed_file_is_refused_and_fetched_anew(cache, repository):
    """A file that was changed in the cache is named with both hashes; the next fetch is good."""
    (path,) = fetch([jar()])
    path.write_bytes(OTHER)
    message = refused(jar())

    assert str(path) in message
    assert HASH in message
    assert OTHER_HASH in message
    assert GOOD == fetch([jar()])[0].read_bytes()


def test_full_disk_is_told(cache, repository):
    """A file that cannot be written whole is an error that names it, and is not kept."""
    code = (
        "import resource\n"
        "from streamgauge.errors import StreamgaugeError\n"
        "from streamgauge.runtimes.jars import fetch\n"
        "from streamgauge.versions import Jar\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        f"    fetch([Jar('org.example:lib:1.0', '{HASH}')])\n"
        "except StreamgaugeError as error:\n"
        "    print(error)\n"
    )
    # -B: under the limit, Python would leave truncated bytecode behind for others to trip over.
    command = [sys.executable, "-B", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert "" == done.stderr
    assert "/lib-1.0.jar: File too large" in done.stdout
    assert done.stdout.startswith("cannot write ")
    assert [] == left(cache)


def test_fetch_goes_on_where_it_failed(cache, repository):
    """What came is kept: the next fetch asks for what is missing, and for nothing else."""
    repository.content["c"] = MISSING
    message = refused(jar("a"), jar("b"), jar("c"))
    repository.content.clear()
    repository.asked.clear()
    fetch([jar("a"), jar("b"), jar("c")])

    assert message.startswith("c-1.0.jar could not be fetched: ")
    assert ["/org/example/c/1.0/c-1.0.jar"] == repository.asked
    assert ["a-1.0.jar", "b-1.0.jar", "c-1.0.jar"] == left(cache)


def test_verify_reports_changed_files(cache, repository):
    """Each file that differs from the lock; those that are missing are to be fetched."""
    changed, _ = fetch([jar("changed"), jar("good")])
    changed.write_bytes(OTHER)
    (wrong,) = verify([jar("changed"), jar("good"), jar("missing")])

    assert f"{changed}: sha256 is {OTHER_HASH}, the lock says {HASH}" == wrong
    assert changed.exists()
