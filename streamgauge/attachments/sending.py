"""What is sent to the topics of sources, message by message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from zlib import crc32

from streamgauge.attachments import change_formats, formats, json_rows
from streamgauge.attachments.broker import Outgoing
from streamgauge.attachments.registered import Registered
from streamgauge.errors import StreamgaugeError
from streamgauge.own_options import changes_are_messages
from streamgauge.tables import Source
from streamgauge.values.changelog import Change
from streamgauge.values.images import Image, Images
from streamgauge.values.inputs import Entry, Message, Record
from streamgauge.values.schema import Row, Schema


class Sending:
    """The messages of all sources, each on one of so many partitions of its topic."""

    def __init__(self, partitions: int) -> None:
        self._partitions = partitions
        self._of: dict[str, _Rows | _Changes] = {}

    def add(self, source: Source, topic: str, registered: Registered | None = None) -> None:
        """A source, where its messages go, and whether their schemas are in a registry."""
        self._of[source.name] = (
            _Changes(source, topic, self._partitions)
            if changes_are_messages(source)
            else _Rows(source, topic, self._partitions, registered)
        )

    def __call__(self, entries: Sequence[Entry]) -> Iterator[Outgoing]:
        """The messages of entries, in order of arrival."""
        for name, record in entries:
            yield from self._of[name].messages(record)
        for each in self._of.values():
            yield from each.end()


class _Rows:
    """Rows go in turn to each partition, and begin with the first each time."""

    def __init__(
        self, source: Source, topic: str, partitions: int, registered: Registered | None
    ) -> None:
        self._topic = topic
        self._partitions = partitions
        self._write = formats.writer(source, registered)
        self._key = formats.keyer(source)
        self._sent = 0

    def messages(self, record: Record) -> Iterable[Outgoing]:
        """That of a row."""
        partition = self._sent % self._partitions
        self._sent += 1
        return [Outgoing(self._topic, partition, self._write(record), self._key(record))]

    def end(self) -> Iterable[Outgoing]:
        """Nothing is held back."""
        self._sent = 0
        return ()


class _Changes:
    """Changes go where their key goes: those of one row stay in order."""

    def __init__(self, source: Source, topic: str, partitions: int) -> None:
        self._source = source
        self._topic = topic
        self._partitions = partitions
        self._write = change_formats.writer(source)
        self._at = source.schema.indices(source.key)
        self._keys = Schema(tuple(source.schema.columns[index] for index in self._at))
        self._images = Images(self._at)

    def messages(self, record: Record) -> Iterable[Outgoing]:
        """Those of a change. A StreamgaugeError where nobody knows what was before it."""
        if isinstance(record, Message):
            return [self._outgoing(record.value, record.key)]
        assert isinstance(record, Change), "the records of a source with a key are checked"
        try:
            return map(self._of_image, self._images.take(record))
        except ValueError as error:
            raise StreamgaugeError(f"source {self._source.name}: {error}: {record}") from None

    def end(self) -> Iterable[Outgoing]:
        """What was updated, and is no more until the other half of that comes."""
        return map(self._of_image, self._images.cut())

    def _of_image(self, image: Image) -> Outgoing:
        row: Row = image.after or image.before or ()
        key = tuple(row[index] for index in self._at)
        return self._outgoing(self._write(image), json_rows.encode(self._keys, key))

    def _outgoing(self, value: bytes, key: bytes | None) -> Outgoing:
        return Outgoing(self._topic, crc32(key or b"") % self._partitions, value, key)
