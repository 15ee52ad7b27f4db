"""Step 5: the service."""

from ocpizza.operations.deploy.host import LATER, Event, Failed, Host

SERVICE = "ocpizza.service"
ENABLED = "service-enabled"
SWITCHED_OFF = "the service was disabled and stopped: it stays so"


def units_read(host: Host) -> str | None:
    """systemd knows the units of this version."""
    if not host.runs_systemd:
        return LATER
    host.run("systemctl", "daemon-reload")
    return None


def service_enabled(host: Host) -> str | None:
    """It starts with the machine; whoever disabled it since meant it."""
    if host.remembers(ENABLED):
        return None
    host.run("systemctl", "enable", SERVICE)
    host.remember(ENABLED)
    return None


def service_runs_this_version(host: Host) -> str | None:
    """Started, or started anew; the socket stays open, so that no visitor is refused."""
    if not host.runs_systemd:
        return LATER
    if switched_off(host):
        return SWITCHED_OFF
    # One that failed too often in a row may not be started for a while.
    host.attempt("systemctl", "reset-failed", SERVICE)
    try:
        host.run("systemctl", "restart", SERVICE)
    except Failed as failure:
        journal = host.attempt("journalctl", "-q", "-u", SERVICE, "-n", "8", "-o", "cat")
        raise Failed(*failure.args, *journal.stdout.splitlines()) from failure
    return None


def switched_off(host: Host) -> bool:
    """Whether the administrator disabled and stopped the service: then it stays so."""
    disabled = host.attempt("systemctl", "is-enabled", "--quiet", SERVICE).returncode != 0
    return disabled and host.attempt("systemctl", "is-active", "--quiet", SERVICE).returncode != 0


EVENTS: tuple[Event, ...] = (units_read, service_enabled, service_runs_this_version)
