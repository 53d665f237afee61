"""What holds of every generator: any slice alone, and the same everywhere."""

import hashlib
import inspect
import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import clicks, features, orders, readings, syslog, weblogs, words
from streamgauge.attachments.formats import messages
from streamgauge.discovery import discover
from streamgauge.values.changelog import Change

# How many records make the digest; that of seed 42.
DIGESTS = {
    words.rows: (1000, "aafb32d7bfd8738948905e34d7ebe1d03dadc6fd89dce1377d56a27254563d25"),
    syslog.rows: (400, "9f3aa4aedfcbe5a3f1cd887f9dfdeaaea40a82b462e947e0b4781d7c9ce5ad33"),
    weblogs.rows: (1000, "885f0f108242d3356a24e092e56513e0efb983f88044e82690af01a55ac036fe"),
    orders.changes: (600, "237a1ceec1528bf29c09798e77c315c0c152459f0b9075a97b919b4c64f0dfbb"),
    orders.items: (600, "16c2ea7c496b340e84d677f0cef00228f2351430734885d0878928d35cfe8abd"),
    clicks.rows: (1000, "1f058e5acaaa6da551543e56f55f8efab56a611411fa0e10ab060239c9d48091"),
    clicks.some_late: (1000, "b90dbf545c14718ada0eac4e9a70c94abc784aa6633f6b1bcfad76d1af9607f1"),
    features.impressions: (600, "fdb736181a33f8ee0fc3f72047224df74e1c0b5b1fc445b23bfa059d25e81e59"),
    features.clicks: (600, "e177b4d5f0432e52190498cc75bb447d88063bd2886c9889d9ebf5e70c077461"),
    features.profiles: (600, "f0e2f243fe97c272b973b6bf1a9f1a4205f8ae135ebf3809bbad4e4a48873333"),
    readings.rows: (200, "819ae8564de64e76ab9a82d63469f981b3214d709075a013a122abd6868217f5"),
    readings.weights: (200, "450f075cdd8e75f5bc81470306371554eda6db13e67a0c4dac85fe5418cece24"),
    readings.timed: (200, "dc7a0ee33b9848056bb7cfca323db3ec83618df5349f0437e7ec49301a8cffdb"),
}
# Event time has an end in the year 9999, and these come more slowly than clicks.
SLOW = (features.__name__, readings.__name__)
FAR = {generate: 10**10 if generate.__module__ in SLOW else 10**12 for generate in DIGESTS}
# Of each, some slices (seed, start, stop) as they were when rows were made one by one: digests of
# their rows and of their messages.
SLICES = json.loads(Path(__file__).with_name("slices.json").read_text(encoding="utf-8"))


def name(generate):
    return f"{generate.__module__.rpartition('.')[2]}.{generate.__name__}"


EACH = pytest.mark.parametrize("generate", DIGESTS, ids=name)


@pytest.fixture(scope="session")
def sources():
    """The sources of all scenarios, by the names of their generators."""
    made = {name(s.generate): s for scenario in discover().values() for s in scenario.sources}
    return {**made, "clicks.some_late": made["clicks.rows"]}


def without_hostile(generate):
    return {"hostile": 0} if "hostile" in inspect.signature(generate).parameters else {}


def one_by_one(source, records):
    """The messages, each made of its tuple."""
    rows = [record.row if isinstance(record, Change) else record for record in records]
    return messages(source, list(rows))


def test_every_source_is_looked_at():
    """A new generator has to stand above."""
    sources = [source for scenario in discover().values() for source in scenario.sources]
    # Each root imports its own.
    used = {(s.generate.__module__, s.generate.__name__) for s in sources}

    assert set() == used - {(made.__module__, made.__name__) for made in DIGESTS}


@EACH
@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**64 - 1), far=st.booleans(), start=st.integers(0, 200), rest=st.data())
def test_slice_is_that_of_the_whole(generate, seed, far, start, rest):
    """A slice made alone has the records that the whole has there."""
    first = far * FAR[generate]
    stop = rest.draw(st.integers(start, 200))
    whole = generate(seed, first, first + 200)

    assert 200 == len(whole)
    assert whole[start:stop] == generate(seed, first + start, first + stop)


@EACH
def test_other_seeds_give_other_records(generate):
    """The seed matters, its upper half included."""
    made = [generate(seed, 0, 50) for seed in (0, 1, 2**32, 2**63)]

    assert all(one != other for one, other in combinations(made, 2))


@EACH
@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seed_out_of_range_is_refused(generate, seed):
    """A seed that would wrap around to another's records is an error."""
    with pytest.raises(ValueError, match=r"not in 0\.\.2\*\*64-1"):
        generate(seed, 0, 1)


@EACH
def test_seed_means_the_same_records_everywhere(generate):
    """Seed 42 names the same records on every machine, Python and numpy."""
    rows, digest = DIGESTS[generate]
    made = repr(list(generate(42, 0, rows))).encode()

    assert digest == hashlib.sha256(made).hexdigest()


@EACH
def test_rows_and_messages_of_any_slice_are_as_they_were(generate, sources):
    """Near the beginning and far from it, of the least seed, the greatest, and between.

    But for hostile values, which came later.
    """
    for seed, start, stop, *digests in SLICES[name(generate)]:
        records = list(generate(seed, start, stop, **without_hostile(generate)))
        written = b"\n".join(one_by_one(sources[name(generate)], records))
        made = [hashlib.sha256(part) for part in (repr(records).encode(), written)]

        assert digests == [digest.hexdigest()[:32] for digest in made], (seed, start, stop)


@EACH
@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**64 - 1), far=st.booleans(), size=st.integers(0, 300))
def test_messages_of_columns_are_those_of_their_tuples(generate, sources, seed, far, size):
    """To the byte; and no tuple is made for them."""
    first = far * FAR[generate]
    made = generate(seed, first, first + size)
    source = sources[name(generate)]

    assert one_by_one(source, list(generate(seed, first, first + size))) == messages(source, made)
    assert "_records" not in vars(made)
