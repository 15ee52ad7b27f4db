"""How many connections of a process are in use, as they are taken and given back."""

from typing import Any

from prometheus_client import Gauge
from pyramid.config import Configurator
from pyramid.events import ApplicationCreated
from sqlalchemy import Pool, event


def watch(pool: Pool, allowed: int, connections: Gauge) -> None:
    """Keep a gauge of a pool's connections."""
    # One that could not be used is given back without having been taken.
    taken: set[int] = set()
    in_use: list[Gauge] = []

    def take(_connection: Any, record: Any, _proxy: Any) -> None:
        if not in_use:
            in_use.append(connections.labels("in_use"))
            connections.labels("allowed").set(allowed)
        taken.add(id(record))
        in_use[0].set(len(taken))

    def give_back(_connection: Any, record: Any) -> None:
        taken.discard(id(record))
        if in_use:
            in_use[0].set(len(taken))

    event.listen(pool, "checkout", take)
    event.listen(pool, "checkin", give_back)


def _watch(created: ApplicationCreated) -> None:
    # Not before: what gunicorn's first process does while it builds the application is nobody's.
    registry = created.app.registry
    allowed = registry.settings["database.pool_size"]
    watch(registry["engines"]["write"].pool, allowed, registry["figures"].connections)


def includeme(config: Configurator) -> None:
    config.add_subscriber(_watch, ApplicationCreated)
