"""Waiting looks now and then, and leaves the machine to what is waited for."""

import pytest

from streamgauge import waiting
from streamgauge.waiting import DeadlineError, wait_for


def test_what_was_seen_last_is_told():
    """With the time that it took."""
    with pytest.raises(DeadlineError, match=r"saw 3 \(after 0 s\)") as error:
        wait_for(lambda: 3, lambda _: False, 0, "saw {}".format)

    assert 3 == error.value.seen


def test_a_look_takes_a_tenth_of_a_core_at_most(monkeypatch):
    """Who looks for a second pauses for nine."""
    pauses = []
    clock = iter(range(100))
    monkeypatch.setattr(waiting.time, "thread_time", lambda: next(clock))
    monkeypatch.setattr(waiting.threading.Event, "wait", lambda _, s: pauses.append(s))
    wait_for(lambda: len(pauses), lambda seen: seen == 2, 60, str)

    assert [9, 9] == pauses
