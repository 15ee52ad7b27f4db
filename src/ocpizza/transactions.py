"""One database session a request: in its transaction, or without one for pages that only read."""

from collections.abc import Callable, Sequence
from typing import Any

import structlog
import zope.sqlalchemy
from pyramid.config import Configurator
from pyramid.events import ApplicationCreated
from pyramid.response import Response
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ocpizza.db import make_engine, read_only
from ocpizza.erasure_list import ERASURES
from ocpizza.erasure_list import NAME as LIST
from ocpizza.outage import Outage, is_outage
from ocpizza.request import Request

READING = ("GET", "HEAD")
# Google and Facebook send people back by GET, which signs them in.
WRITING_ROUTES = ("provider_return",)
# Where a session finds what its orders are counted in (`metrics`).
FIGURES = "figures"
log = structlog.get_logger()


class ReadingSession(Session):
    """A session that refuses to write."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        if self.new or self.dirty or self.deleted:
            raise RuntimeError("a page that reads tried to write")


def database_session(request: Request) -> Session:
    """Return the request's session, in the request's transaction unless it only reads."""
    engines = request.registry["engines"]
    if only_reads(request):
        session: Session = ReadingSession(engines["read"], expire_on_commit=False)
        request.add_finished_callback(lambda _request: session.close())
    else:
        erasures = request.registry.settings["folders.state"] / LIST
        info = {FIGURES: request.registry.get(FIGURES), ERASURES: erasures}
        session = Session(engines["write"], expire_on_commit=False, info=info)
        # As if it had changed something: what is written without the ORM is committed, too.
        zope.sqlalchemy.register(session, "changed", transaction_manager=request.tm)
    if request.registry["outage"].lasts:
        notice = request.add_response_callback
        event.listen(session, "after_begin", lambda *_: notice(_note_recovery))
    return session


def _note_recovery(request: Request, _response: Response) -> None:
    if not is_outage(request.exception):
        request.registry["outage"].answered()


def only_reads(request: Request) -> bool:
    """Return whether the request may not write."""
    route = getattr(request, "matched_route", None)
    writes = route is not None and route.name in WRITING_ROUTES
    return request.method in READING and not writes


def commit_now(request: Request) -> None:
    """End the request's transaction for good; what it does after is in another one.

    Rows loaded before are not locked any more: load again what is to be changed.
    """
    request.tm.commit()
    request.tm.begin()


def after_answer(
    request: Request, act: Callable[[Session], None], *, one_statement: bool = False
) -> None:
    """Have `act` done once the answer is made, in a transaction of its own.

    For what a page that reads must note. What the database refuses is logged: the page stands.
    """
    # The engine of pages that read begins no transaction, and one statement is one by itself.
    engine = request.registry["engines"]["read" if one_statement else "write"]

    def do(_request: Request) -> None:
        try:
            with Session(engine) as session, session.begin():
                act(session)
        except SQLAlchemyError as error:
            if is_outage(error):
                request.registry["outage"].failed(error)
                return
            # Not its path: that of a tracking page is a secret.
            route = request.matched_route.name if request.matched_route else None
            log.error("not noted after the answer", route=route, exc_info=error)

    request.add_finished_callback(do)


def _close_pool(application_created: ApplicationCreated) -> None:
    # Connections opened while the application was built must not be shared by forked workers.
    application_created.app.registry["engines"]["write"].dispose()


def includeme(config: Configurator) -> None:
    settings = config.registry.settings
    settings["tm.manager_hook"] = "pyramid_tm.explicit_manager"
    settings["tm.annotate_user"] = False
    settings["retry.attempts"] = 3
    config.include("pyramid_retry")
    config.include("pyramid_tm")
    engine = make_engine(settings["database.url"], settings["database.pool_size"], hurried=True)
    outage = config.registry["outage"] = Outage()
    event.listen(engine, "do_connect", lambda *_: outage.refuse_in_vain(), insert=True)
    event.listen(engine, "connect", lambda *_: outage.reached())
    config.registry["engines"] = {"write": engine, "read": read_only(engine)}
    config.add_request_method(database_session, "db", reify=True)
    config.add_request_method(commit_now)
    config.add_request_method(after_answer)
    config.add_subscriber(_close_pool, ApplicationCreated)
