"""Languages: French texts are the message ids, other languages have a catalogue in `locale`."""

from typing import TYPE_CHECKING

from ocpizza.i18n.texts import DOMAIN, Counted, Shown, _, ngettext

if TYPE_CHECKING:
    from pyramid.config import Configurator

__all__ = ["DOMAIN", "Counted", "Shown", "_", "ngettext"]


def includeme(config: "Configurator") -> None:
    config.include("ocpizza.i18n.negotiation")
