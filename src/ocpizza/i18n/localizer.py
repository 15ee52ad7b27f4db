"""Texts in the language of who reads them."""

from functools import cache
from gettext import NullTranslations
from typing import Any

from pyramid.i18n import Localizer
from translationstring import TranslationString
from wtforms.i18n import get_translations

from ocpizza.i18n.catalogues import FRENCH, LANGUAGES, LOCALES, catalogue
from ocpizza.i18n.texts import Counted, Shown

WTFORMS = "wtforms"


class OurLocalizer(Localizer):
    """Translates our texts and those of WTForms, with all that stands in them.

    Values of a text's mapping may be texts themselves, `Shown`, or a list of texts.
    """

    def __init__(self, language: str) -> None:
        super().__init__(language, catalogue(language))
        self._wtforms = get_translations([language])

    def translate(
        self, tstring: str, domain: str | None = None, mapping: dict[str, Any] | None = None
    ) -> str:
        if not isinstance(tstring, TranslationString):
            return tstring
        values = {key: self._written(value) for key, value in (tstring.mapping or {}).items()}
        if tstring.domain == WTFORMS:
            return _text(tstring, self._wtforms) % values
        return TranslationString(_text(tstring, self.translations), mapping=values).interpolate()

    def _written(self, value: Any) -> Any:
        if isinstance(value, Shown):
            return value.write(value.value, locale=LOCALES[self.locale_name])
        if isinstance(value, list):
            return " ".join(map(self.translate, value))
        return self.translate(value)


def _text(tstring: TranslationString, texts: NullTranslations) -> str:
    if isinstance(tstring, Counted):
        return texts.ngettext(str(tstring), tstring.plural, tstring.number)
    return texts.gettext(str(tstring))


@cache
def localizer(language: str) -> OurLocalizer:
    """Return the one localizer of a language; French for a language that we do not speak."""
    return OurLocalizer(language if language in LANGUAGES else FRENCH)
