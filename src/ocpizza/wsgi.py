"""The WSGI application as servers want it: settings read, who is asking put right."""

import os
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ocpizza import main
from ocpizza.logs import write_logs
from ocpizza.metrics.page import Door, Page, no_door, with_figures
from ocpizza.proxies import put_right
from ocpizza.setting_values import Network
from ocpizza.settings import Settings, load_settings

Environ = MutableMapping[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Any]


def from_environment() -> Application:
    """For `gunicorn 'ocpizza.wsgi:from_environment()'`: settings of the file in OCPIZZA_CONFIG."""
    write_logs()
    return make_application(load_settings(Path(os.environ["OCPIZZA_CONFIG"])))


def make_application(settings: Settings, door: Door = no_door) -> Application:
    """Return the application, behind nginx, other proxies, or nobody.

    What comes by `door`, if anything may, is answered with the site's figures.
    """
    router = main(settings)
    application = with_real_address(with_relative_redirects(router), settings["proxy.trusted"])
    # The connection itself says where it comes from, whatever proxies tell.
    return with_figures(application, Page(router.registry["figures"], settings), door)


def with_real_address(application: Application, trusted: Sequence[Network] = ()) -> Application:
    """Tell `application` the visitor's address and scheme, not those of whoever stands between."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Any:
        put_right(environ, trusted)
        return application(environ, start_response)

    return answer


def with_relative_redirects(application: Application) -> Application:
    """Redirects within the site name no site: they hold whatever a proxy made of its name."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            told = [
                (name, _within(value, environ) if name.lower() == "location" else value)
                for name, value in headers
            ]
            return start_response(status, told, *rest)

        return application(environ, start)

    return answer


def _within(location: str, environ: Environ) -> str:
    """Return an address of the site that was asked, without its name; any other as it is."""
    parts = urlsplit(location)
    asked = environ.get("HTTP_HOST", "")
    ours = {asked, asked.removesuffix(":80"), asked.removesuffix(":443")}
    if parts.scheme != environ["wsgi.url_scheme"] or parts.netloc not in ours:
        return location
    path = location.split(parts.netloc, 1)[1]
    # Two slashes would be the name of another site.
    return location if not path.startswith("/") or path.startswith("//") else path
