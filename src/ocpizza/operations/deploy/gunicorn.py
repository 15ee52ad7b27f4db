"""Step 5: the service, and what is done by itself."""

from ocpizza.operations.deploy.host import LATER, Event, Failed, Host

SERVICE = "ocpizza.service"
# They live as long as the service, and are stopped with it.
SOCKETS = ("ocpizza.socket", "ocpizza-live.socket", "ocpizza-metrics.socket")
ENABLED, STARTED = "service-enabled", "service-started"
TIMERS = (
    "ocpizza-backup.timer",
    "ocpizza-cyclic-update.timer",
    "ocpizza-restore-drill.timer",
    "ocpizza-status.timer",
    "ocpizza-watchdog.timer",
)
# `ocpizza backup --continuous enable` enables these.
CONTINUOUS = ("ocpizza-continuous-diff.timer", "ocpizza-continuous-full.timer")
# An administrator enables one for a restaurant that has a period of its own.
TEMPLATES = ("ocpizza-cyclic-update@.timer",)
SWITCHED_OFF = "the service was stopped by hand: it stays so until: systemctl start ocpizza"


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


def timers_enabled(host: Host) -> str | None:
    """What is done by itself is due from now on; whoever disabled a timer since meant it."""
    new = [timer for timer in TIMERS if not host.remembers(f"{timer}-enabled")]
    if new:
        # All at once: systemd reads every unit of the machine anew each time.
        host.run("systemctl", "enable", *new)
        for timer in new:
            host.remember(f"{timer}-enabled")
        if host.runs_systemd:
            host.run("systemctl", "start", *new)
    return None if host.runs_systemd else LATER


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
    if not host.remembers(STARTED):
        host.remember(STARTED)
    return None


def switched_off(host: Host) -> bool:
    """Whether the service ran once and was stopped since: nothing starts it by itself then."""
    state = host.attempt("systemctl", "show", "-P", "ActiveState", SERVICE).stdout.strip()
    # One that crashed is `failed`.
    return state == "inactive" and host.remembers(STARTED)


EVENTS: tuple[Event, ...] = (
    units_read,
    service_enabled,
    timers_enabled,
    service_runs_this_version,
)
