"""The site, while it is updated: whether it runs, stopped, started, reloaded, asked."""

from ocpizza.operations import systemd
from ocpizza.operations.deploy.gunicorn import SERVICE, SWITCHED_OFF
from ocpizza.operations.deploy.host import Failed, Host

NOT_HERE = "no service of this machine: what serves the shop takes it when it is started anew"


def is_service(host: Host) -> bool:
    """Whether the site is a service of this machine's systemd."""
    if not host.user or not host.runs_systemd:
        return False
    return systemd.show(SERVICE, "LoadState").get("LoadState") == "loaded"


def runs(host: Host) -> bool:
    """Whether it runs, or is on its way to."""
    return is_service(host) and systemd.active_state(SERVICE) not in ("inactive", "failed")


def tell(host: Host, verb: str) -> None:
    """Have systemd stop, start or reload it. Raises Failed with what the service said."""
    if verb == "start":
        # It may have been given up, and failed too often to be started for a while.
        host.attempt("systemctl", "reset-failed", SERVICE)
    try:
        host.run("systemctl", verb, SERVICE)
    except Failed as failure:
        journal = host.attempt("journalctl", "-q", "-u", SERVICE, "-n", "8", "-o", "cat")
        raise Failed(*failure.args, *journal.stdout.splitlines()) from failure


def take_release(host: Host, *, stopped: bool) -> str | None:
    """Have the site take what is in place: started if we stopped it, else reloaded.

    Return why not, where it is not to run.
    """
    if not is_service(host):
        return NOT_HERE
    state = systemd.active_state(SERVICE)
    if stopped or state == "failed":
        tell(host, "start")
    elif state == "inactive":
        return SWITCHED_OFF
    else:
        tell(host, "reload")
    return None
