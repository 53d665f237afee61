"""Words, some far more often than others."""

from __future__ import annotations

from itertools import accumulate

from generators.primitives import below, draws

_STREAM = 1
_VOCABULARY = (
    "flink", "pyflink", "table", "stream", "batch", "window", "watermark", "state", "savepoint",
    "checkpoint", "kafka", "mysql", "join", "count", "late", "key", "value", "sink",
    "source", "row",
)  # fmt: skip

# Zipf: the n-th word has a share of 1/n, in whole numbers so that no machine rounds it.
_SHARES = list(accumulate(10_000 // rank for rank in range(1, len(_VOCABULARY) + 1)))


def _word(number: int) -> str:
    at = below(number, _SHARES[-1])
    return next(word for word, share in zip(_VOCABULARY, _SHARES) if at < share)


def rows(seed: int, start: int, stop: int) -> list[tuple[str]]:
    """Rows (word), for indices start..stop-1."""
    return [(_word(word),) for word, *_ in draws(seed, _STREAM, start, stop)]
