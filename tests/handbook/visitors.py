"""HTTPS, as a browser that trusts one more authority sees it."""

import ssl
from http.client import HTTPConnection

from distribution.install import HOST
from droplets import Droplet
from droplets.web import Answer

KEY, CERTIFICATE = "/etc/ssl/private/issued.key", "/etc/ssl/certs/issued.pem"
NAMES = "DNS:www.ocpizza.fr,DNS:ocpizza.fr,DNS:smtp.example.net"
TRUST = "/etc/ssl/certs/ca-certificates.crt"


def make_certificate(droplet: Droplet) -> None:
    """For all names that the manual has, by an authority which the droplet trusts."""
    about = f"-subj /CN=issued -days 90 -addext subjectAltName={NAMES}"
    files = f"-keyout {KEY} -out {CERTIFICATE}"
    droplet.shell(f"openssl req -x509 -newkey rsa:2048 -noenc {about} {files} 2>&1")
    droplet.shell(f"cat {CERTIFICATE} >> {TRUST}")


def visit(droplet: Droplet, path: str, host: str = HOST) -> Answer:
    """Ask port 443 by a name, whose certificate must be good."""
    trusting = ssl.create_default_context(cadata=droplet.read(CERTIFICATE))
    connection = HTTPConnection(host)
    connection.sock = trusting.wrap_socket(droplet.network.connect(443), server_hostname=host)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()
