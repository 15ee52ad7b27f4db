"""Languages: French texts are the message ids, so French needs no catalogue."""

from translationstring import TranslationStringFactory

DOMAIN = "ocpizza"
_ = TranslationStringFactory(DOMAIN)


def includeme(config):
    config.registry.settings["default_locale_name"] = "fr"
    config.add_translation_dirs("ocpizza:locale")
