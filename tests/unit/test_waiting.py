"""Waiting looks now and then, and leaves the machine to what is waited for."""

import pytest

from streamgauge import waiting
from streamgauge.waiting import DeadlineError, paced, wait_for


def test_what_was_seen_last_is_told():
    """With the time that it took."""
    with pytest.raises(DeadlineError, match=r"saw 3 \(after 0 s\)") as error:
        wait_for(lambda: 3, lambda _: False, 0, "saw {}".format)

    assert 3 == error.value.seen


def test_a_look_takes_less_than_a_tenth_of_a_core(monkeypatch):
    """Who looks for a second pauses for twelve."""
    pauses = []
    clock = iter(range(100))
    monkeypatch.setattr(waiting.time, "thread_time", lambda: next(clock))
    monkeypatch.setattr(waiting.threading.Event, "wait", lambda _, s: pauses.append(s))
    wait_for(lambda: len(pauses), lambda seen: seen == 2, 60, str)

    assert [12, 12] == pauses


def test_what_is_paced_is_done_now_and_then(monkeypatch):
    """The first time, and when its time has passed since."""
    now, done = [7.0], []
    monkeypatch.setattr(waiting.time, "monotonic", lambda: now[0])
    look = paced(lambda: done.append(now[0]), 0.5)
    for now[0] in (7.0, 7.25, 7.5, 7.75, 9.0):
        look()

    assert [7.0, 7.5, 9.0] == done


def test_what_is_paced_and_fails_is_done_again(monkeypatch):
    """The next time, be it at once."""
    failures = []

    def fail():
        failures.append("failed")
        raise OSError("gone")

    look = paced(fail, 60)
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            look()

    assert ["failed"] * 2 == failures
