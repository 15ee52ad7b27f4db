"""What is sold, from the production database: read once, then each restaurant in its turn."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ocpizza.models.restaurant import Restaurant
from ocpizza.operations import systemd
from ocpizza.operations.cyclic_update.parts import Changes, PartFailed, Work
from ocpizza.operations.cyclic_update.source import read_source
from ocpizza.services.refresh.content import Content
from ocpizza.services.refresh.restaurant import refresh_restaurant
from ocpizza.services.refresh.rows import Unfit
from ocpizza.settings import Settings

TEMPLATE = "ocpizza-cyclic-update@.timer"


def from_source(engine: Engine, settings: Settings, code: str | None) -> Iterator[Work]:
    """Yield what there is to do, for all restaurants or one; nothing without a source."""
    if not settings["cyclic_update.source"]:
        return
    found: list[Content] = []

    def read() -> str:
        content = read_source(engine, settings)
        if code is not None and code not in content.restaurants:
            raise PartFailed(f"does not know « {code} »")
        found.append(content)
        return f"read, restaurants {len(content.restaurants)}"

    yield "source", read
    for content in found:
        yield from _turns(engine, content, code)


def _turns(engine: Engine, content: Content, code: str | None) -> Iterator[Work]:
    if code is not None:
        yield code, partial(_turn, engine, content, code)
        return
    with Session(engine) as session:
        here = set(session.scalars(select(Restaurant.code)))
    elsewhere = systemd.enabled_instances(TEMPLATE)
    for each in sorted(here | content.restaurants.keys()):
        if each not in here:
            yield each, lambda: "not here: left alone"
        elif each not in content.restaurants:
            yield each, lambda: "not at the source: left alone"
        elif each in elsewhere:
            yield each, lambda: "has a period of its own: left to its timer"
        else:
            yield each, partial(_turn, engine, content, each)


def _turn(engine: Engine, content: Content, code: str) -> Changes:
    try:
        with Session(engine) as session, session.begin():
            return refresh_restaurant(session, content, code)
    except Unfit as error:
        raise PartFailed(str(error)) from error
