from gettext import GNUTranslations, NullTranslations
from typing import IO, Any

class Localizer:
    locale_name: str
    translations: NullTranslations

    def __init__(self, locale_name: str, translations: NullTranslations) -> None: ...
    def translate(
        self, tstring: str, domain: str | None = None, mapping: dict[str, Any] | None = None
    ) -> str: ...

class Translations(GNUTranslations):
    def __init__(self, fileobj: IO[bytes] | None = None, domain: str = "messages") -> None: ...
