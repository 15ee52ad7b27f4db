"""Put the site in place on this machine: seven steps, each a list of small events."""

from collections.abc import Callable
from pathlib import Path

from ocpizza.operations.deploy import (
    final,
    gunicorn,
    nginx,
    postgresql,
    project,
    ubuntu,
    virtual_environment,
)
from ocpizza.operations.deploy.host import Event, Host
from ocpizza.operations.deploy.run import run_steps
from ocpizza.settings import Settings

STEPS: tuple[tuple[str, tuple[Event, ...]], ...] = (
    ("UBUNTU", ubuntu.EVENTS),
    ("POSTGRESQL DataBase", postgresql.EVENTS),
    ("VIRTUAL ENVIRONMENT", virtual_environment.EVENTS),
    ("PYRAMID PROJECT", project.EVENTS),
    ("GUNICORN", gunicorn.EVENTS),
    ("NGINX", nginx.EVENTS),
    ("Final step", final.EVENTS),
)


def deploy(settings: Settings, config: Path, say: Callable[[str], None]) -> int:
    """Take every step, in order, until one fails; gives the exit status.

    0: all is in place. 1: a step failed, later ones were not taken. 75: the database is missing.
    """
    return run_steps(STEPS, Host(settings, config.resolve()), say)
