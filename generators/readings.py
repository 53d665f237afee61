"""What sensors read, some of it sent twice, the weights of grades, and readings over time.

A reading's grade is that of a weight before it, or of one that comes a little later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from streamgauge.draws import below, chance, draws, pick

_READINGS, _WEIGHTS, _TIMED = 12, 13, 14
_SENSORS = ("attic", "cellar", "étage", "garage", "大広間")
_AHEAD = 4
DISORDER = timedelta(seconds=5)
_GAP = timedelta(seconds=4)
_EPOCH = datetime(2025, 2, 28, 23, 58, 30)  # noqa: DTZ001 - SQL's TIMESTAMP has no zone

Reading = tuple[int, str, str, int]


def rows(seed: int, start: int, stop: int) -> list[Reading]:
    """Rows (id, sensor, grade, amount), for indices start..stop-1.

    One in five is an earlier one once more.
    """
    drawn = draws(seed, _READINGS, start, stop)
    return [_row(seed, index, words) for index, words in zip(range(start, stop), drawn)]


def weights(seed: int, start: int, stop: int) -> list[tuple[str, int]]:
    """Rows (grade, weight), for indices start..stop-1: each grade has one."""
    drawn = draws(seed, _WEIGHTS, start, stop)
    return [(_grade(i), 1 + below(word, 9)) for i, (word, *_) in zip(range(start, stop), drawn)]


def timed(seed: int, start: int, stop: int) -> list[tuple[datetime, str, int]]:
    """Rows (at, sensor, amount), for indices start..stop-1; out of order, within `DISORDER`."""
    drawn = draws(seed, _TIMED, start, stop)
    return [_timed(index, *words[:3]) for index, words in zip(range(start, stop), drawn)]


def _timed(index: int, when: int, who: int, what: int) -> tuple[datetime, str, int]:
    at = _EPOCH + index * _GAP - timedelta(milliseconds=below(when, 5000))
    return at, pick(who, _SENSORS), below(what, 1000)


def _row(seed: int, index: int, words: list[int]) -> Reading:
    if index and chance(words[3], 20):
        index = below(words[0], index)
        (words,) = draws(seed, _READINGS, index, index + 1)
    who, what, how, _ = words
    grade = _grade(below(what, index + _AHEAD))
    return index, pick(who, _SENSORS), grade, below(how, 1000)


def _grade(index: int) -> str:
    return f"grade {index}"
