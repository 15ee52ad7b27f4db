"""Languages: French texts are the message ids, so French needs no catalogue."""

from translationstring import TranslationStringFactory

DOMAIN = "ocpizza"
_ = TranslationStringFactory(DOMAIN)


def locale(_request) -> str:
    """The one language there is; Pyramid's own choice trusts any `?_LOCALE_=` and bad UTF-8."""
    return "fr"


def includeme(config):
    config.set_locale_negotiator(locale)
    config.registry.settings["default_locale_name"] = "fr"
    config.add_translation_dirs("ocpizza:locale")
