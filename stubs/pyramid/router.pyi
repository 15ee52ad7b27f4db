from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

from pyramid.registry import Registry

class Router:
    registry: Registry

    def __call__(
        self, environ: MutableMapping[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]: ...
