"""The words, prices and dates of a document, in one language."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from ocpizza.amounts import euros, percent
from ocpizza.i18n.catalogues import LOCALES
from ocpizza.i18n.localizer import localizer
from ocpizza.labels import label
from ocpizza.moments import clock, long_day
from ocpizza.rendering import everyday_name, written_in


class Words:
    """Says things in `language`; what it does not know it says in French."""

    def __init__(self, language: str) -> None:
        ours = localizer(language)
        self.language = ours.locale_name
        self.locale = LOCALES[self.language]
        self._translate: Callable[[str], str] = ours.translate

    def __call__(self, text: str) -> str:
        """Return a text of ours, made by `_()`, its variables filled in."""
        return self._translate(text)

    def label(self, value: StrEnum) -> str:
        """Return the word for a mode, a means of payment, an allergen …"""
        return self._translate(label(value))

    def data(self, row: Any, field: str) -> str:
        """Return what the restaurant wrote, in this language where it did, else in French."""
        return written_in(self.language, row, field)

    def everyday(self, ingredient: Any) -> str:
        """Return what people call an ingredient, to leave it out or add it."""
        return everyday_name(self.language, ingredient)

    def euros(self, cents: int) -> str:
        return euros(cents, self.locale)

    def percent(self, basis_points: int) -> str:
        return percent(basis_points, self.locale)

    def date(self, at: datetime) -> str:
        """Return « 24 novembre 2026 », the calendar day in Paris."""
        return long_day(at, self.locale)

    def time(self, at: datetime) -> str:
        """Return « 19 h 42 », Europe/Paris."""
        return clock(at, self.locale)


@cache
def words_in(language: str) -> Words:
    """Return the words of a language; catalogues are read once, as an upgrade may replace them."""
    return Words(language)
