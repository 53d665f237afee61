"""Count words with Python's Counter."""

from collections import Counter


def expected(inputs):
    """Rows (word, n) of the sink `counts`."""
    return {"counts": list(Counter(word for (word,) in inputs["words"]).items())}
