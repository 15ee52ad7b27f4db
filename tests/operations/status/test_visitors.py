"""The certificate that visitors are shown: how long it is good, and who renews it."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ocpizza.operations.probe import Site
from ocpizza.operations.status import visitors
from ocpizza.operations.status.row import Row
from ocpizza.operations.status.visitors import BOUGHT, CERTBOT, LOOK

NAME = "www.ocpizza.fr"
OF_CERTBOT = " ssl_certificate /etc/letsencrypt/live/www.ocpizza.fr/fullchain.pem;\n"


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


def write_site(folder: Path, port: int, more: str = "") -> Path:
    site = folder / "ocpizza"
    site.write_text(f"server {{\n listen 127.0.0.1:{port} ssl;\n server_name {NAME};\n{more}}}\n")
    return site


def self_signed(begins: datetime, ends: datetime) -> bytes:
    """A certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(begins).not_valid_after(ends)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM) + private


@pytest.fixture
def served(tmp_path, monkeypatch) -> Iterator[Callable[..., datetime]]:
    """Have a server show a certificate that ends in some days, of so many in all."""
    with ExitStack() as stack:

        def serve(left: int, days: int, more: str = "") -> datetime:
            ends = datetime.now(UTC) + timedelta(days=left, hours=1)
            file = tmp_path / "certificate.pem"
            file.write_bytes(self_signed(ends - timedelta(days=days), ends))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(file)
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

            def answer() -> None:
                try:
                    visitor, _ = listener.accept()
                    with context.wrap_socket(visitor, server_side=True) as secured:
                        secured.recv(1)
                except OSError:
                    return

            thread = Thread(target=answer)
            thread.start()
            stack.callback(thread.join)
            stack.callback(listener.shutdown, socket.SHUT_RDWR)
            site = write_site(tmp_path, listener.getsockname()[1], more)
            monkeypatch.setattr(visitors, "SITE", site)
            return ends

        yield serve


@pytest.mark.parametrize(
    ("left", "days", "well"),
    # A quarter of its time, or two weeks of a long one.
    [
        (60, 90, True),
        (15, 90, True),
        (13, 90, False),
        (13, 365, False),
        (15, 365, True),
        (13, 45, True),
        (10, 45, False),
        (3, 6, True),
        (1, 6, False),
    ],
)
def test_one_that_ends_soon_is_told_in_time(settings, served, left, days, well):
    ends = served(left, days)
    says = f"{NAME}, until {ends:%Y-%m-%d}, {left} days"
    expected = Row("certificate", well, says if well else f"{says}: {BOUGHT}")
    assert visitors.certificate(settings) == expected


@pytest.mark.parametrize(("more", "do"), [("", BOUGHT), (OF_CERTBOT, CERTBOT)])
def test_one_that_has_ended_says_who_renews_it(settings, served, more, do):
    ends = served(-2, 90, more)
    says = f"{NAME}, expired on {ends:%Y-%m-%d}: {do}"
    assert visitors.certificate(settings) == Row("certificate", False, says)


def test_one_that_nobody_shows_is_told(settings, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setattr(visitors, "SITE", write_site(tmp_path, port, OF_CERTBOT))
    row = visitors.certificate(settings)
    assert not row.well
    assert row.says.startswith(f"https://{NAME} shows none ([Errno 111] Connection refused): ")
    assert row.says.endswith(f"{CERTBOT}; {LOOK}")


def test_a_port_that_speaks_no_tls_is_told(settings, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as plain:
        monkeypatch.setattr(visitors, "TLS_SECONDS", 0.2)
        monkeypatch.setattr(visitors, "SITE", write_site(tmp_path, plain.getsockname()[1]))
        assert "shows none (" in visitors.certificate(settings).says


@pytest.mark.parametrize("text", [None, "server {\n listen 80;\n}\n"])
def test_without_https_there_is_none(settings, tmp_path, monkeypatch, text):
    site = tmp_path / "ocpizza"
    if text:
        site.write_text(text)
    monkeypatch.setattr(visitors, "SITE", site)
    told = "none, nginx serves HTTP alone"
    assert visitors.certificate(settings) == Row("certificate", True, told)


def test_a_site_that_is_not_enabled_says_how_to(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(visitors, "SITE", tmp_path / "nowhere")
    monkeypatch.setattr(visitors, "Site", lambda: Site(port=1))
    row = visitors.website(settings)
    assert not row.well
    assert "nginx does not serve the site: sudo ln -s ../sites-available/ocpizza" in row.says
    assert row.says.endswith(LOOK)


def test_a_site_that_does_not_answer_says_where_to_look(settings, tmp_path, monkeypatch):
    site = tmp_path / "ocpizza"
    site.write_text("server {\n listen 127.0.0.1:1;\n server_name cinema.example;\n}\n")
    monkeypatch.setattr(visitors, "SITE", site)
    row = visitors.website(settings)
    assert not row.well
    assert row.says.startswith("http://cinema.example/health/ready does not answer: ")
    assert row.says.endswith(f": {LOOK}")
