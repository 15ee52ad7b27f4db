"""The shop as visitors reach it: gunicorn, `ocpizza live`, and nginx with the package's own files.

It speaks TLS under the site's name, as after certbot; a browser is told where that name is.
"""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from frame import Shop
from load import Visitor, live_server, packaged
from nginx.server import Nginx
from ocpizza.operations.collect_static import collect_static

HOST = "www.ocpizza.fr"
SITE = f"https://{HOST}"


@contextmanager
def behind_nginx(shop: Shop) -> Iterator[Nginx]:
    """Serve the shop; gives the nginx before it."""
    folder = shop.config.parent
    with shop.config.open("a") as settings:
        settings.write(f"[site]\nurl = {SITE}\n[live]\nsocket = live.sock\n")
    collect_static(folder / "state/static")
    folder.chmod(0o755)
    with packaged(shop.config) as (path, _pid), live_server(shop.config):
        nginx = Nginx(folder / "machine")
        nginx.install(path, folder / "state")
        nginx.certify()
        with nginx.running():
            yield nginx


def chromium_flags(nginx: Nginx) -> list[str]:
    """Where the site's name leads, and that its certificate is our own."""
    return [
        "--headless=new",
        "--no-sandbox",
        f"--host-resolver-rules=MAP {HOST}:443 127.0.0.1:{nginx.tls_port}",
        "--ignore-certificate-errors",
    ]


class _Connection(http.client.HTTPSConnection):
    def __init__(self, port: int) -> None:
        super().__init__(HOST, timeout=30)
        self.at = ("127.0.0.1", port)

    def connect(self) -> None:
        trusting = ssl._create_unverified_context()
        plain = socket.create_connection(self.at, self.timeout)
        self.sock = trusting.wrap_socket(plain, server_hostname=HOST)


class SecureVisitor(Visitor):
    """A browser of few words that comes through nginx, under the site's name."""

    def __init__(self, nginx: Nginx) -> None:
        super().__init__(nginx.tls_port)
        self.connection = _Connection(nginx.tls_port)
