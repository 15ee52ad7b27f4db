"""The WSGI application as servers want it: settings read, the visitor's address put right."""

import ipaddress
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ocpizza import main
from ocpizza.settings import Settings, load_settings

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


def from_environment() -> Application:
    """For `gunicorn 'ocpizza.wsgi:from_environment()'`: settings of the file in OCPIZZA_CONFIG."""
    return make_application(load_settings(Path(os.environ["OCPIZZA_CONFIG"])))


def make_application(settings: Settings) -> Application:
    """The application, behind nginx or not."""
    return with_real_address(main(settings))


def with_real_address(application: Application) -> Application:
    """Tell `application` the visitor's address that nginx found, not the one of nginx.

    Only a peer on the unix socket, which has no address of its own, is believed: that is nginx.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        told = environ.pop("HTTP_X_REAL_IP", "")
        if not environ.get("REMOTE_ADDR"):
            environ["REMOTE_ADDR"] = _address(told)
        return application(environ, start_response)

    return answer


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return "0.0.0.0"  # noqa: S104  (nobody's address, but one)
