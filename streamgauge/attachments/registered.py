"""Messages of avro-confluent: which schema of a registry they are of, and then Avro."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from streamgauge.services import registry
from streamgauge.services.endpoint import Endpoint
from streamgauge.values import avro
from streamgauge.values.schema import Row, Schema

# No magic, and the id of the schema.
_HEAD = struct.Struct(">bi")


class Registered:
    """The messages of a topic, whose schemas are of one subject, as Flink calls it by itself."""

    def __init__(self, address: Endpoint, topic: str) -> None:
        self._address = address
        self.subject = f"{topic}-value"
        self._ids: dict[Schema, int] = {}
        self._schemas: dict[int, object] = {}

    @property
    def options(self) -> Mapping[str, str]:
        """Where Flink asks for schemas, and how it logs in."""
        at = self._address.for_jobs
        name = "avro-confluent"
        login = {
            f"{name}.basic-auth.credentials-source": "USER_INFO",
            f"{name}.basic-auth.user-info": f"{at.user}:{at.password}",
        }
        trust = {f"{name}.properties.schema.registry.{k}": v for k, v in registry.trust(at).items()}
        found = {"format": name, f"{name}.url": registry.url(at), **trust}
        return {**found, **(login if at.user else {})}

    def encode(self, schema: Schema, row: Row) -> bytes:
        """A row, whose schema is registered with the first one."""
        if schema not in self._ids:
            derived = avro.of_rows(schema, legacy=True).schema
            self._ids[schema] = registry.register(self._address, self.subject, derived)
        return _HEAD.pack(0, self._ids[schema]) + avro.encode(schema, row, legacy=True)

    def decode(self, schema: Schema, value: bytes | None) -> Row:
        """A row, by the schema that it was written with. A ValueError for other messages."""
        told = value or b""
        if len(told) < _HEAD.size or told[0]:
            raise ValueError(f"no message of a registry's Avro: {told!r}")
        _, number = _HEAD.unpack_from(told)
        if number not in self._schemas:
            self._schemas[number] = avro.parsed(registry.schema(self._address, number))
        rest = told[_HEAD.size :]
        return avro.decode(schema, rest, legacy=True, written=self._schemas[number])

    def drop(self) -> None:
        """Delete the subject, if it is there."""
        registry.drop(self._address, self.subject)
