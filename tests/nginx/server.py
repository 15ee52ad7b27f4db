"""A real nginx on loopback with the files that the package ships, their folders moved."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest

from droplets.waiting import wait_until
from ocpizza.operations.deploy.host import Host
from ocpizza.operations.deploy.nginx import keys_unlogged, proxies_trusted

SHIPPED = Path(__file__).parents[2] / "nginx"
MODULES = Path("/usr/lib/nginx/modules")
# pytest's folders are closed to anybody else.
MISSING = "nginx is missing: apt-get install --no-install-recommends nginx"
USER = "user root;" if os.geteuid() == 0 else ""
PROGRAM = "/usr/sbin/nginx"
BROTLI = "libnginx-mod-http-brotli-filter"
MAIN = """
{user}
{modules}
error_log {root}/error.log;
pid {root}/nginx.pid;
events {{}}
http {{
    sendfile on;
    tcp_nopush on;
    include /etc/nginx/mime.types;
    access_log {root}/var/log/nginx/access.log;
    default_type application/octet-stream;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    include {root}/etc/nginx/sites-enabled/*;
}}
"""
# What stands before the shop at a load balancer's or at Cloudflare.
PROXY = """
server {{
    listen 127.0.0.1:{port};
    listen 127.0.0.1:{tls_port} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    location / {{
        proxy_pass http://127.0.0.1:{to};
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
    }}
}}
"""
# What certbot adds to the site.
REDIRECT = """
server {{
    if ($host = www.ocpizza.fr) {{
        return 301 https://$host$request_uri;
    }} # managed by Certbot


    listen 127.0.0.1:{port};
    server_name www.ocpizza.fr;
    return 404; # managed by Certbot


}}
"""


def require_nginx() -> None:
    """End the run with what is missing."""
    if not Path(PROGRAM).exists():
        pytest.exit(MISSING, returncode=1)


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Nginx:
    """One nginx; `root` stands for the root of the machine that it is installed on."""

    root: Path
    port: int = field(default_factory=lambda: _free_port())
    tls_port: int = field(default_factory=lambda: _free_port())

    def install(self, upstream: Path, state: Path) -> None:
        """Put the shipped files in place; gunicorn's socket and the collected files are given."""
        share = self.root / "usr/share/ocpizza/nginx"
        shutil.copytree(SHIPPED, share)
        (self.root / "usr/share/doc").mkdir(parents=True)
        enabled = self.root / "etc/nginx/sites-enabled"
        enabled.mkdir(parents=True)
        (share / "ocpizza").rename(enabled / "ocpizza")
        moved = {
            "/usr/share/": f"{self.root}/usr/share/",
            "/var/log/nginx/": f"{self.root}/var/log/nginx/",
            "/var/lib/ocpizza;": f"{state};",
            "/run/ocpizza/gunicorn.sock": str(upstream),
            "/run/ocpizza/live.sock": str(upstream.with_name("live.sock")),
            "/run/ocpizza-pages": str(self.pages),
            "/etc/nginx/ocpizza-trusted": f"{self.root}/etc/nginx/ocpizza-trusted",
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "listen [::]:80;": f"listen [::1]:{self.port};",
        }
        texts = {path: path.read_text() for path in (*share.glob("*.conf"), enabled / "ocpizza")}
        for before, after in moved.items():
            assert any(before in text for text in texts.values()), before
            texts = {path: text.replace(before, after) for path, text in texts.items()}
        for path, text in texts.items():
            path.write_text(text)

    def trust(self, *networks: str) -> None:
        """Believe proxies in these networks, as a deployment would."""
        host = Host({"proxy.trusted": networks}, Path("/nowhere"), nginx=self.root / "etc/nginx")
        proxies_trusted(host)

    def certify(self) -> None:
        """Edit the site as certbot does: another address, a certificate."""
        key, certificate = self._certificate()
        site = self.root / "etc/nginx/sites-enabled/ocpizza"
        lines = f"    listen 127.0.0.1:{self.tls_port} ssl;\n    ssl_certificate {certificate};\n"
        lines += f"    ssl_certificate_key {key};\n"
        site.write_text(site.read_text().replace("    server_name", f"{lines}    server_name"))

    def redirect(self) -> int:
        """Add the block that certbot adds, then deploy; gives its port."""
        port = _free_port()
        site = self.root / "etc/nginx/sites-enabled/ocpizza"
        site.write_text(site.read_text() + REDIRECT.format(port=port))
        available = self.root / "etc/nginx/sites-available"
        available.mkdir()
        (available / "ocpizza").symlink_to(site)
        # The file names what is shipped by another folder here.
        site.write_text(site.read_text().replace(f"{self.root}/usr/share/", "/usr/share/"))
        keys_unlogged(Host({}, Path("/nowhere"), nginx=self.root / "etc/nginx"))
        site.write_text(site.read_text().replace("/usr/share/", f"{self.root}/usr/share/"))
        return port

    def forward(self, to: int) -> None:
        """Be a proxy that ends TLS, before whoever listens on port `to`."""
        (self.root / "etc/nginx/sites-enabled").mkdir(parents=True)
        key, certificate = self._certificate()
        site = self.root / "etc/nginx/sites-enabled/proxy"
        names = {"port": self.port, "tls_port": self.tls_port, "to": to}
        site.write_text(PROXY.format(key=key, certificate=certificate, **names))

    def _certificate(self) -> tuple[Path, Path]:
        key, certificate = self.root / "key.pem", self.root / "certificate.pem"
        subject = ["-subj", "/CN=www.ocpizza.fr", "-days", "2"]
        made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        files = ["-keyout", str(key), "-out", str(certificate)]
        subprocess.run(["openssl", *made, *subject, *files], check=True, capture_output=True)
        return key, certificate

    def with_brotli(self) -> None:
        """Install Debian's module."""
        (self.root / "usr/share/doc" / BROTLI).mkdir()
        self.modules = f"load_module {MODULES}/ngx_http_brotli_filter_module.so;"

    modules: str = ""

    @contextmanager
    def running(self) -> Iterator["Nginx"]:
        """Start it, and end it afterwards."""
        (self.root / "var/log/nginx").mkdir(parents=True, exist_ok=True)
        main = self.root / "nginx.conf"
        main.write_text(MAIN.format(root=self.root, modules=self.modules, user=USER))
        command = [PROGRAM, "-c", str(main), "-p", str(self.root), "-g", "daemon off;"]
        with (self.root / "output").open("w") as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: process.poll() is not None or self._listens(), 60, "nginx")
            assert process.poll() is None, (self.root / "output").read_text()
            yield self
        finally:
            process.terminate()
            process.wait(60)

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        *,
        host: str = "www.ocpizza.fr",
        tls: bool = False,
        **headers: str,
    ) -> Answer:
        """One request as a browser sends it; `Accept_Encoding` stands for Accept-Encoding."""
        connection = self._connection(tls)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body, {"Host": host} | named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    @property
    def pages(self) -> Path:
        """Where it keeps pages."""
        return self.root / "pages"

    def log(self) -> str:
        return (self.root / "var/log/nginx/ocpizza.access.log").read_text()

    def wait_for_the_log(self) -> None:
        """Until the lines of all answers are written: nginx writes them after it answered."""
        self.ask("/the-last-one")
        wait_until(lambda: "/the-last-one" in self.log(), 60, "the log")

    def _connection(self, tls: bool) -> http.client.HTTPConnection:
        if not tls:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        trusting = ssl._create_unverified_context()
        return http.client.HTTPSConnection("127.0.0.1", self.tls_port, timeout=30, context=trusting)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
