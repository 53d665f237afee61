"""Inputs are one sequence in order of arrival, and each source's records as well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streamgauge.values.inputs import Entry, Inputs

names = st.sampled_from(["clicks", "users", "orders", "items"])
plain = st.dictionaries(names, st.lists(st.tuples(st.integers(0, 3)), max_size=9), max_size=4)
shares = st.floats(0, 1)


@given(plain)
def test_each_source_keeps_its_order(records):
    """As a mapping, inputs are what they were made of."""
    assert records == Inputs.of(records)
    assert list(records) == list(Inputs.of(records))


@given(plain, shares)
def test_parts_are_the_whole(records, share):
    """What comes until a share of the entries and what is left; all know all sources."""
    whole = Inputs.of(records)
    first = whole.until(share)
    parts = first, whole.part(len(first.entries), len(whole.entries))

    assert whole.entries == parts[0].entries + parts[1].entries
    assert int(share * len(whole.entries)) == len(parts[0].entries)
    assert [whole.sources] * 2 == [part.sources for part in parts]
    assert {name: [*parts[0][name], *parts[1][name]] for name in whole} == records


@given(plain, shares)
def test_sources_come_evenly(records, share):
    """At any moment, of each source as large a share has come as of the others, but for a row."""
    part = Inputs.of(records).until(share)
    for one, rows in records.items():
        for other, others in records.items():
            come = len(part[one]) * len(others) - len(part[other]) * len(rows)
            assert abs(come) <= max(len(rows), len(others))


def test_arrival_of_sources_of_unlike_size():
    """The i-th of n stands at (i + 1) / n; of equals, the first source's comes first."""
    made = Inputs.of({"a": [(1,), (2,)], "b": [(1,), (2,), (3,), (4,)], "c": []})

    assert "babbab" == "".join(entry.source for entry in made.entries)
    assert (Entry("b", (1,)), Entry("a", (1,)), Entry("b", (2,))) == made.entries[:3]
    assert ("a", "b", "c") == made.sources


@given(plain)
def test_inputs_stay_as_they_are(records):
    """The order of arrival is not made anew."""
    made = Inputs(tuple(records), Inputs.of(records).entries[::-1])

    assert made is Inputs.of(made)


def test_unknown_source_is_no_key():
    """As in a plain dictionary."""
    with pytest.raises(KeyError, match="users"):
        Inputs.of({"clicks": []})["users"]
