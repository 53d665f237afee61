"""What holds of every generator: any slice alone, and the same everywhere."""

import hashlib
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
    words.rows: (1000, "18a870ca61011b779c3b833dcde8600175c393ff907f78c429b79d0b70466e0b"),
    syslog.rows: (400, "3063a47a2b8e633de71c23ae4cfae825211d950a375831f9c760db5e27ea136d"),
    weblogs.rows: (1000, "e0d69a3d0110d2072abc00087515342fef1335a8f1c4e9830273255669f0f034"),
    orders.changes: (600, "6ba8f66b78d6b7a4d3ea68b69c4901efd3275656861675c65a9c1a6280b21f63"),
    orders.items: (600, "857ebd4c4b88dad5442528c3866678e2e9bb3c5eeacbc2e4f844276eebc9beaf"),
    clicks.rows: (1000, "659d51b79b44b097450ebb9dcf051edb013ac1e4a30229e9273f0fa9867ddf21"),
    clicks.some_late: (1000, "b90dbf545c14718ada0eac4e9a70c94abc784aa6633f6b1bcfad76d1af9607f1"),
    features.impressions: (600, "b4002e1e13655885f4a52e30370d9191df28443739ba268f3dc516d051e32da6"),
    features.clicks: (600, "c6a1592b80eacfcf565c5806f76432c32d906ee3b565f7368341dbfeccc70557"),
    features.profiles: (600, "9c4780505f03e36e46753b4b34432520b80eb86b7d4642627f28bb26a017e338"),
    readings.rows: (200, "8c5e80d55cb57a5709c9eea6ffc18af721f536ac4a7c5ef887b8687edc82db5d"),
    readings.weights: (200, "450f075cdd8e75f5bc81470306371554eda6db13e67a0c4dac85fe5418cece24"),
    readings.timed: (200, "9ac9c414b96996c093de907fba815fa1f6cd780ef3facf10de9415ca00ca3517"),
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
    """Near the beginning and far from it, of the least seed, the greatest, and between."""
    for seed, start, stop, *digests in SLICES[name(generate)]:
        records = list(generate(seed, start, stop))
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
