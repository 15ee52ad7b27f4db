"""What the first visitors would wait for, done before them: statements are made, menus read."""

from collections.abc import Mapping

import structlog
from sqlalchemy import Engine

from ocpizza.outage import is_outage
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.storefront import storefront_by_slug
from ocpizza.transactions import ReadingSession

log = structlog.get_logger()


def rehearse(engines: Mapping[str, Engine]) -> None:
    """Read what home and a menu show, in the process that will show them.

    Whatever is wrong is told to those who ask for a page: it keeps no process from answering.
    """
    try:
        with ReadingSession(engines["read"]) as session:
            for point in list_restaurants(session)[:1]:
                storefront_by_slug(session, point.slug)
    except Exception as error:
        if not is_outage(error):
            log.warning("nothing was read before the first visitor", reason=type(error).__name__)
