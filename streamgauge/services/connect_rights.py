"""Whether somebody else's Connect has what a run needs of it."""

from __future__ import annotations

from streamgauge.errors import StreamgaugeError
from streamgauge.services.connect import client, rest_login
from streamgauge.services.endpoint import Endpoint

_DEBEZIUM = "io.debezium.connector.mysql.MySqlConnector"


def probe(address: Endpoint, _: str) -> None:
    """A StreamgaugeError where it does not answer, or lacks Debezium's connector of MySQL."""
    import httpx  # noqa: PLC0415 - its own command line comes with it

    try:
        told = client().get(f"http://{address}/connector-plugins", auth=rest_login(address))
        plugins = [plugin["class"] for plugin in told.raise_for_status().json()]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise StreamgaugeError(f"Connect at {address}: no answer: {error}") from None
    if _DEBEZIUM not in plugins:
        raise StreamgaugeError(f"Connect at {address}: it has no {_DEBEZIUM}")
