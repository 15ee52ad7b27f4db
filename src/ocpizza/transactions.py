"""One database session and one transaction a request; pages that only read do without."""

import zope.sqlalchemy
from pyramid.events import ApplicationCreated
from sqlalchemy import event
from sqlalchemy.orm import Session

from ocpizza.db import make_engine, read_only

READING = ("GET", "HEAD")


def _refuse_writes(session, *_):
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a page that reads tried to write")


def database_session(request) -> Session:
    """The request's session, joined to its transaction."""
    engines = request.registry["engines"]
    if request.method in READING:
        session = Session(engines["read"], expire_on_commit=False)
        event.listen(session, "before_flush", _refuse_writes)
    else:
        session = Session(engines["write"], expire_on_commit=False)
    zope.sqlalchemy.register(session, transaction_manager=request.tm)
    return session


def _close_pool(application_created) -> None:
    # Connections opened while the application was built must not be shared by forked workers.
    application_created.app.registry["engines"]["write"].dispose()


def includeme(config):
    settings = config.registry.settings
    settings["tm.manager_hook"] = "pyramid_tm.explicit_manager"
    settings["tm.annotate_user"] = False
    settings["retry.attempts"] = 3
    config.include("pyramid_retry")
    config.include("pyramid_tm")
    engine = make_engine(settings["database.url"], settings["database.pool_size"])
    config.registry["engines"] = {"write": engine, "read": read_only(engine)}
    config.add_request_method(database_session, "db", reify=True)
    config.add_subscriber(_close_pool, ApplicationCreated)
