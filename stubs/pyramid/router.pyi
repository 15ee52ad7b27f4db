from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.response import Response

class Router:
    registry: Registry
    request_factory: type[Request]

    def invoke_subrequest(self, request: Request, use_tweens: bool = False) -> Response: ...
    def __call__(
        self, environ: MutableMapping[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]: ...
