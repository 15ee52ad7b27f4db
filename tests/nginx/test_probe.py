"""Deployment's last step asks the website as a visitor of the machine would."""

import pytest

from ocpizza.operations.probe import ProbeError, probe, site_name

REDIRECT = """
server {{
    listen 127.0.0.1:{port};
    server_name www.ocpizza.fr;
    return 301 https://$host$request_uri;
}}
"""


def test_the_site_is_asked_by_the_name_that_nginx_knows(shop):
    site = shop.root / "etc/nginx/sites-enabled/ocpizza"
    assert site_name(site) == "www.ocpizza.fr"
    assert probe("/health/ready", site_name(site), shop.port) == "ok\n"


def test_the_name_that_the_administrator_gave_counts(tmp_path):
    site = tmp_path / "site"
    site.write_text("server {\n    listen 80;\n    server_name pizza.example;\n}\n")
    assert site_name(site) == "pizza.example"
    site.write_text("server {}\n")
    assert site_name(site) == "localhost"


def test_a_site_that_insists_on_https_is_asked_by_https(nginx, gunicorn, state):
    nginx.install(gunicorn, state)
    nginx.certify()
    site = nginx.root / "etc/nginx/sites-enabled/ocpizza"
    plain = f"    listen 127.0.0.1:{nginx.port};\n"
    site.write_text(site.read_text().replace(plain, "") + REDIRECT.format(port=nginx.port))
    with nginx.running():
        answer = probe("/health/ready", "www.ocpizza.fr", nginx.port, nginx.tls_port)
    assert answer == "ok\n"


def test_a_site_that_is_stopped_does_not_pass(stopped):
    with pytest.raises(ProbeError, match=r"http://www.ocpizza.fr/health/ready answers 503"):
        probe("/health/ready", "www.ocpizza.fr", stopped.port)


def test_nobody_at_the_port_does_not_pass(nginx):
    with pytest.raises(ProbeError, match=r"does not answer: .*refused"):
        probe("/", "www.ocpizza.fr", nginx.port)
