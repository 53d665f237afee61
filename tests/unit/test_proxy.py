"""A user's proxy is for the world outside: what is ours on loopback is asked directly."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from streamgauge.attachments.connector import Connector
from streamgauge.clusters.rest import Rest
from streamgauge.processes import free_port
from streamgauge.services import connect, kafka
from streamgauge.services.endpoint import Endpoint

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


class Server(BaseHTTPRequestHandler):
    """Answers whatever it is asked with what Kafka Connect or Flink would say."""

    def do_GET(self):
        body = b'{"slots-available": 3, "offsets": [], "tasks": [], "sg_1": {}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def port(monkeypatch):
    """The port of a small HTTP server on loopback, where every proxy is dead."""
    for name in PROXIES:
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_connect_answers(port):
    """Else its start is waited for in vain."""
    assert connect.answers(connect.endpoint(port))


def test_connectors_are_asked(port):
    """Else none is made."""
    mysql = Endpoint("127.0.0.1", 3306, "ada", "secret")
    connector = Connector(
        connect.endpoint(port), kafka.endpoint(9092, "ada", "secret"), mysql, "sg_1", "sg_1_from"
    )

    assert not connector.is_past(("binlog.000001", 4))


def test_flink_is_asked(port):
    """Its REST interface."""
    assert 3 == Rest(f"http://127.0.0.1:{port}").slots()
