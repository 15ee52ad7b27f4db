"""Step 3: the Python that came with the package."""

from ocpizza import __version__
from ocpizza.operations.deploy.host import PYTHON, Event, Failed, Host

# Those that only exist compiled: another processor or version of Python could not load them.
LIBRARIES = "import argon2, psycopg"


def interpreter_works(host: Host) -> str:
    """The interpreter of the virtual environment."""
    return host.run(*PYTHON, "-c", "import sys; print('Python', sys.version.split()[0])").strip()


def libraries_load(host: Host) -> None:
    """What was compiled for this processor and this Python."""
    host.run(*PYTHON, "-c", LIBRARIES)


def command_works(host: Host) -> None:
    """The `ocpizza` command, in the version that is being deployed."""
    said = host.run(*PYTHON, "-m", "ocpizza.cli", "--version").strip()
    if not said.endswith(__version__):
        raise Failed(f"ocpizza --version answers {said!r} instead of {__version__}")


EVENTS: tuple[Event, ...] = (interpreter_works, libraries_load, command_works)
