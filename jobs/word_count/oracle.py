"""Count words with Python's Counter."""

from collections import Counter
from itertools import dropwhile
from unicodedata import category


def expected(inputs):
    """Rows (word, n) of the sink `counts`."""
    words = (trimmed(text or "").lower() for (text,) in inputs["words"])
    return {"counts": list(Counter(word for word in words if word).items())}


def effects(inputs):
    """The row of `counts` that each record leads to: of its word one more than before."""
    counts, found = Counter(), []
    for index, (text,) in enumerate(inputs["words"]):
        if word := trimmed(text or "").lower():
            counts[word] += 1
            found.append((index, (word, counts[word])))
    return {"counts": found}


def trimmed(text):
    """The text from its first letter, mark or digit to its last."""
    for _ in range(2):
        text = "".join(dropwhile(is_around, text))[::-1]
    return text


def is_around(character):
    """Whether a character is no letter, mark or digit."""
    return not category(character).startswith(("L", "M", "N"))
