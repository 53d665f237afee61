"""Words as they are typed: what the data has, and what counts as a word."""

from collections import Counter
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import words
from streamgauge.discovery import load
from streamgauge.paths import scenarios

SCENARIO = load(scenarios() / "word_count")

seeds = st.integers(0, 2**64 - 1)


def counts(*texts):
    """The oracle's counts."""
    return dict(SCENARIO.expected({"words": [(text,) for text in texts]})["counts"])


@settings(deadline=None, max_examples=10)
@given(seeds)
def test_words_have_what_makes_counting_hard(seed):
    """1,000 rows have case, punctuation, unicode, rows without a word and very long ones."""
    texts = [text for (text,) in words.rows(seed, 0, 1000, hostile=0)]
    long = [text for text in texts if len(text) == 100_000]

    assert "" in texts
    assert 4 == len(long)
    assert any(text != text.lower() for text in texts)
    assert any(category(text[-1])[0] == "P" for text in texts if text)
    assert any(category(text[-1])[0] == "M" for text in texts if text)
    assert any(ord(character) > 0xFFFF for text in texts for character in text)
    assert sum(not counts(text) for text in texts) > 10


def test_some_words_are_null():
    """Among the rows of a run: they count as nothing."""
    assert (None,) in SCENARIO.sample(42)["words"]
    assert {} == counts(None)


def test_words_are_skewed():
    """The most frequent word has many times the share of the rarest."""
    counts = sorted(Counter(words.rows(3, 0, 5000)).values())

    assert counts[-1] > 5 * counts[0]


def test_texts_can_stand_in_files():
    """None is the text that stands for NULL there."""
    assert ("\\N",) not in words.rows(42, 0, 5000)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Flink,", "flink"),
        ('"(PyFlink)!"', "pyflink"),
        ("it's", "it's"),
        ("snake_case_", "snake_case"),
        ("CAFE\u0301.", "cafe\u0301"),
        ("«ΟΔΟΣ»", "οδος"),
        ("𐐀🦑", "𐐨"),
        ("#٤٢:", "٤٢"),
        (" a \n b ", "a \n b"),
    ],
)
def test_word_goes_from_its_first_letter_mark_or_digit_to_its_last(text, word):
    """What is around it is no part of a word, what is inside is; case does not matter."""
    assert {word: 1} == counts(text)


@pytest.mark.parametrize("text", ["", " ", "...", "🦑", "👩\u200d💻", "\n"])
def test_nothing_left_is_no_word(text):
    """A row without letter, mark or digit does not count."""
    assert {} == counts(text)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(max_size=5), max_size=20))
def test_counts_sum_to_the_words(texts):
    """Each row with a letter, mark or digit is one word."""
    having = [text for text in texts if any(category(c)[0] in "LMN" for c in text)]

    assert len(having) == sum(counts(*texts).values())
