from typing import Any

from authomatic.core import Credentials, User

class BaseProvider:
    session: Any
    params: dict[str, str]
    user: User | None

    def __init__(self, *args: Any, **kwargs: Any) -> None: ...
    def _kwarg(self, kwargs: dict[str, Any], kwname: str, default: Any = None) -> Any: ...
    def _session_key(self, key: str) -> str: ...

class AuthorizationProvider(BaseProvider):
    BEARER: str
    user_authorization_url: str
    access_token_url: str
    user_info_url: str
    consumer_secret: str
    credentials: Credentials

    def access(self, url: str, params: dict[str, str] | None = None, **kwargs: Any) -> Any: ...
