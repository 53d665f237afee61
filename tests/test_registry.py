"""Avro with a schema registry: one of this run's own, and somebody else's."""

import json
import ssl
from base64 import b64encode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

import httpx
import pytest

from streamgauge.discovery import load
from streamgauge.lifecycle import restart
from streamgauge.services import registry
from streamgauge.testing import assert_matches
from tests.theirs import PASSWORDS, authority, sign

pytestmark = pytest.mark.every_question
SCENARIO = load(Path(__file__).with_name("scenarios") / "in_registry")


@pytest.mark.parametrize("mode", ["batch", "streaming"])
def test_rows_by_schemas_of_a_registry(flink, mode):
    """Read by the schema that we registered, and written by the one that Flink did."""
    inputs = SCENARIO.sample(flink.seed)

    outcome = flink.run(SCENARIO, "sql", mode, "kafka", inputs)

    assert_matches(SCENARIO.expected(inputs), outcome)
    assert [] == registry.subjects(flink.harness.service("registry").endpoint)


def test_rows_by_schemas_of_a_registry_after_a_restart(flink):
    """The registry itself is started again as well before that."""
    inputs = SCENARIO.sample(flink.seed)
    flink.harness.services(["registry"])
    flink.harness.service("registry").restart()

    outcome = flink.run(
        SCENARIO, "sql", "streaming", "kafka", inputs, lifecycle=restart("plain", 2 / 3)
    )

    assert_matches(SCENARIO.expected(inputs), outcome)


def test_registry_of_somebody_else_s(cli, flink, monkeypatch):
    """By its address; nothing of the run is left in it."""
    address = flink.harness.services(["registry"])["registry"]
    # What is deleted right before a registry is killed may be there again.
    before = registry.subjects(address)
    told = f"http://{address}?path=/apis/ccompat/v7"
    monkeypatch.setenv("STREAMGAUGE_REGISTRY", told)
    axes = ("--dialect", "sql", "--mode", "streaming", "--flink", flink.line.name)

    provider = ("--provider", "external", "--json", "told.json")
    code, output = cli.run("run", str(SCENARIO.folder), *axes, *provider)

    assert code == 0, output
    (record,) = json.loads((cli.folder / "told.json").read_text())
    assert ("pass", "external, local") == (record["verdict"], record["provider"])
    assert before == registry.subjects(address)


@contextmanager
def guarded(folder, address):
    """A proxy before a registry, by TLS, which lets in who knows a password; its port."""
    authority(folder, "ca")
    sign(folder, "broker")
    known = b64encode(f"ada:{PASSWORDS['ada']}".encode()).decode()

    class Guard(BaseHTTPRequestHandler):
        def passed_on(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("authorization") != f"Basic {known}":
                return self.answer(httpx.Response(401))
            kind = {name: self.headers[name] for name in ("content-type",) if name in self.headers}
            url = f"http://{address}{self.path}"
            told = httpx.request(self.command, url, content=body, headers=kind, trust_env=False)
            return self.answer(told)

        def answer(self, told):
            self.send_response(told.status_code)
            self.send_header("content-type", told.headers.get("content-type", ""))
            self.send_header("content-length", str(len(told.content)))
            self.end_headers()
            self.wfile.write(told.content)

        do_GET = do_POST = do_DELETE = passed_on  # noqa: N815 - as http.server has them

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Guard)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "broker.both.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


@pytest.mark.parametrize(
    ("password", "told"),
    [(PASSWORDS["ada"], None), ("hunter2", "401 Unauthorized")],
    ids=["right", "wrong"],
)
def test_registry_with_a_login_by_tls(cli, flink, tmp_path, monkeypatch, password, told):
    """For us and for the job; who is not let in is told in a line."""
    address = flink.harness.services(["registry"])["registry"]
    before = registry.subjects(address)
    with guarded(tmp_path, address) as port:
        login = f"ada:{quote(password, safe='')}"
        where = f"localhost:{port}?path=/apis/ccompat/v7&ca={tmp_path}/ca.pem"
        monkeypatch.setenv("STREAMGAUGE_REGISTRY", f"https://{login}@{where}")
        axes = ("--dialect", "sql", "--mode", "streaming", "--flink", flink.line.name, "--quick")
        provider = ("--provider", "external", "--json", "told.json")
        code, output = cli.run("run", str(SCENARIO.folder), *axes, *provider)

    (record,) = json.loads((cli.folder / "told.json").read_text())
    assert (told is None) == (code == 0), output
    assert (told or "") in record["reason"]
    assert 1 >= len(record["reason"].splitlines())
    assert password not in output
    assert before == registry.subjects(address)
