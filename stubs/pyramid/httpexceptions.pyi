from collections.abc import Iterable
from typing import Any

from pyramid.response import Response

class HTTPException(Response, Exception):
    code: int
    title: str
    explanation: str
    detail: str | None

    def __init__(
        self,
        detail: str | None = None,
        headers: Iterable[tuple[str, str]] | None = None,
        comment: str | None = None,
        body_template: str | None = None,
        json_formatter: Any = None,
        **kw: Any,
    ) -> None: ...

class HTTPError(HTTPException): ...
class HTTPRedirection(HTTPException): ...
class HTTPClientError(HTTPError): ...

class _HTTPMove(HTTPRedirection):
    def __init__(
        self,
        location: str = "",
        detail: str | None = None,
        headers: Iterable[tuple[str, str]] | None = None,
        comment: str | None = None,
        body_template: str | None = None,
        **kw: Any,
    ) -> None: ...

class HTTPFound(_HTTPMove): ...
class HTTPSeeOther(_HTTPMove): ...
class HTTPMovedPermanently(_HTTPMove): ...
class HTTPNotModified(HTTPRedirection): ...
class HTTPBadRequest(HTTPClientError): ...
class HTTPForbidden(HTTPClientError): ...
class HTTPNotFound(HTTPClientError): ...
class HTTPMethodNotAllowed(HTTPClientError): ...
