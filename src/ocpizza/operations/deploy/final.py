"""Step 7: the website answers a visitor."""

import time
from datetime import UTC, datetime

from ocpizza.operations.deploy.gunicorn import SWITCHED_OFF, switched_off
from ocpizza.operations.deploy.host import LATER, Event, Failed, Host
from ocpizza.operations.deploy.nginx import enabled
from ocpizza.operations.probe import ProbeError, Site, probe

PATIENCE = 10  # seconds
# The application is built once for each component that does not fit, beside a site that starts.
BUILD_SECONDS = 60.0
DISABLED = "the site is disabled in nginx: nobody was asked"


def website_ready(host: Host) -> str | None:
    """Through nginx: the database answers and its schema is the one of this version."""
    return _ask(host, "/health/ready")


def shop_page(host: Host) -> str | None:
    """Through nginx: the page that visitors see first."""
    return _ask(host, "/")


def _ask(host: Host, path: str) -> str | None:
    if not host.runs_systemd:
        return LATER
    if switched_off(host):
        return SWITCHED_OFF
    if not enabled(host).exists():
        return DISABLED
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            probe(path, Site.of(enabled(host)))
            return None
        except ProbeError as error:
            # nginx answers by its old configuration for a moment after a reload.
            if time.monotonic() > deadline:
                raise Failed(str(error), "systemctl status ocpizza nginx says more") from error
            time.sleep(0.1)


def interrupted_update_ended(host: Host) -> str | None:
    """One that was killed, perhaps while the site was stopped for it."""
    # Updates are made of this room's events.
    from ocpizza.operations.update.resume import earlier_update_ended
    from ocpizza.operations.update.under_way import Update

    return earlier_update_ended(Update(host, datetime.now(UTC)))


def components_fit(host: Host) -> str | None:
    """What updates put over the program is served as far as it fits this version.

    What does not is named, and fails nothing: the site is up, and the component is the chain's own.
    """
    from ocpizza.operations.status import look_at
    from ocpizza.operations.status.components import update

    told = look_at(update, host.settings, BUILD_SECONDS)
    return None if told.well else told.says


EVENTS: tuple[Event, ...] = (
    website_ready,
    shop_page,
    interrupted_update_ended,
    components_fit,
)
