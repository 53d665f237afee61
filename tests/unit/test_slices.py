"""Slices of a stream, made alone, are together the whole."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamgauge.attachments.formats import messages
from streamgauge.discovery import discover
from streamgauge.errors import ScenarioError
from streamgauge.slices import blocks, encoded, slices
from streamgauge.tables import Source
from streamgauge.values.schema import Schema


@given(rows=st.integers(0, 10_000), parts=st.integers(1, 40))
def test_slices_are_disjoint_and_whole(rows, parts):
    """Each index is in one, in order; none is much longer than another."""
    made = slices(rows, parts)

    assert list(range(rows)) == [index for part in made for index in part]
    assert parts == len(made)
    assert max(map(len, made)) - min(map(len, made)) <= 1


@given(start=st.integers(0, 10**12), length=st.integers(0, 500), size=st.integers(1, 200))
def test_blocks(start, length, size):
    """All of a slice, of at most that size."""
    rows = range(start, start + length)
    made = list(blocks(rows, size))

    assert list(rows) == [index for block in made for index in block]
    assert all(1 <= len(block) <= size for block in made)


def part_of(asked):
    """What a process makes of its part: it finds the scenario itself."""
    number, parts = asked
    scenario = discover()["click_top10"]
    rows = slices(30_011, parts)[number]
    return [m for block in encoded(scenario, scenario.sources[0], 5, rows) for m in block]


def test_processes_make_the_parts_of_one_stream():
    """Each in its own memory; the parts after each other are the stream."""
    scenario = discover()["click_top10"]
    (source,) = scenario.sources

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(part_of, [(number, 3) for number in range(3)]))

    assert messages(source, source.generate(5, 0, 30_011)) == [m for part in parts for m in part]


def test_records_that_do_not_fit_are_told():
    """Of a generator of a user's, which gives tuples; before anything is sent."""
    scenario = discover()["word_count"]
    texts = Source("words", Schema.of(word="STRING"), generate=lambda *_: [("a",), (1,)])

    with pytest.raises(ScenarioError, match="source words: row 1: column word"):
        next(encoded(scenario, texts, 0, range(2)))
