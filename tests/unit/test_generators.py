"""Generated words: any slice alone, and the same everywhere."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import words

FAR = 10**12

seeds = st.integers(0, 2**64 - 1)


@settings(deadline=None, max_examples=30)
@given(seeds, st.sampled_from([0, FAR]), st.integers(0, 80), st.integers(0, 80))
def test_slice_is_that_of_the_whole(seed, begin, skipped, length):
    """A slice made alone has the records that the whole has there."""
    start, stop = begin + skipped, begin + skipped + length
    whole = words.rows(seed, begin, stop)

    assert length == len(whole[skipped:])
    assert whole[skipped:] == words.rows(seed, start, stop)


def test_other_seeds_give_other_records():
    """The seed matters, its upper half included."""
    made = [words.rows(seed, 0, 50) for seed in (0, 1, 2**32, 2**63)]

    assert all(one != other for one in made for other in made if one is not other)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seed_out_of_range_is_refused(seed):
    """A seed that would wrap around to another's records is an error."""
    with pytest.raises(ValueError, match=r"not in 0\.\.2\*\*64-1"):
        words.rows(seed, 0, 1)


def test_words_are_skewed():
    """The most frequent word has many times the share of the rarest."""
    counts = sorted(map(words.rows(3, 0, 5000).count, {(w,) for (w,) in words.rows(3, 0, 5000)}))

    assert counts[-1] > 5 * counts[0]
