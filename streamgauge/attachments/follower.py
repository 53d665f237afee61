"""When messages come to a reader that reads what is committed alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from streamgauge.attachments.listener import taken
from streamgauge.services.endpoint import Endpoint
from streamgauge.services.kafka import client_settings
from streamgauge.waiting import wait_for

_POLL_SECONDS = 0.1
_COME_SECONDS = 15
_COMMITTED: Mapping[str, str | int | float | bool] = {
    "isolation.level": "read_committed",
    "enable.auto.commit": False,
}


class Follower:
    """Reads sinks on, each a topic of one partition, until it is stopped.

    A broker appends the messages of a transaction before it is committed: no time of theirs tells
    when they could be read.
    """

    def __init__(self, address: Endpoint, group: str, topics: Mapping[str, str]) -> None:
        self._seen: dict[str, list[float]] = {topic: [] for topic in topics.values()}
        self._topics = topics
        self._consumer = Consumer({**client_settings(address), **_COMMITTED, "group.id": group})
        self._consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING) for topic in self._seen])
        self._done = threading.Event()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def seen(self, sink: str, count: int) -> Sequence[float]:
        """When each of so many messages came, which are there, in order, in unix seconds."""
        came = self._seen[self._topics[sink]]
        told = f"sink {sink}: not all that is committed comes to a reader"
        wait_for(lambda: len(came), lambda there: there >= count, _COME_SECONDS, lambda _: told)
        return came[:count]

    def stop(self) -> None:
        """Give the connection up."""
        self._done.set()
        self._reading.join()
        self._consumer.close()

    def _read(self) -> None:
        while not self._done.is_set():
            found = taken(self._consumer, _POLL_SECONDS)
            now = time.time()
            for message in found:
                if not message.error():
                    self._seen[str(message.topic())].append(now)
