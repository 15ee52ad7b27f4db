"""The application with a release over it, in a process of its own, before any visitor has it."""

import logging
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path

import structlog
from pyramid.router import Router
from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.account import Role
from ocpizza.models.product import Product
from ocpizza.models.restaurant import Restaurant
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.releases import Releases
from ocpizza.overlay.build import trial
from ocpizza.overlay.errors import OverlayError, in_one_line
from ocpizza.overlay.release import COMMON
from ocpizza.security.policy import Identity
from ocpizza.settings import SettingError, Settings

# Of a component for all, these many restaurants show whether it fits.
RESTAURANTS = 5
PRODUCTS = 3
# Somebody whom the page of the staff is refused; nobody who signed in is asked for.
STAFF = "/equipe"
STRANGER = Identity(0, "", Role.CUSTOMER, None, 0)
NOBODY: Mapping[str, Identity] = {}


def try_release(settings: Settings, folder: Path) -> int:
    """Start the application with a release, and look at the pages of whom it is for.

    Return how many pages those were. Raises UpdateError for what does not start or does not show.
    """
    # What goes wrong is told in one line, not in the log of a site that this is not.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        application = trial(settings, folder)
    except OverlayError as error:
        raise UpdateError(str(error)) from error
    except SettingError:
        raise
    except Exception as error:
        said = f"the program does not start with it: {_why(error, folder)}"
        raise UpdateError(said) from error
    paths = list(_paths(application, folder))
    for path in paths:
        _look_at(application, folder, path)
    _look_at(application, folder, STAFF, {"signed_in": STRANGER})
    return len(paths)


def _paths(application: Router, folder: Path) -> Iterator[str]:
    note = Releases.of(folder).note(folder.name)
    places = {target.split("/")[0] for target in (*note.brought, *note.removed)}
    yield "/"
    yield "/panier"
    yield "/connexion"
    # Error pages are pages too, and the only ones after which there is none.
    yield "/nowhere"
    with Session(application.registry["engines"]["read"]) as session:
        restaurants = select(Restaurant.slug).order_by(Restaurant.id)
        if COMMON not in places:
            restaurants = restaurants.where(Restaurant.code.in_(places))
        products = session.scalars(select(Product.slug).order_by(Product.id).limit(PRODUCTS)).all()
        for slug in session.scalars(restaurants.limit(RESTAURANTS)):
            yield f"/pizzeria/{slug}"
            yield f"/pizzeria/{slug}/allergenes"
            # One that is not sold there is 404, which is an answer.
            yield from (f"/pizzeria/{slug}/{product}" for product in products)


def _look_at(
    application: Router, folder: Path, path: str, who: Mapping[str, Identity] = NOBODY
) -> None:
    site = application.registry.settings["site.url"]
    request = application.request_factory.blank(path, base_url=site)
    request.__dict__.update(who)
    try:
        answer = application.invoke_subrequest(request, use_tweens=True)
    except Exception as error:
        raise UpdateError(f"{path} raises {_why(error, folder)}") from error
    if answer.status_int >= 500:
        raise UpdateError(f"{path} answers {answer.status_int}: {_why(request.exception, folder)}")


def _why(error: BaseException | None, folder: Path) -> str:
    """Return what was raised, and the component's line that led to it where one did."""
    if error is None:
        return "no reason is known"
    *_, last = frames = traceback.extract_tb(error.__traceback__)
    theirs = [each for each in frames if Path(each.filename).is_relative_to(folder)]
    where = theirs[-1] if theirs else last
    file = Path(where.filename)
    name = file.relative_to(folder) if theirs else file.name
    return f"{in_one_line(error)} ({name}, line {where.lineno})"
