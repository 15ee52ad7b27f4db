"""Languages: French texts are the message ids, other languages have a catalogue in `locale`."""

from ocpizza.i18n.texts import DOMAIN, Counted, Shown, _, ngettext

__all__ = ["DOMAIN", "Counted", "Shown", "_", "ngettext"]


def includeme(config):
    config.include("ocpizza.i18n.negotiation")
