"""Requests counted and timed, each once, however often its transaction was tried."""

from collections.abc import Callable, MutableMapping
from time import perf_counter
from typing import Any

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated, BeforeTraversal
from pyramid.response import Response
from pyramid.router import Router

from ocpizza.metrics.figures import NO_ROUTE, Figures

Environ = MutableMapping[str, Any]
ExecutionPolicy = Callable[[Environ, Router], Response]
ROUTE = "ocpizza.route"
METHODS = {"GET": "read", "HEAD": "read", "POST": "write"}


def counted(policy: ExecutionPolicy) -> ExecutionPolicy:
    """Return what answers requests by `policy`, and counts them."""

    def answer(environ: Environ, router: Router) -> Response:
        began, status = perf_counter(), 500
        try:
            response = policy(environ, router)
            status = response.status_int
            return response
        finally:
            route = environ.get(ROUTE, NO_ROUTE)
            method = METHODS.get(environ["REQUEST_METHOD"], "other")
            figures: Figures = router.registry["figures"]
            figures.requests.labels(route, method, status).inc()
            figures.seconds.labels(route).observe(perf_counter() - began)

    return answer


def _note_route(event: BeforeTraversal) -> None:
    route = getattr(event.request, "matched_route", None)
    if route is not None:
        event.request.environ[ROUTE] = route.name


def _count(event: ApplicationCreated) -> None:
    # `pyramid_retry` has put itself there when the settings were taken.
    app: Any = event.app
    app.execution_policy = counted(app.execution_policy)


def includeme(config: Configurator) -> None:
    config.add_subscriber(_note_route, BeforeTraversal)
    config.add_subscriber(_count, ApplicationCreated)
