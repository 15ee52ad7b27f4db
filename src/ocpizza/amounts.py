"""Money, numbers and quantities as each language writes them."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from babel.dates import get_day_names
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from ocpizza.i18n.catalogues import LOCALES

FRENCH = LOCALES["fr"]


@lru_cache(maxsize=4096)
def euros(cents: int, locale: str = FRENCH) -> str:
    """Return « 12,50 € » for 1250, with the spaces of typography; “€12.50” in English."""
    return format_currency(Decimal(cents) / 100, "EUR", locale=locale)


@lru_cache(maxsize=400)
def percent(basis_points: int, locale: str = FRENCH) -> str:
    """Return « 5,5 % » for 550; “5.5%” in English."""
    share = Decimal(basis_points) / 10_000
    return format_percent(share, locale=locale, decimal_quantization=False)


def number(value: int, locale: str = FRENCH) -> str:
    """Return « 12 500 » for 12500; “12,500” in English."""
    return format_decimal(value, locale=locale)


def weekday_names(weekdays: Sequence[int], locale: str = FRENCH) -> str:
    """Return « lundi, mardi » for 0 and 1; “Monday, Tuesday” in English."""
    names = get_day_names("wide", locale=locale)
    return ", ".join(names[weekday] for weekday in weekdays)


def on_weekdays(weekdays: Sequence[int], locale: str = FRENCH) -> str:
    """Return « le lundi et le mardi » for 0 and 1; “Monday and Tuesday” in English."""
    names = get_day_names("wide", locale=locale)
    the = "le " if locale == FRENCH else ""
    return format_list([the + names[weekday] for weekday in weekdays], locale=locale)


def quantity(value: int, unit: str, locale: str = FRENCH) -> str:
    """Return « 1,5 kg » for 1500 g, « 750 ml », « 12 » pieces; “1.5 kg” in English."""
    larger = {"g": "kg", "ml": "l"}.get(unit)
    if larger and value >= 1000:
        return f"{format_decimal(Decimal(value) / 1000, '#,##0.###', locale=locale)}\u00a0{larger}"
    return f"{number(value, locale)}\u00a0{unit}" if larger else number(value, locale)


def signed_quantity(value: int, unit: str, locale: str = FRENCH) -> str:
    """Return « +1,5 kg » or « −120 g »: by how much a stock moved."""
    return f"{'+' if value > 0 else '−'}{quantity(abs(value), unit, locale)}"
