"""What is of a locale, and that nothing else changes with it."""

import hashlib

import pytest

from streamgauge.discovery import discover
from streamgauge.errors import UsageError
from streamgauge.locales import localised
from streamgauge.values.changelog import Change
from streamgauge.values.columns import Pool

# Of 300 rows in Chinese, of seed 42; and the columns that are.
CHINESE = {
    "click_top10.clicks": (
        "e15a27620b3f0a5abb44abe4c3cd2055b8c2e7bd478039467e09b2032192489b",
        {"name"},
    ),
    "word_count.words": (
        "7170d1abe69aeeabead91a55c0d57e8628635a71a8a0673b990160da7e4bff61",
        {"word"},
    ),
    "syslog_udf.lines": (
        "21882f54ab60d7175a75eab4173af838e4f2f8a7ee93d4a565fa04ca5e05cdc5",
        {"line"},
    ),
    "orders_cdc.orders": (
        "a45fffcfdf44f4b6f0952badff78c533e5a32402ef3738fdcea730b01aee90e6",
        {"customer", "details"},
    ),
    "orders_cdc.items": (
        "f3dddeb4d6784c096d10a79bd221ce492ade746647a8ef538bbd459b46c69349",
        {"product"},
    ),
    "feature_join.profiles": (
        "57e39474b9a27b3ccc3abe5e3665bacac93b660093ca1348b2e870737ecc8356",
        {"city"},
    ),
}


def sources():
    """All that can be of a locale, with their scenarios, by their names."""
    return {
        f"{scenario.id}.{source.name}": (scenario, source)
        for scenario in discover().values()
        for source in scenario.sources
        if source.has_locales
    }


def rows(scenario, source, locale):
    records = scenario.generated(source, 42, 0, 300, locale)
    return [record.row if isinstance(record, Change) else record for record in records]


def test_every_source_is_looked_at():
    """A new one has to stand above."""
    assert set(CHINESE) == set(sources())


@pytest.mark.parametrize("name", CHINESE)
def test_only_names_change(name):
    """The same draws choose from other values, which are the same everywhere."""
    scenario, source = sources()[name]
    digest, changed = CHINESE[name]
    usual, chinese = (rows(scenario, source, locale) for locale in (None, "zh_CN"))
    differing = {
        column
        for old, new in zip(usual, chinese)
        for column, was, is_ in zip(source.schema.names, old, new)
        if was != is_
    }

    assert changed == differing
    assert digest == hashlib.sha256(repr(chinese).encode()).hexdigest()


@pytest.mark.parametrize("scenario", ["click_top10", "word_count", "syslog_udf", "orders_cdc"])
def test_oracles_take_any_locale(scenario):
    """The rows fit the schemas, and there is an answer."""
    asked = discover()[scenario]

    for locale in ("zh_CN", "ar_AA", "de_DE"):
        assert any(asked.expected(asked.slice(3, range(200), locale)).values())


def test_values_of_a_locale():
    """As many, all different; what was None stays."""
    usual = Pool("Ulm", None, "Accra")

    assert localised(usual, "city", None) is usual
    made = localised(usual, "city", "ja_JP").values
    assert [False, True, False] == [value is None for value in made]
    assert 3 == len(set(made))
    assert made == localised(Pool("a", None, "b"), "city", "ja_JP").values


def test_too_few_values_are_told():
    """Not silently fewer."""
    with pytest.raises(UsageError, match="--locale de_DE: faker has no 500 different values of "):
        localised(Pool(*range(500)), "boolean", "de_DE")
