"""Stop the site and take it out of nginx; data, settings and the site's file stay."""

from collections.abc import Callable
from pathlib import Path

from ocpizza.operations import systemd
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.continuous.archiving import turn_off_everywhere
from ocpizza.operations.deploy.gunicorn import (
    CONTINUOUS,
    ENABLED,
    SERVICE,
    SOCKETS,
    STARTED,
    TEMPLATES,
    TIMERS,
)
from ocpizza.operations.deploy.host import Event, Host
from ocpizza.operations.deploy.nginx import LINKED, default_site_restored, enabled, trusted
from ocpizza.operations.deploy.run import event_name


def service_stopped(host: Host) -> None:
    """It does not run and does not start with the machine."""
    if host.runs_systemd:
        host.attempt("systemctl", "stop", SERVICE, *SOCKETS)
    host.attempt("systemctl", "disable", SERVICE)
    host.forget(ENABLED)
    host.forget(STARTED)


def timers_stopped(host: Host) -> None:
    """Nothing is done by itself any more."""
    instances = [unit for each in TEMPLATES for unit in systemd.enabled_instances(each).values()]
    timers = (*TIMERS, *CONTINUOUS, *instances)
    if host.runs_systemd:
        host.attempt("systemctl", "stop", *timers)
    host.attempt("systemctl", "disable", *timers)
    for timer in timers:
        host.forget(f"{timer}-enabled")


def archiving_stopped(host: Host) -> str | None:
    """PostgreSQL keeps nothing for a backup that nobody makes; what is saved stays."""
    try:
        files = turn_off_everywhere()
    except BackupError as error:
        return f"PostgreSQL archives as before: {error}"
    if not files:
        return None
    for file in files:
        version, name = file.parts[-4:-2]
        host.attempt("pg_ctlcluster", version, name, "reload")
    return "continuous backup is off: sudo ocpizza backup --continuous enable"


def site_unlinked(host: Host) -> None:
    """nginx does not serve it any more."""
    enabled(host).unlink(missing_ok=True)
    trusted(host).unlink(missing_ok=True)
    host.forget(LINKED)


def nginx_reloaded(host: Host) -> str | None:
    """nginx goes on with the other sites; a mistake in theirs does not keep ours here."""
    if not host.runs_systemd:
        return "systemd is not running"
    if host.attempt("systemctl", "is-active", "--quiet", "nginx").returncode:
        return "nginx is not running"
    if host.attempt("systemctl", "reload", "nginx").returncode:
        return "nginx could not be reloaded: nginx -t says why"
    return None


EVENTS: tuple[Event, ...] = (
    service_stopped,
    timers_stopped,
    archiving_stopped,
    site_unlinked,
    default_site_restored,
    nginx_reloaded,
)


def undeploy(state: Path, say: Callable[[str], None]) -> None:
    """Take it out; `state` is the service's folder, where deployments left their marks.

    Not logged: a full disk must not keep a package installed. Raises Failed or OSError.
    """
    host = Host({"folders.state": state}, config=Path("/nowhere"))
    for event in EVENTS:
        note = event(host)
        say(f"{event_name(event)} > CORRECT" + (f" ({note})" if note else ""))
