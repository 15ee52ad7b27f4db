from collections.abc import Callable
from typing import Any, TypeVar

_View = TypeVar("_View", bound=Callable[..., Any])

class view_config:
    def __init__(
        self,
        *,
        route_name: str = ...,
        request_method: str | tuple[str, ...] = ...,
        permission: str = ...,
        renderer: str = ...,
        require_csrf: bool = ...,
        decorator: Callable[[_View], _View] | tuple[Callable[[_View], _View], ...] = ...,
        **settings: Any,
    ) -> None: ...
    def __call__(self, wrapped: _View) -> _View: ...

class exception_view_config:
    def __init__(self, *args: type[BaseException], **settings: Any) -> None: ...
    def __call__(self, wrapped: _View) -> _View: ...

class notfound_view_config:
    def __init__(self, **settings: Any) -> None: ...
    def __call__(self, wrapped: _View) -> _View: ...

class forbidden_view_config:
    def __init__(self, **settings: Any) -> None: ...
    def __call__(self, wrapped: _View) -> _View: ...
