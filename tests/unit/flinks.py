"""A fake of Flink's REST interface: answers by path, and what was asked."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWERS = {
    "/overview": {"flink-version": "1.20.5", "slots-total": 4, "slots-available": 2},
    "/jobmanager/config": [{"key": "python.executable", "value": "/usr/bin/python3.11"}],
    "/jobmanager/environment": {
        "jvm": {"version": "OpenJDK 64-Bit Server VM - Debian - 17/17.0.9+9-Debian-1deb11u1"}
    },
    "/taskmanagers": {"taskmanagers": [{"path": "pekko.tcp://flink@127.0.0.1:41/user/rpc/t_0"}]},
}


class Fake:
    """Its address, its answers by path, and the requests: method, path, authorization, body."""

    def __init__(self, url, answers, login):
        self.url, self.answers, self.login = url, answers, login
        self.asked = []

    def answer(self, method, path, authorization, body):
        """Status and text of the answer."""
        self.asked.append((method, path, authorization, body))
        if self.login not in ("", authorization):
            return 401, "{}"
        answer = self.answers.get(path)
        return (404, "{}") if answer is None else (200, answer)


@contextmanager
def fake(answers=(), login=""):
    """One that answers `answers` beside what every cluster does, to whoever has the login."""
    texts = {path: json.dumps(answer) for path, answer in {**ANSWERS, **dict(answers)}.items()}
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.fake = Fake(f"http://127.0.0.1:{server.server_port}", texts, login)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.fake
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def _answer(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
        login = self.headers["Authorization"] or ""
        status, text = self.server.fake.answer(self.command, self.path, login, body)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = do_PATCH = _answer  # noqa: N815

    def log_message(self, *_):
        pass
