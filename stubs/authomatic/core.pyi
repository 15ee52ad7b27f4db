import logging
from collections.abc import Callable, Mapping
from typing import Any

from authomatic.providers import AuthorizationProvider

_logger: logging.Logger

class Credentials:
    token: Any
    token_type: Any

class User:
    def __init__(self, provider: AuthorizationProvider, **kwargs: Any) -> None: ...

class LoginResult:
    provider: AuthorizationProvider
    error: Exception | None

class Authomatic:
    def __init__(
        self,
        config: Mapping[str, dict[str, Any]],
        secret: str,
        *,
        prefix: str = ...,
        logger: logging.Logger | None = None,
        logging_level: int = ...,
        **more: Any,
    ) -> None: ...
    def login(
        self,
        adapter: Any,
        provider_name: str,
        callback: Callable[[LoginResult], None] | None = None,
        session: Any = None,
        session_saver: Callable[[], None] | None = None,
        **kwargs: Any,
    ) -> LoginResult | None: ...
