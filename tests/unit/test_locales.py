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
        "d2e47abefa42c9bdf1eeecaf75ccc284e0fe5cc90cfaeadafa2596658c4f79d6",
        {"name"},
    ),
    "word_count.words": (
        "136e404dfe712fbc95d7d8a4904c0cf594a6c6e3bd3becc3d12b07d30fa14a55",
        {"word"},
    ),
    "syslog_udf.lines": (
        "1e9d44ecaa32a534096fac595facf606f309798015716d0c0a37ed1f856b5113",
        {"line"},
    ),
    "orders_cdc.orders": (
        "4ef2ac674cb14351af74041223323b6680826c222ab3314137ee6e11dd7d889e",
        {"customer", "details"},
    ),
    "orders_cdc.items": (
        "7808b958685ea752aa04d1d5ed3f455f14de932a97afd49c5e2d7efbe20fe236",
        {"product"},
    ),
    "feature_join.profiles": (
        "0f1759ae9a38000693a71286ffbba4e75d6375f1dff8e47e495b879e72f15ecc",
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
