"""A language in which no letter of ours is left: what can still be read was never translated.

Every letter of a text becomes a dot; its placeholders stay, so that an untranslated text within
another one shows too.
"""

import re
from collections.abc import Iterable
from contextlib import contextmanager
from itertools import permutations
from typing import Any

from babel import Locale
from bs4 import BeautifulSoup, Comment, Doctype
from pyramid.interfaces import ILocalizer
from sqlalchemy import Enum, String, select
from sqlalchemy.orm import Session

from ocpizza.db import Base
from ocpizza.domain.first_name import first_name
from ocpizza.i18n.catalogues import LANGUAGES
from ocpizza.i18n.localizer import OurLocalizer
from ocpizza.kept_pages import KeptPages
from ocpizza.settings import SETTINGS

PLACEHOLDER_OR_LETTER = re.compile(r"(%\(\w+\)[sd]|\$\{\w+\})|[^\W\d_]|[«»]")
READABLE = re.compile(r"[^\W\d_]+|[«»]")
SPOKEN = ("title", "alt", "placeholder", "aria-label", "aria-description", "aria-roledescription")
# Names of cookies and settings are <code>.
SILENT = ("script", "style", "code")
# Names of ours and of others, of cookies and settings, of languages; units, an example.
NAMES = [
    "OC Pizza",
    "SIRET",
    "Stripe",
    "www.cnil.fr",
    "ocpizza",
    "langue",
    *(setting.name for setting in SETTINGS),
]
# How English writes hours.
ENGLISH_HOURS = ["am", "pm", "noon", "midnight"]
OURS = [*NAMES, *LANGUAGES.values(), "kg", "g", "ml", "l", "K7QM-2F9X"]


class Veil:
    """Translations, for our localizer."""

    def gettext(self, message: str) -> str:
        return PLACEHOLDER_OR_LETTER.sub(lambda found: found[1] or "·", message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


class VeiledLocalizer(OurLocalizer):
    """English, with every text veiled."""

    def __init__(self) -> None:
        super().__init__("en")
        self.translations = self._wtforms = Veil()


@contextmanager
def veiled(application: Any):
    """English pages of this application are veiled meanwhile."""
    registry = application.registry
    english = registry.getUtility(ILocalizer, name="en")
    registry.registerUtility(VeiledLocalizer(), ILocalizer, name="en")
    forget_cards(registry)
    yield
    registry.registerUtility(english, ILocalizer, name="en")
    forget_cards(registry)


def forget_cards(registry: Any) -> None:
    for kept in ("menu_cards", "menu_shelves", "kept_parts"):
        registry[kept].clear()
    registry["kept_pages"] = KeptPages()


def bare(html: str, data: re.Pattern[str]) -> list[str]:
    """What can be read, seen or heard, on a page but is neither translated nor data."""
    texts = (data.sub(" ", text.replace("\xa0", " ")) for text in spoken(page_of(html)))
    return [" ".join(left) for text in texts if (left := READABLE.findall(text))]


def page_of(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def spoken(page: BeautifulSoup):
    for node in page.find_all(string=True):
        silent = isinstance(node, Comment | Doctype) or node.parent.name in SILENT
        silent = silent or node.parent.get("translate") == "no"
        if not silent:
            yield str(node)
    for tag in page.find_all(True):
        yield from (str(tag[name]) for name in SPOKEN if name in tag.attrs)
        if tag.name == "input" and tag.get("type") in ("submit", "button", "reset"):
            yield str(tag.get("value", ""))


def data_of(session: Session, *more: str) -> re.Pattern[str]:
    """Matches whatever people wrote into the database, English dates, and names of ours."""
    words = {*OURS, *more, *_english_dates()}
    for column in _text_columns():
        for value in session.scalars(select(column).where(column.is_not(None))):
            # Recipes are shown step by step, their numbers by the page.
            lines = value.replace("\xa0", " ").splitlines()
            written = [re.sub(r"^\d+\.\s*", "", line).strip() for line in lines]
            # Ingredients are left out and added in small letters.
            words.update(written, (line[:1].lower() + line[1:] for line in written))
            if column.name == "contact_name":
                # People are greeted by their first name.
                words.add(first_name(value))
    return matching(words)


def matching(words: Iterable[str]) -> re.Pattern[str]:
    """Matches these words, and addresses of the web."""
    longest_first = sorted((word for word in words if word), key=len, reverse=True)
    known = "|".join(map(re.escape, longest_first))
    return re.compile(rf"https?://\S+|(?<![^\W\d_])(?:{known})(?![^\W\d_])")


def _text_columns():
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            kind = getattr(column.type, "impl", column.type)
            if isinstance(kind, String) and not isinstance(kind, Enum):
                yield column


def _english_dates() -> list[str]:
    english = Locale("en", "GB")
    words = (english.days["format"]["wide"], english.months["format"]["wide"])
    names = [name for each in words for name in each.values()]
    days = english.days["format"]["wide"].values()
    lists = [f"{one} and {other}" for one, other in permutations(days, 2)]
    return [*names, *lists, *ENGLISH_HOURS]
