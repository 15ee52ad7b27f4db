"""OC Pizza: the web shop and central manager of a chain of pizzerias."""

import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.router import Router

    from ocpizza.overlay.load import Overlay

__version__ = "0.1.0"

# Pyramid still imports pkg_resources; setuptools says at every start that it will go.
warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
# Python says it of a line of authomatic when it compiles it.
warnings.filterwarnings("ignore", message='"is" with', category=SyntaxWarning)

# Rooms that take what the settings say, and may find it wrong; then those that make pages of it.
# What answers some requests by itself is within what counts them, which comes before what refuses
# some.
FOUNDATION = ("kept_pages", "metrics", "i18n", "security", "transactions", "payments", "identity")
PAGES = (
    "request_class",
    "rendering",
    "static_files",
    "live",
    "overlay",
    "visitor",
    "health",
    "routes",
    "views",
    "error_reports",
)
# Then what an update has put over them.
COMPONENTS = ("overlay.binding",)


def main(settings: dict[str, Any]) -> "Router":
    """Return the WSGI application for these settings (see `settings.load_settings`).

    With the overlay that is current now: another one is another application's. Raises SettingError.
    """
    from ocpizza.overlay.build import build
    from ocpizza.overlay.release import current

    return build(settings, current(settings["folders.overlay"]))


def application(settings: dict[str, Any], overlay: "Overlay") -> "Router":
    """Return the same with this overlay. Raises SettingError and OverlayError."""
    rooms = FOUNDATION + PAGES + COMPONENTS
    return _configure(settings, rooms, overlay=overlay).make_wsgi_app()


def try_settings(settings: dict[str, Any]) -> None:
    """Take the settings as the application does. Raises SettingError where that would."""
    _configure(settings, FOUNDATION)


def _configure(settings: dict[str, Any], rooms: Iterable[str], **known: object) -> "Configurator":
    from pyramid.config import Configurator

    with Configurator(settings=settings) as config:
        for name, value in known.items():
            config.registry[name] = value
        for room in rooms:
            config.include(f"ocpizza.{room}")
    return config
