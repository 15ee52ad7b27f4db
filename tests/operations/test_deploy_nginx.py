"""Step 6: beside what nginx serves already, and as the administrator wants it."""

import shutil
import socket
from pathlib import Path

import pytest

from nginx.server import SHIPPED, require_nginx
from ocpizza.operations.deploy.host import Failed, Host
from ocpizza.operations.deploy.nginx import (
    configuration_right,
    default_site,
    keys_unlogged,
    port_free,
    proxies_trusted,
    site_linked,
    site_present,
    without_ipv6,
)
from ocpizza.operations.undeploy import default_site_restored, site_unlinked

DEBIANS = Path("/etc/nginx/sites-available/default")
SITE = Path(__file__).parents[2] / "nginx" / "ocpizza"
NGINX = "events {{}}\nhttp {{ include {folder}/sites-enabled/*; }}\n"


@pytest.fixture
def host(tmp_path) -> Host:
    """nginx as Debian installs it, with our site available."""
    require_nginx()
    for folder in ("sites-available", "sites-enabled", "conf.d"):
        (tmp_path / "nginx" / folder).mkdir(parents=True)
    available = tmp_path / "nginx" / "sites-available"
    shutil.copy(DEBIANS, available / "default")
    (available / "ocpizza").write_text("server {}\n")
    (tmp_path / "nginx" / "nginx.conf").write_text(NGINX.format(folder=tmp_path / "nginx"))
    (tmp_path / "nginx" / "sites-enabled" / "default").symlink_to(available / "default")
    settings = {"folders.state": tmp_path, "system.user": "", "proxy.trusted": ()}
    return Host(settings, tmp_path / "ocpizza.ini", nginx=tmp_path / "nginx")


def enabled(host: Host) -> set[str]:
    return {path.name for path in (host.nginx / "sites-enabled").iterdir()}


def test_debians_untouched_site_makes_room_once(host):
    assert "disabled" in default_site(host)
    assert enabled(host) == set()
    (host.nginx / "sites-enabled" / "default").symlink_to(host.nginx / "sites-available/default")
    assert default_site(host) is None
    assert enabled(host) == {"default"}


def test_debians_site_stays_once_it_was_edited(host):
    with (host.nginx / "sites-available" / "default").open("a") as file:
        file.write("# mine\n")
    assert "server_name only" in default_site(host)
    assert enabled(host) == {"default"}


@pytest.mark.parametrize("place", ["sites-enabled/blog", "conf.d/blog.conf"])
def test_debians_site_stays_where_others_are_served(host, place):
    (host.nginx / place).write_text("  server {\n}\n")
    assert "server_name only" in default_site(host)
    assert "default" in enabled(host)


def test_settings_in_conf_d_are_no_other_site(host):
    (host.nginx / "conf.d" / "gzip.conf").write_text("gzip_types text/css; # no server here\n")
    default_site(host)
    assert enabled(host) == set()


def test_the_site_is_linked_once_and_stays_away_when_it_was_taken_away(host):
    assert site_linked(host) is None
    assert site_linked(host) is None
    assert enabled(host) == {"default", "ocpizza"}
    (host.nginx / "sites-enabled" / "ocpizza").unlink()
    assert "stays disabled" in site_linked(host)
    assert enabled(host) == {"default"}


def test_a_site_that_nginx_would_not_start_with_is_disabled_again_for_the_others_sake(host):
    available = host.nginx / "sites-available" / "ocpizza"
    available.write_text("server { no_such_directive; }\n")
    default_site(host)
    assert enabled(host) == set()
    with pytest.raises(Failed, match="disabled again") as failure:
        site_linked(host)
    assert any("no_such_directive" in line for line in failure.value.args)
    assert enabled(host) == {"default"}
    configuration_right(host)
    available.write_text("server {}\n")
    default_site(host)
    assert site_linked(host) is None
    assert enabled(host) == {"ocpizza"}


def test_a_mistake_in_another_site_is_told_as_it_is(host):
    (host.nginx / "sites-enabled" / "blog").write_text("server { no_such_directive; }\n")
    with pytest.raises(Failed, match="nginx ended with status 1") as failure:
        site_linked(host)
    assert any("sites-enabled/blog" in line for line in failure.value.args)
    assert enabled(host) == {"default", "blog"}


def test_a_mistake_made_later_leaves_the_site_enabled(host):
    site_linked(host)
    (host.nginx / "sites-available" / "ocpizza").write_text("server { no_such_directive; }\n")
    site_linked(host)
    with pytest.raises(Failed, match="nginx ended with status 1"):
        configuration_right(host)
    assert "ocpizza" in enabled(host)


