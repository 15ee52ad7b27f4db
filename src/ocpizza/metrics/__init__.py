"""The site's figures for Prometheus: what it counts, and what the database says when asked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: "Configurator") -> None:
    """Count requests, orders, refusals and connections of this application."""
    from ocpizza.metrics.figures import Figures

    config.registry["figures"] = Figures()
    config.include("ocpizza.metrics.requests")
    config.include("ocpizza.metrics.orders")
    config.include("ocpizza.metrics.pool")
