"""The languages there are, each with its texts in memory: a running site reads no file."""

from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pyramid.i18n import Translations

from ocpizza.i18n.texts import DOMAIN
from ocpizza.typography import typeset

FOLDER = Path(__file__).parent.parent / "locale"
FRENCH = "fr"
LOCALES = {FRENCH: "fr_FR", "en": "en_GB"}
# What each language calls itself.
LANGUAGES = {FRENCH: "Français", "en": "English"}


class French(NullTranslations):
    """The texts as they are written, typeset. In French 0 is singular."""

    gettext = staticmethod(typeset)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return typeset(singular if number < 2 else plural)


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the texts of a language from its .po file: there is no compiled one to forget."""
    if language == FRENCH:
        return French()
    path = FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, domain=DOMAIN))
    compiled.seek(0)
    return Translations(compiled, DOMAIN)
