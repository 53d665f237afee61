"""What comes of all sources, written as one list in the order in which it arrives."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum
from typing import Any, Union

from streamgauge.errors import ScenarioError, nearest
from streamgauge.values.inputs import Entry, Inputs, Record


class Now(Enum):
    """What happens between two records."""

    CUT = "the cut"


# There the first part of the input ends: where a job is stopped, it is now.
CUT = Now.CUT
Arrival = Union[tuple[str, Record], Now]


def arrived(arrivals: Sequence[Any], sources: Collection[str]) -> tuple[Inputs, float | None]:
    """The inputs, and which share (0..1) of them comes before the cut, if it is there.

    A ScenarioError for what is no record of a source, or for a second cut.
    """
    cuts = [index for index, arrival in enumerate(arrivals) if arrival is CUT]
    if len(cuts) > 1:
        raise ScenarioError(f"arrivals: entry {cuts[1]}: a second CUT")
    entries = [_entry(i, each, sources) for i, each in enumerate(arrivals) if each is not CUT]
    inputs = Inputs(tuple(sources), tuple(entries))
    return inputs, cuts[0] / len(entries) if cuts and entries else None


def _entry(index: int, arrival: Any, sources: Collection[str]) -> Entry:
    told = f"arrivals: entry {index}"
    if not (isinstance(arrival, tuple) and len(arrival) == len(Entry._fields)):
        raise ScenarioError(f"{told}: {arrival!r} is neither (source, record) nor CUT")
    source, record = arrival
    if source not in sources:
        raise ScenarioError(f"{told}: there is no source {source!r}{nearest(str(source), sources)}")
    return Entry(source, record)
