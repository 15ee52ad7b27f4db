"""Step 4: the application, as the service's user will run it."""

from ocpizza.operations.deploy.host import Event, Host

# For a migration of much, and for another host's before it; a server that hangs is given up.
LONGEST = 3600  # seconds


def settings_right(host: Host) -> None:
    """The application can take its settings as they are."""
    host.ocpizza("check-settings")


def migrations(host: Host) -> str:
    """The schema of this version; hosts that share a database wait for each other."""
    return host.ocpizza("migrate", timeout=LONGEST).strip()


def static_files_collected(host: Host) -> str:
    """What nginx serves by itself."""
    return host.ocpizza("collect-static").strip()


EVENTS: tuple[Event, ...] = (settings_right, migrations, static_files_collected)
