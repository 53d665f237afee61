"""Names, cities and words of a locale, drawn once by faker: the same in each run and machine."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import islice

from streamgauge.errors import UsageError, choose
from streamgauge.values.columns import Pool

# Faker is imported when a locale is asked for: it takes 0.2 s.
_SEED = 0


@cache
def localised(usual: Pool, provider: str, locale: str | None) -> Pool:
    """The usual values, or as many of a `locale` such as zh_CN, all different; None stays None.

    `provider` is a method of faker. A UsageError where the locale has not so many.
    """
    if locale is None:
        return usual
    wanted = sum(value is not None for value in usual.values)
    # More draws than that do not find another one.
    drawn = iter(dict.fromkeys(islice(_draws(provider, locale), 100 * wanted)))
    values = [None if value is None else next(drawn, None) for value in usual.values]
    if values.count(None) != len(values) - wanted:
        raise UsageError(f"--locale {locale}: faker has no {wanted} different values of {provider}")
    return Pool(*values)


def check_locale(locale: str) -> None:
    """A UsageError where faker has no such locale."""
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415

    choose("locale", locale, sorted(AVAILABLE_LOCALES))


def _draws(provider: str, locale: str) -> Iterator[str]:
    from faker import Faker  # noqa: PLC0415

    fake = Faker(locale)
    fake.seed_instance(_SEED)
    while True:
        yield getattr(fake, provider)()
