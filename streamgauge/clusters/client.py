"""Asking a cluster over HTTP: answers as data, and one line where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streamgauge.errors import StreamgaugeError
from streamgauge.lazily import Lazily

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx
else:
    # Its own command line comes with it.
    httpx = Lazily("httpx")

ANSWER_SECONDS = 30
_NO_LOGIN = (401, 403)
_UNKNOWN = 404
# Some paths answer 500 with this.
_NO_JOB = "FlinkJobNotFoundException"


class Client:
    """Connections to `http://HOST:PORT`, or to `https`, where what is trusted is `verify`.

    `authorization` is the header of that name, which nobody is told.
    """

    def __init__(self, url: str, authorization: str = "", verify: SSLContext | bool = True) -> None:
        self.url = url
        self._client = httpx.Client(
            base_url=url,
            headers={"Authorization": authorization} if authorization else {},
            verify=verify,
            timeout=ANSWER_SECONDS,
            trust_env=False,
        )

    def close(self) -> None:
        """Give the connections up."""
        self._client.close()

    def get(self, path: str, **parameters: str) -> Any:
        """What is at a path. A StreamgaugeError where nothing is, or nobody answers."""
        return self.ask("GET", path, params=parameters)

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """The answer, as data. A StreamgaugeError where there is none, or a refusal."""
        try:
            answer = self._client.request(method, path, **more)
        except httpx.TransportError as error:
            raise StreamgaugeError(f"the cluster at {self.url} does not answer: {error}") from None
        if answer.status_code in _NO_LOGIN:
            raise StreamgaugeError(
                f"the cluster at {self.url} answers {answer.status_code}: it wants another login"
            )
        if not answer.is_success:
            raise StreamgaugeError(self._refused(answer, path))
        try:
            return answer.json() if answer.content else None
        except ValueError:
            raise StreamgaugeError(f"what answers at {self.url} is not Flink") from None

    def _refused(self, answer: httpx.Response, path: str) -> str:
        """A JobManager that was started again has lost all its jobs, unless they are kept."""
        job = path.removeprefix("/jobs/").partition("/")[0]
        unknown = answer.status_code == _UNKNOWN or _NO_JOB in answer.text
        if unknown and path.startswith("/jobs/"):
            return f"the cluster at {self.url} knows no job {job}: its JobManager has lost it"
        return f"Flink answers {answer.status_code} to {path}"
