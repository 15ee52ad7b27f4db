from collections.abc import Callable
from typing import Any

from pyramid.i18n import Localizer
from pyramid.registry import Registry
from pyramid.response import Response
from pyramid.session import CookieSession
from pyramid.urldispatch import Route
from webob.request import BaseRequest

class Request(BaseRequest):
    context: Any
    exception: Exception | None
    localizer: Localizer
    locale_name: str
    matchdict: dict[str, str]
    matched_route: Route | None
    override_renderer: str
    registry: Registry
    response: Response
    session: CookieSession
    # pyramid_tm's: an explicit transaction manager.
    tm: Any

    def add_response_callback(self, callback: Callable[[Any, Response], object]) -> None: ...
    def add_finished_callback(self, callback: Callable[[Any], object]) -> None: ...
    def route_path(self, route_name: str, *elements: str, **kw: Any) -> str: ...
    def current_route_path(self, *elements: str, **kw: Any) -> str: ...
    def static_path(self, path: str, **kw: Any) -> str: ...
    def has_permission(self, permission: str, context: Any = None) -> bool: ...
