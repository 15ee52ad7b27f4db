from typing import Any, type_check_only

from pyramid.request import Request
from webob import Response

@type_check_only  # made by the factory below
class CookieSession(dict[str, Any]):
    new: bool
    created: int

    def __init__(self, request: Request) -> None: ...
    def changed(self) -> None: ...
    def invalidate(self) -> None: ...
    def flash(self, msg: Any, queue: str = "", allow_duplicate: bool = True) -> None: ...
    def pop_flash(self, queue: str = "") -> list[Any]: ...
    def peek_flash(self, queue: str = "") -> list[Any]: ...
    def new_csrf_token(self) -> str: ...
    def get_csrf_token(self) -> str: ...
    def _set_cookie(self, response: Response) -> bool: ...

def SignedCookieSessionFactory(
    secret: str,
    cookie_name: str = "session",
    max_age: int | None = None,
    path: str = "/",
    domain: str | None = None,
    secure: bool = False,
    httponly: bool = False,
    samesite: str = "Lax",
    set_on_exception: bool = True,
    timeout: int | None = 1200,
    reissue_time: int | None = 0,
    hashalg: str = "sha512",
    salt: str = "pyramid.session.",
    serializer: Any = None,
) -> type[CookieSession]: ...
