"""How the site is, a row a thing."""

from collections.abc import Callable, Sequence
from functools import partial

from ocpizza.operations.continuous.looks import is_enabled
from ocpizza.operations.privileges import become, require_user
from ocpizza.operations.status.at_once import Unanswered, ask_all
from ocpizza.operations.status.clocks import clock
from ocpizza.operations.status.components import update
from ocpizza.operations.status.databases import database, migrations
from ocpizza.operations.status.machine import disk
from ocpizza.operations.status.mornings import cyclic
from ocpizza.operations.status.outbox import mail
from ocpizza.operations.status.program import legal, version
from ocpizza.operations.status.row import Row, amiss, fine
from ocpizza.operations.status.saved import backup, continuous, restoration
from ocpizza.operations.status.stuck_payments import payments
from ocpizza.operations.status.units import live, service, socket, timers, watchdog, worker
from ocpizza.operations.status.visitors import certificate, website
from ocpizza.settings import SettingError, Settings

Look = Callable[[Settings], Row]
# In the order of reading.
LOOKS: tuple[Look, ...] = (
    version,
    service,
    socket,
    worker,
    live,
    watchdog,
    timers,
    database,
    migrations,
    mail,
    payments,
    legal,
    website,
    certificate,
    backup,
    restoration,
    continuous,
    cyclic,
    update,
    disk,
    clock,
)
# What the service's user alone is let in to, or owns.
AS_SERVICE = (
    database,
    migrations,
    mail,
    payments,
    backup,
    restoration,
    continuous,
    cyclic,
    update,
    clock,
)
AGAIN = "sudo journalctl -n 50, then: sudo ocpizza status"


def rows(settings: Settings, wrong: Sequence[SettingError] = ()) -> list[Row]:
    """Return every row; `wrong` are the settings that are, which have their defaults here."""
    # What nobody asked for is no row.
    looks = [look for look in LOOKS if look is not continuous or is_enabled(settings)]
    answers = ask_all([partial(_look, look, settings) for look in looks])
    found = [_row(look, answer) for look, answer in zip(looks, answers, strict=True)]
    return [*found[:1], _settings(wrong), *found[1:]]


def look_at(look: Look, settings: Settings, seconds: float) -> Row:
    """Return one row, alone, which may take so long."""
    (answer,) = ask_all([partial(_look, look, settings)], seconds)
    return _row(look, answer)


def well(found: list[Row]) -> bool:
    """Whether nothing is amiss."""
    return all(row.well for row in found)


def _look(look: Look, settings: Settings) -> tuple[str, bool, str]:
    try:
        if look in AS_SERVICE:
            require_user(settings["system.user"])
            become(settings["system.user"])
        row = look(settings)
    except SettingError as error:
        row = amiss(look.__name__, error, "sudo ocpizza deploy")
    return row.name, row.well, row.says


def _row(look: Look, answer: tuple[str, bool, str] | Unanswered) -> Row:
    if isinstance(answer, Unanswered):
        return amiss(look.__name__, answer.why, AGAIN)
    return Row(*answer)


def _settings(wrong: Sequence[SettingError]) -> Row:
    if not wrong:
        return fine("settings", "right")
    do = "mend it, sudo ocpizza check-settings, sudo systemctl reload ocpizza"
    return amiss("settings", "; ".join(map(str, wrong)), do)
