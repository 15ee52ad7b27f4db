"""Deployment's last step asks the website as a visitor of the machine would."""

import pytest

from ocpizza.operations.probe import ProbeError, Site, probe

REDIRECT = """
server {{
    listen 127.0.0.1:{port};
    server_name www.ocpizza.fr;
    return 301 https://$host$request_uri;
}}
"""


def site_file(nginx):
    return nginx.root / "etc/nginx/sites-enabled/ocpizza"


def test_the_site_is_asked_where_and_by_the_name_that_nginx_knows(shop):
    site = Site.of(site_file(shop))
    assert site == Site("www.ocpizza.fr", shop.port)
    assert probe("/health/ready", site) == "ok\n"


@pytest.mark.parametrize(
    ("lines", "site"),
    [
        ("", Site("localhost", 80)),
        ("server_name pizza.example www.pizza.example;", Site("pizza.example", 80)),
        ("listen 127.0.0.1:8080;", Site("localhost", 8080)),
        ("listen [::]:8080 default_server;", Site("localhost", 8080)),
        ("listen 443 ssl; # managed by Certbot\nlisten 80;", Site("localhost", 80, 443)),
        ("listen [::]:8443 ssl ipv6only=on;", Site("localhost", None, 8443)),
    ],
    ids=str,
)
def test_what_the_administrator_and_certbot_wrote_counts(tmp_path, lines, site):
    file = tmp_path / "site"
    file.write_text(f"server {{\n{lines}\n}}\n")
    assert Site.of(file) == site


def test_a_site_that_insists_on_https_is_asked_by_https(nginx, gunicorn, state):
    nginx.install(gunicorn, state)
    nginx.certify()
    plain = f"    listen 127.0.0.1:{nginx.port};\n"
    text = site_file(nginx).read_text().replace(plain, "") + REDIRECT.format(port=nginx.port)
    site_file(nginx).write_text(text.replace(f"listen [::1]:{nginx.port};", ""))
    with nginx.running():
        site = Site.of(site_file(nginx))
        assert site == Site("www.ocpizza.fr", nginx.port, nginx.tls_port)
        assert probe("/health/ready", site) == "ok\n"
        assert probe("/health/ready", Site("www.ocpizza.fr", None, nginx.tls_port)) == "ok\n"


def test_a_site_that_is_stopped_does_not_pass(stopped):
    with pytest.raises(ProbeError, match=r"^http://www.ocpizza.fr/ answers 503 Service Tempor"):
        probe("/", Site("www.ocpizza.fr", stopped.port))


def test_nobody_at_the_port_does_not_pass(nginx):
    with pytest.raises(ProbeError, match=r"^http://localhost/ does not answer: .*refused$"):
        probe("/", Site(port=nginx.port))
