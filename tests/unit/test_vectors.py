"""Columns have the very numbers that rows have, one by one."""

from hypothesis import given
from hypothesis import strategies as st

from streamgauge import draws, vectors

SEEDS = st.integers(0, 2**64 - 1)
# Bounds of either way to multiply, and those beside them.
BOUNDS = st.one_of(
    st.integers(1, 2**63), st.sampled_from([1, 100, 2**32 - 1, 2**32, 2**32 + 1, 2**63])
)


@given(seed=SEEDS, stream=st.integers(0, 99), start=st.integers(0, 2**40), size=st.integers(0, 20))
def test_words_are_those_of_each_index(seed, stream, start, size):
    """In a row, and each for itself: both are numpy's Philox."""
    drawn = draws.draws(seed, stream, start, start + size)
    indices = vectors.indices(start, start + size)

    assert drawn == list(map(list, zip(*vectors.words(seed, stream, start, start + size))))
    assert drawn == list(map(list, zip(*vectors.words_at(seed, stream, indices))))


@given(seed=SEEDS, bound=BOUNDS)
def test_below_is_exact(seed, bound):
    """To the last bit, for one bound and for one at each place."""
    drawn, *_ = vectors.words(seed, 0, 0, 20)
    expected = [draws.below(word, bound) for word in drawn.tolist()]
    each = vectors.np.full(20, bound, dtype=vectors.np.int64) if bound < 2**63 else bound

    assert expected == vectors.below(drawn, bound).tolist()
    assert expected == vectors.below(drawn, each).tolist()


def test_greatest_words():
    """Where products carry."""
    words = vectors.np.array([0, 1, 2**32 - 1, 2**32, 2**63, 2**64 - 1], dtype=vectors.np.uint64)

    for bound in (1, 3, 2**32 - 1, 2**32 + 1, 2**63):
        expected = [draws.below(word, bound) for word in words.tolist()]
        assert expected == vectors.below(words, bound).tolist()


@given(seed=SEEDS, percent=st.integers(0, 100))
def test_chance_is_the_same(seed, percent):
    """Of each."""
    drawn, *_ = vectors.words(seed, 0, 0, 50)
    expected = [draws.chance(word, percent) for word in drawn.tolist()]

    assert expected == vectors.chance(drawn, percent).tolist()


@given(seed=SEEDS, bound=st.integers(0, 2**127))
def test_below_of_many_bits_is_exact(seed, bound):
    """Two words make a number of 128 bits; a difference may be less than nothing."""
    high, low, *_ = vectors.words(seed, 0, 0, 20)
    bounds = vectors.taken_wide([bound], vectors.indices(0, 20) * 0)
    expected = [((a << 64) + b) * bound >> 128 for a, b in zip(high.tolist(), low.tolist())]

    made = vectors.below_wide((high, low), bounds)
    assert expected == joined(made)
    assert [(number - bound) % 2**128 for number in expected] == joined(vectors.less(made, bounds))


def joined(halves):
    high, low = (half.tolist() for half in halves)
    return [(a << 64) + b for a, b in zip(high, low)]
