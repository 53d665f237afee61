"""A Debezium connector of one MySQL database, by Kafka Connect's REST interface."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from streamgauge.errors import StreamgaugeError
from streamgauge.lazily import Lazily
from streamgauge.services.connect import client, rest_login
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.kafka import OWN, java_settings
from streamgauge.services.mysql import debezium_settings
from streamgauge.traces import root_cause

if TYPE_CHECKING:
    import httpx
else:
    # Its own command line comes with it.
    httpx = Lazily("httpx")

_CONVERTER = "org.apache.kafka.connect.json.JsonConverter"


class Connector:
    """Reads all tables of `database` into topics NAME.DATABASE.TABLE, from a snapshot on."""

    def __init__(
        self, connect: Endpoint, kafka: Endpoint, mysql: Endpoint, name: str, database: str
    ) -> None:
        self._called = f"Kafka Connect at {connect}"
        self._url = f"http://{connect}/connectors"
        self._login = rest_login(connect)
        self._name = name
        self.history_topic = f"{name}.history"
        self.started = False
        self._settings = {
            "connector.class": "io.debezium.connector.mysql.MySqlConnector",
            "tasks.max": "1",
            "topic.prefix": name,
            "poll.interval.ms": "20",
            **_database(mysql, database),
            **_schema_history(kafka, self.history_topic),
            **_json(),
            **connect.options,
        }

    def start(self) -> None:
        """Make the connector; its snapshot is taken meanwhile. A StreamgaugeError if refused."""
        self._ask("POST", "", {"name": self._name, "config": self._settings})
        self.started = True

    def keep(self) -> None:
        """Make it anew where Connect, started again since, knows but how far it had read."""
        if not self._is_known():
            self.start()

    def _is_known(self) -> bool:
        return self._name in self._ask("GET", "")

    def is_past(self, position: tuple[str, int]) -> bool:
        """Whether Kafka has all up to a change that was made at this place of the binlog.

        A StreamgaugeError where the connector has failed.
        """
        self.keep()
        stored = self._ask("GET", f"/{self._name}/offsets")["offsets"]
        for at in (part["offset"] for part in stored):
            # Of a record that went out before the end of the snapshot, all others are not known.
            if "snapshot" not in at and (at["file"], at["pos"]) > position:
                return True
        self._check()
        return False

    def stop(self) -> None:
        """Remove the connector, if it was made."""
        if self.started and self._is_known():
            self._ask("DELETE", f"/{self._name}")
        self.started = False

    def _check(self) -> None:
        for task in self._ask("GET", f"/{self._name}/status")["tasks"]:
            if task["state"] == "FAILED":
                raise StreamgaugeError(f"Debezium: {root_cause(task.get('trace') or 'failed')}")

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        try:
            answer = client().request(method, self._url + path, json=body, auth=self._login)
        except httpx.HTTPError as error:
            raise StreamgaugeError(f"{self._called}: {error}") from None
        if not answer.is_success:
            raise StreamgaugeError(f"{self._called}: {_why(answer)}")
        return answer.json() if answer.content else None


def _why(answer: httpx.Response) -> str:
    """What Connect says of itself; what is in front of it may answer otherwise."""
    try:
        return str(answer.json()["message"])
    except (ValueError, LookupError, TypeError):
        return f"status {answer.status_code} {answer.text}".strip()


def _database(mysql: Endpoint, database: str) -> dict[str, str]:
    return {
        "database.hostname": mysql.host,
        "database.port": str(mysql.port),
        "database.user": mysql.user,
        # A replica's id has to be unique on the server, whoever else reads its binlog.
        "database.server.id": str(random.randrange(10_000, 2**31)),
        "database.include.list": database,
        **debezium_settings(mysql),
    }


def _schema_history(kafka: Endpoint, topic: str) -> dict[str, str]:
    """Where Debezium keeps what the tables looked like; Connect's process has the password."""
    at = "schema.history.internal"
    login = [pair for pair in java_settings(kafka).items() if pair[0] not in OWN]
    return {
        f"{at}.kafka.bootstrap.servers": str(kafka),
        f"{at}.kafka.topic": topic,
        # Else it looks at all tables of the server, also at those that a run drops meanwhile.
        f"{at}.store.only.captured.tables.ddl": "true",
        **{f"{at}.{part}.{k}": v for part in ("producer", "consumer") for k, v in login},
    }


def _json() -> dict[str, str]:
    """Plain JSON with exact numbers, and nothing but rows' changes."""
    return {
        "key.converter": _CONVERTER,
        "key.converter.schemas.enable": "false",
        "value.converter": _CONVERTER,
        "value.converter.schemas.enable": "false",
        "value.converter.decimal.format": "NUMERIC",
        "bigint.unsigned.handling.mode": "precise",
        "decimal.handling.mode": "precise",
        "time.precision.mode": "isostring",
        "tombstones.on.delete": "false",
        "include.schema.changes": "false",
    }
