"""The application with a release over it: as it serves, and on trial."""

from pathlib import Path
from typing import Any

import structlog
from pyramid.router import Router
from sqlalchemy import Connection

import ocpizza
from ocpizza.overlay.errors import OverlayError, in_one_line
from ocpizza.overlay.load import Overlay
from ocpizza.overlay.references import check_references
from ocpizza.overlay.release import current, read_release
from ocpizza.overlay.tables import load_checked, make_tables
from ocpizza.settings import SettingError

log = structlog.get_logger()


def build(settings: dict[str, Any], folder: Path | None, *, strict: bool = False) -> Router:
    """Return the application with the release in this folder over it, or none.

    What does not fit is set aside, alone, and named in the log; if `strict`, OverlayError names it.
    Raises SettingError.
    """
    try:
        return _build(settings, folder, strict=strict)
    except SettingError:
        raise
    except Exception as error:
        if strict or folder is None:
            raise
        reason = in_one_line(error)
        log.error("the overlay cannot be read, the package's own is served", reason=reason)
        return _build(settings, None, strict=True)


def trial(settings: dict[str, Any], folder: Path) -> Router:
    """Return the application with a release, once all that it would be asked for was looked at.

    Raises OverlayError for the first component that does not fit. For a process of its own: it runs
    the Python of the release. Nothing of the database is asked or changed.
    """
    application = build(settings, folder, strict=True)
    check_references(application.registry["overlay"])
    return application


def create_tables(connection: Connection, folder: Path) -> list[str]:
    """Create the tables of a release that are missing; return their names.

    In the connection's transaction, so all or none. Raises OverlayError. What is there stays as it
    is, with its rows.
    """
    modules = load_checked(read_release(folder))
    try:
        return make_tables(connection, modules)
    finally:
        modules.forget()


def set_aside(settings: dict[str, Any]) -> list[OverlayError]:
    """Return the components in use that do not fit this program, for `ocpizza status`."""
    overlay: Overlay = build(settings, current(settings["folders.overlay"])).registry["overlay"]
    overlay.modules.forget()
    return overlay.set_aside


def _build(settings: dict[str, Any], folder: Path | None, *, strict: bool) -> Router:
    set_aside: list[OverlayError] = []
    while True:
        overlay = Overlay(folder, strict=strict, set_aside=set_aside)
        try:
            return ocpizza.application(settings, overlay)
        except OverlayError as error:
            # It has changed the application that was being made: the next one is without it.
            overlay.modules.forget()
            overlay.refuse(error)
            set_aside = overlay.set_aside
        except BaseException:
            overlay.modules.forget()
            raise
