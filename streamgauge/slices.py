"""Slices of a source's records, each made alone: several processes share one stream."""

from __future__ import annotations

from collections.abc import Iterator

from streamgauge.attachments.formats import messages
from streamgauge.errors import UsageError
from streamgauge.own_options import changes_are_messages, is_registered
from streamgauge.scenario import Scenario, Source

# As many records at a time as stay in a processor's cache while they are written.
BLOCK = 10_000


def slices(rows: int, parts: int) -> list[range]:
    """The indices 0..rows-1 in consecutive slices, of which none has two more than another."""
    ends = [rows * part // parts for part in range(parts + 1)]
    return [range(start, stop) for start, stop in zip(ends, ends[1:])]


def blocks(rows: range, size: int = BLOCK) -> Iterator[range]:
    """Indices in consecutive blocks."""
    return (rows[at : at + size] for at in range(0, len(rows), size))


def encoded(
    scenario: Scenario, source: Source, seed: int, rows: range, locale: str | None = None
) -> Iterator[list[bytes]]:
    """A slice of a source as messages, a block at a time; only columns make no tuples for them.

    The records are those of the whole at these indices. The first block is held against the
    schema: a ScenarioError where a record does not fit.
    """
    if source.message_key:
        raise UsageError(f"source {source.name}: its messages have keys, which a run alone writes")
    if is_registered(source):
        raise UsageError(f"source {source.name}: a run alone has a schema registry")
    if changes_are_messages(source):
        raise UsageError(f"source {source.name}: a run alone knows what was before its changes")
    for block in blocks(rows):
        made = scenario.generated(source, seed, block.start, block.stop, locale)
        if block.start == rows.start:
            source.check(made)
        yield messages(source, made)
