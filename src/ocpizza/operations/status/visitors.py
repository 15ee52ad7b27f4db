"""Rows about what visitors get: an answer, and a certificate that their browsers believe."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ocpizza.operations.privileges import run
from ocpizza.operations.probe import LISTEN, LOOPBACK, ProbeError, Site, probe
from ocpizza.operations.status.row import Row, amiss, fine
from ocpizza.settings import Settings

SITE = Path("/etc/nginx/sites-enabled/ocpizza")
LOOK = "sudo systemctl status nginx ocpizza; sudo nginx -t; sudo journalctl -u ocpizza -n 50"
ENABLE = "nginx does not serve the site: sudo ln -s ../sites-available/ocpizza"
TLS_SECONDS = 10
# certbot renews when a third is left, earlier than that: something keeps it from it.
SOON, PART = timedelta(days=14), 4
CERTBOT = "sudo certbot renew; sudo systemctl reload nginx; systemctl list-timers certbot.timer"
BOUGHT = "put a new one where ssl_certificate says, then: sudo systemctl reload nginx"


def website(_settings: Settings) -> Row:
    """Whether a visitor is answered, through nginx."""
    enabled = SITE.exists()
    site = Site.of(SITE) if enabled else Site()
    try:
        probe("/health/ready", site)
    except ProbeError as error:
        return amiss("website", error, LOOK if enabled else f"{ENABLE} {SITE}; {LOOK}")
    return fine("website", f"{site} answers")


def certificate(_settings: Settings) -> Row:
    """How long the certificate is good that nginx shows, which may be older than its file."""
    text = SITE.read_text(errors="replace") if SITE.exists() else ""
    if not any("ssl" in more for _, more in LISTEN.findall(text)):
        return fine("certificate", "none, nginx serves HTTP alone")
    site = Site.of(SITE)
    do = CERTBOT if "letsencrypt" in text else BOUGHT
    try:
        begins, ends = _span(_shown(site))
    except (OSError, ValueError) as error:
        return amiss("certificate", f"https://{site.name} shows none ({error})", f"{do}; {LOOK}")
    left = ends - datetime.now(UTC)
    if left < timedelta(0):
        return amiss("certificate", f"{site.name}, expired on {ends:%Y-%m-%d}", do)
    says = f"{site.name}, until {ends:%Y-%m-%d}, {left.days} days"
    is_soon = left < min(SOON, (ends - begins) / PART)
    return amiss("certificate", says, do) if is_soon else fine("certificate", says)


def _shown(site: Site) -> str:
    """The certificate that a visitor is shown. Raises OSError."""
    # It is looked at, not believed.
    context = ssl._create_unverified_context()  # noqa: S323
    address = (LOOPBACK, site.tls_port)
    with (
        socket.create_connection(address, TLS_SECONDS) as connection,
        context.wrap_socket(connection, server_hostname=site.name) as secured,
    ):
        return ssl.DER_cert_to_PEM_cert(secured.getpeercert(binary_form=True) or b"")


def _span(pem: str) -> tuple[datetime, datetime]:
    """Return from when to when a certificate is good. Raises OSError or ValueError."""
    command = ("openssl", "x509", "-noout", "-startdate", "-enddate")
    said = run(command, input=pem).stdout
    begins, ends = (line.partition("=")[2] for line in said.splitlines())
    return _moment(begins), _moment(ends)


def _moment(said: str) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(said), UTC)
