"""Views: read a form, call one service, redirect or render."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: "Configurator") -> None:
    config.include("ocpizza.views.kept_forms")
    config.include("ocpizza.views.language")
    config.include("ocpizza.views.catalogue.cards")
    config.include("ocpizza.views.catalogue.finding")
    config.include("ocpizza.views.machine.discovery")
    config.include("ocpizza.views.catalogue.picture")
    config.include("ocpizza.views.catalogue.structured_data")
    config.include("ocpizza.views.promotion_words")
    config.include("ocpizza.views.staff.navigation")
    config.include("ocpizza.views.staff.tickets_kept")
    config.scan("ocpizza.views")