def test_where_the_kernel_has_no_ipv6_the_site_listens_on_ipv4_alone(host, monkeypatch, tmp_path):
    available = host.nginx / "sites-available" / "ocpizza"
    shutil.copy(SITE, available)
    before = available.read_text()
    assert without_ipv6(host) is None
    assert available.read_text() == before
    monkeypatch.setattr("ocpizza.operations.deploy.nginx.IPV6", tmp_path / "nothing")
    assert "IPv4 alone" in without_ipv6(host)
    listens = [line.split() for line in available.read_text().splitlines() if "listen" in line]
    assert ["listen", "80;"] in listens
    assert not [words for words in listens if words[0] == "listen" and "[" in words[1]]
    assert without_ipv6(host) is None


def test_a_site_file_that_is_a_link_stays_one(host, monkeypatch, tmp_path):
    available = host.nginx / "sites-available" / "ocpizza"
    kept = shutil.copy(SITE, tmp_path / "kept-elsewhere")
    kept.chmod(0o640)
    available.unlink()
    available.symlink_to(kept)
    monkeypatch.setattr("ocpizza.operations.deploy.nginx.IPV6", tmp_path / "nothing")
    without_ipv6(host)
    assert available.readlink() == kept
    assert "# no IPv6 here" in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.glob(".*")) == []


def test_nginx_believes_the_proxies_of_the_settings_until_they_are_taken_out(host):
    written = host.nginx / "ocpizza-trusted.conf"
    assert proxies_trusted(host) is None
    assert not written.exists()
    host.settings["proxy.trusted"] = ("10.0.0.0/8", "2001:db8::/32")
    assert proxies_trusted(host) == "proxies of 10.0.0.0/8, 2001:db8::/32 are believed"
    assert written.read_text().splitlines()[1:] == [
        "set_real_ip_from 10.0.0.0/8;",
        "set_real_ip_from 2001:db8::/32;",
    ]
    site_unlinked(host)
    assert not written.exists()
    proxies_trusted(host)
    host.settings["proxy.trusted"] = ()
    assert proxies_trusted(host) is None
    assert not written.exists()


def test_removal_puts_debians_site_back_and_a_new_installation_links_again(host):
    default_site(host)
    site_linked(host)
    site_unlinked(host)
    default_site_restored(host)
    assert enabled(host) == {"default"}
    default_site(host)
    site_linked(host)
    assert enabled(host) == {"ocpizza"}


def test_removal_leaves_alone_what_deployment_left_alone(host):
    (host.nginx / "sites-enabled" / "default").unlink()
    site_linked(host)
    site_unlinked(host)
    default_site_restored(host)
    assert enabled(host) == set()


def test_a_site_file_that_is_gone_is_named_with_what_brings_it_back(host):
    (host.nginx / "sites-available" / "ocpizza").unlink()
    with pytest.raises(Failed, match="--force-confmiss ocpizza"):
        site_present(host)


def test_whoever_holds_the_port_is_named(host):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        site = host.nginx / "sites-available" / "ocpizza"
        site.write_text(f"server {{\n    listen {port};\n}}\n")
        with pytest.raises(Failed, match=rf"port {port} is held by \S+ \(process \d+\)"):
            port_free(host)
    port_free(host)


CERTIFIED = """include /usr/share/ocpizza/nginx/http.conf;

server {
    server_name www.ocpizza.fr ocpizza.fr;

    include /usr/share/ocpizza/nginx/site.conf;

    listen [::]:443 ssl ipv6only=on; # managed by Certbot
    listen 443 ssl; # managed by Certbot
    ssl_certificate /etc/letsencrypt/live/www.ocpizza.fr/fullchain.pem; # managed by Certbot
}
server {
    if ($host = ocpizza.fr) {
        return 301 https://$host$request_uri;
    } # managed by Certbot


    if ($host = www.ocpizza.fr) {
        return 301 https://$host$request_uri;
    } # managed by Certbot


    listen 80;
    listen [::]:80;
    server_name www.ocpizza.fr ocpizza.fr;
    return 404; # managed by Certbot


}
"""


def test_what_certbot_adds_writes_the_sites_log_and_nothing_else_is_touched(host):
    site = host.nginx / "sites-available" / "ocpizza"
    site.write_text(CERTIFIED)
    assert "HTTPS" in keys_unlogged(host)
    logs = "    include /usr/share/ocpizza/nginx/logs.con[f];\n"
    redirects = "server {\n    if ($host = ocpizza.fr)"
    assert site.read_text() == CERTIFIED.replace(redirects, redirects.replace("\n", f"\n{logs}"))
    assert keys_unlogged(host) is None


def test_the_site_as_it_is_shipped_stays_as_it_is(host):
    site = host.nginx / "sites-available" / "ocpizza"
    shipped = (SHIPPED / "ocpizza").read_text()
    site.write_text(shipped)
    assert keys_unlogged(host) is None
    assert site.read_text() == shipped
