"""Whole pages of visitors of whom nothing is known, kept in this process while they stay the same.

They are some of those that nginx may keep for a second (`security.shared_pages`): a view says what
its page was made from, and each time that is compared with what is there now. Nothing is shown
that is no longer so, and nothing is asked for a page but the catalogue's token and the stock.
"""

from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any, NamedTuple

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated
from pyramid.registry import Registry
from pyramid.response import Response
from pyramid.router import Router
from sqlalchemy import Connection

from ocpizza.domain.menu import Menu
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.i18n.negotiation import accepted
from ocpizza.request import Request
from ocpizza.security.shared_pages import COMPRESSED, MARK, OF_SOMEBODY
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.storefront import storefront_by_slug

# Each is some 70 kB.
MAX_PAGES = 40
MINUTE = timedelta(minutes=1)
# Who has more to say than where to go gets a page of their own.
SAID = (*OF_SOMEBODY, "CONTENT_TYPE", "CONTENT_LENGTH")
# What rooms note of a request in its environment, and where a view says what its page is of.
NOTES, SOURCE = "ocpizza.", "ocpizza.source"

Environ = MutableMapping[str, Any]
ExecutionPolicy = Callable[[Environ, Router], Response]


class Asked(NamedTuple):
    """All of a request that such a page depends on: what nginx tells the site, too."""

    scheme: str
    host: str
    mounted_at: str
    path: str
    query: str
    language: str
    compressed: bool


@dataclass(frozen=True, slots=True)
class Source:
    """What a page shows: restaurants, or one and its menu, at a moment."""

    now: datetime
    points: tuple[PointOfSale, ...]
    menu: Menu | None = None

    def is_current(self, connection: Connection) -> bool:
        """Return whether a page that is made now would be the same."""
        if not self.now <= datetime.now(UTC) < self._ends():
            return False
        if self.menu is None:
            return list_restaurants(connection) is self.points
        (point,) = self.points
        found = storefront_by_slug(connection, point.slug)
        # What is kept of the catalogue is the same object as long as its token is the same.
        return found is not None and found.point is point and found.menu.looks_like(self.menu)

    def _ends(self) -> datetime:
        """Return when the same restaurants may say something else: hours begin with a minute."""
        minute = self.now.replace(second=0, microsecond=0) + MINUTE
        pauses = (point.resumes_at(self.now) for point in self.points)
        return min([minute, *filter(None, pauses)])


class Page(NamedTuple):
    """An answer, what was noted while it was made, and what it was made from."""

    response: Response
    notes: dict[str, Any]
    source: Source


class KeptPages:
    """The pages that were asked for last."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Asked, Page] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, asked: Asked) -> Page | None:
        """Return the page that was made when the same was asked, current or not."""
        with self._lock:
            page = self._pages.get(asked)
            if page is not None:
                self._pages.move_to_end(asked)
        return page

    def keep(self, asked: Asked, page: Page) -> None:
        with self._lock:
            self._pages[asked] = page
            if len(self._pages) > MAX_PAGES:
                self._pages.popitem(last=False)


def keep_while_so(
    request: Request, points: tuple[PointOfSale, ...], menu: Menu | None = None
) -> None:
    """Say what a page is made from; templates of an update may show anything else."""
    if not request.registry["overlay"].templates:
        request.environ[SOURCE] = Source(request.now, points, menu)


def kept(policy: ExecutionPolicy) -> ExecutionPolicy:
    """Return what answers requests by `policy`, unless it has the answer."""

    def answer(environ: Environ, router: Router) -> Response:
        asked = _asked(environ)
        if asked is None:
            return policy(environ, router)
        pages: KeptPages = router.registry["kept_pages"]
        page = pages.find(asked)
        if page is not None and _is_current(page, router.registry):
            environ.update(page.notes)
            return page.response
        response = policy(environ, router)
        if MARK in response.headers and SOURCE in environ:
            notes = {name: environ[name] for name in environ if name.startswith(NOTES)}
            pages.keep(asked, Page(response, notes, notes.pop(SOURCE)))
        return response

    return answer


def _asked(environ: Environ) -> Asked | None:
    """Return what is asked for; None where the answer may depend on who asks, or on more."""
    if environ["REQUEST_METHOD"] != "GET" or any(map(environ.get, SAID)):
        return None
    return Asked(
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ["SCRIPT_NAME"],
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        accepted(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
        environ.get("HTTP_ACCEPT_ENCODING") == COMPRESSED,
    )


def _is_current(page: Page, registry: Registry) -> bool:
    if registry["outage"].lasts:
        return False
    try:
        with registry["engines"]["read"].connect() as connection:
            return page.source.is_current(connection)
    except Exception:
        return False  # whoever makes the page finds out, and says so


def _answer_before(event: ApplicationCreated) -> None:
    app: Any = event.app
    app.execution_policy = kept(app.execution_policy)


def includeme(config: Configurator) -> None:
    config.registry["kept_pages"] = KeptPages()
    config.add_subscriber(_answer_before, ApplicationCreated)
