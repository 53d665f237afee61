"""What a topic of one partition has got so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from confluent_kafka import Message

from streamgauge.attachments import Arrival
from streamgauge.attachments.listener import Listener
from streamgauge.values.changelog import Change


class Arrived:
    """Reads a topic of one partition on, from its beginning.

    `stamped`: the times of its messages do not tell when they came.
    """

    def __init__(
        self,
        listener: Listener,
        topic: str,
        decode: Callable[[Message], Iterable[Change]],
        stamped: bool,
    ) -> None:
        self._stamped = stamped
        self._listener = listener
        self._topic = topic
        self._decode = decode
        self._arrivals: list[Arrival] = []
        self._at = 0

    def arrivals(self) -> Sequence[Arrival]:
        """All changes up to the end of now."""
        if (end := self.end()) > self._at:
            messages, self._at = self._listener.messages(self._topic, self._at, end)
            self._arrivals += chain.from_iterable(map(self._come, messages))
        return self._arrivals

    def end(self) -> int:
        """The offset after the last message that is committed, or after its transaction."""
        return self._listener.end(self._topic)

    def _come(self, message: Message) -> Iterator[Arrival]:
        _, milliseconds = message.timestamp()
        at = None if self._stamped else milliseconds / 1000
        return (Arrival(change, at) for change in self._decode(message))
