"""Web logs: any slice alone, the same everywhere, with as many bad lines as promised."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import weblogs

FAR = 10**12

seeds = st.integers(0, 2**64 - 1)


def objects(rows):
    """The lines that are JSON objects."""
    return [log for (line,) in rows if isinstance(log := _loaded(line), dict)]


def _loaded(line):
    try:
        return json.loads(line)
    except ValueError:
        return None


@settings(deadline=None, max_examples=30)
@given(seeds, st.sampled_from([0, FAR]), st.integers(0, 80), st.integers(0, 80))
def test_slice_is_that_of_the_whole(seed, begin, skipped, length):
    """A slice made alone has the lines that the whole has there."""
    start, stop = begin + skipped, begin + skipped + length
    whole = weblogs.rows(seed, begin, stop)

    assert length == len(whole[skipped:])
    assert whole[skipped:] == weblogs.rows(seed, start, stop)


def test_other_seeds_give_other_lines():
    """The seed matters, its upper half included."""
    made = [weblogs.rows(seed, 0, 50) for seed in (0, 1, 2**32, 2**63)]

    assert all(one != other for one in made for other in made if one is not other)


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_seed_out_of_range_is_refused(seed):
    """A seed that would wrap around to another's lines is an error."""
    with pytest.raises(ValueError, match=r"not in 0\.\.2\*\*64-1"):
        weblogs.rows(seed, 0, 1)


def test_seed_means_the_same_lines_everywhere():
    """Seed 42 names the same lines on every machine, Python and numpy."""
    made = repr(weblogs.rows(42, 0, 1000)).encode()

    assert (
        "e0d69a3d0110d2072abc00087515342fef1335a8f1c4e9830273255669f0f034"
        == hashlib.sha256(made).hexdigest()
    )


def test_ids_are_unique():
    """No two lines have the same id, so that it can be a primary key."""
    ids = [log["id"] for log in objects(weblogs.rows(3, 0, 5000)) if isinstance(log.get("id"), str)]

    assert len(ids) > 4000
    assert len(ids) == len(set(ids))


def test_times_are_written_in_many_ways():
    """Numbers and texts, with Z, with an offset, as Apache does."""
    times = [log.get("time") for log in objects(weblogs.rows(3, 0, 1000))]
    texts = [time for time in times if isinstance(time, str)]

    assert any(isinstance(time, int) for time in times)
    assert any(text.endswith("Z") for text in texts)
    assert any(text.endswith("+05:30") for text in texts)
    assert any(text.endswith("-0330") for text in texts)
    assert any(text.isdigit() for text in texts)


def test_numbers_come_as_texts_and_fields_lack():
    """What makes parsing hard is there."""
    logs = objects(weblogs.rows(3, 0, 1000))

    assert {int, str} <= {type(log["status"]) for log in logs}
    assert {int, str, type(None)} <= {type(log["bytes"]) for log in logs if "bytes" in log}
    assert any("user" not in log for log in logs)
    assert any("client" not in log for log in logs)
