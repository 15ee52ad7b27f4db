"""From this version to the next: nothing is lost, nobody is refused, and there is a way back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from distribution.build import head_revision
from distribution.components import HOURS, bring
from distribution.install import (
    DEMO,
    HOST,
    INI,
    WITH_SERVERS,
    installed,
    offer,
    psql,
    version_of,
)
from distribution.shopping import SHOP, heading, order_a_pizza
from distribution.visitors import visitors
from droplets import CommandFailed, new_droplet, wait_until
from ocpizza.operations.deploy.nginx import LOGS
from views.website import Browser

in_one = pytest.mark.xdist_group("upgrade")  # droplet
NGINX_SITE = "/etc/nginx/sites-available/ocpizza"
OVERLAY = "/var/lib/ocpizza/overlay/city_002/static/pizza.png"
# What `certbot --nginx` makes of the site: the certificate, and a redirect from plain HTTP.
AS_CERTBOT = """
include /usr/share/ocpizza/nginx/http.conf;

server {
    server_name www.ocpizza.fr ocpizza.fr;
    include /usr/share/ocpizza/nginx/site.conf;

    listen 443 ssl; # managed by Certbot
    ssl_certificate /etc/ssl/certs/ssl-cert-snakeoil.pem; # managed by Certbot
    ssl_certificate_key /etc/ssl/private/ssl-cert-snakeoil.key; # managed by Certbot
}
server {
    listen 80;
    server_name www.ocpizza.fr ocpizza.fr;
    return 301 https://$host$request_uri; # managed by Certbot
}
"""
# Its redirect does not write addresses that are keys into nginx's own log any more.
REDIRECT = "server {\n    listen 80;"
WITH_LOGS = REDIRECT.replace("\n", f"\n{LOGS}\n")


ONLY = """
from ocpizza import __version__
if __version__ != "{current}": raise ImportError("made for {current}")

from pyramid.response import Response

def includeme(config):
    config.add_route("city_002_only", "/city_002/only")
    config.add_view(only, route_name="city_002_only", permission="shop")

def only(request):
    return Response("only this version")
"""


@pytest.fixture
def next_offered(shop, packages):
    """A shop in use, whose administrator has the next version at hand."""
    offer(shop, packages, "next")
    return shop


@pytest.fixture(scope="module")
def up_and_down(packages):
    """The same, for tests that go from one version to the other."""
    with new_droplet("bookworm", WITH_SERVERS, installed(packages), DEMO) as droplet:
        offer(droplet, packages, "next")
        yield droplet


@pytest.fixture
def current(up_and_down, packages):
    """In this version."""
    if version_of(up_and_down) != packages.current:
        let_back(up_and_down)
        assert go_back(up_and_down, packages) == ""
    return up_and_down


@pytest.fixture
def upgraded(up_and_down, packages):
    """In the next version."""
    if version_of(up_and_down) != packages.next:
        upgrade(up_and_down)
    return up_and_down


def upgrade(droplet) -> str:
    """What an unattended `apt upgrade` says."""
    return droplet.apt("upgrade").stdout


def schema(droplet) -> str:
    return psql(droplet, "SELECT version_num FROM alembic_version")


def go_back(droplet, packages) -> str:
    """Install this version over the next one; what that says where it fails."""
    to = f"ocpizza={packages.current}"
    ran = droplet.apt("install", "--allow-downgrades", to, check=False)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def let_back(droplet) -> None:
    """Undo the next version's migration."""
    psql(droplet, "DROP TABLE of_the_next_version")
    psql(droplet, f"UPDATE alembic_version SET version_num = '{head_revision()}'")


def over_tls(droplet, path: str, *options: str) -> str:
    """What the site's HTTPS answers."""
    resolve = ("--resolve", f"{HOST}:443:127.0.0.1")
    return droplet.output("curl", "-sk", *resolve, *options, f"https://{HOST}{path}")


def status_over_tls(droplet, path: str) -> int:
    return int(over_tls(droplet, path, "-o", "/dev/null", "-w", "%{http_code}"))


@in_one
def test_no_visitor_notices_the_upgrade_nor_a_component_that_is_for_this_version_alone(
    current, packages
):
    only = ONLY.format(current=packages.current)
    brought = bring(current, only=("city_002.only.py", only), view=("city_001.hours.py", HOURS))
    assert brought.returncode == 0, brought.stdout
    assert current.http("/city_002/only", host=HOST).text == "only this version"
    with visitors(current, HOST, "/", SHOP, "/panier", "/connexion") as seen:
        said = upgrade(current)
    assert seen["failures"] == []
    assert seen["requests"] >= 2000
    assert version_of(current) == packages.next
    assert current.output("ocpizza", "--version").endswith(packages.next)
    assert schema(current) == "next"
    aside = f"set aside: city_002/only.py, line 3: ImportError: made for {packages.current}"
    assert re.search(rf"Components-fit > CORRECT\n    {aside}.*--remove city_002/only.py", said)
    state = current.run("ocpizza", "status", check=False).stdout
    assert f"ok   version     {packages.next}" in state
    assert re.findall(r"^BAD +(\S+) +(.*?: ImportError)", state, re.M) == [
        ("update", "set aside: city_002/only.py, line 3: ImportError")
    ]
    assert current.http("/city_002/only", host=HOST).status == 404
    assert current.http("/city_001/hours", host=HOST).text == "always"
    assert current.run("ocpizza", "update", "--remove", "city_002/only.py").returncode == 0
    current.run("ocpizza", "status")


@in_one
def test_the_only_way_back_is_to_a_version_that_knows_the_database(upgraded, packages):
    said = go_back(upgraded, packages)
    assert "the database is at revision next" in said
    assert version_of(upgraded) == packages.next
    assert upgraded.http(SHOP, host=HOST).status == 200
    let_back(upgraded)
    assert go_back(upgraded, packages) == ""
    assert version_of(upgraded) == packages.current
    assert upgraded.http(SHOP, host=HOST).status == 200


@in_one
def test_whatever_was_there_outlives_an_upgrade_even_one_that_fails_at_first(current, packages):
    """A migration that fails is named, and done once its cause is gone."""
    browser = Browser(current.site(HOST))
    tracking = order_a_pizza(browser)
    browser.add("regina", SHOP)
    with administered(current):
        psql(current, "CREATE TABLE of_the_next_version (id int)")
        failed = r"Migrations > ERROR(\n    .*)*of_the_next_version"
        with pytest.raises(CommandFailed, match=failed):
            upgrade(current)
        assert schema(current) == head_revision()
        assert status_over_tls(current, SHOP) == 200  # the version before still serves
        psql(current, "DROP TABLE of_the_next_version")
        with held(current) as role:
            refused = current.run("dpkg", "--configure", "--pending", check=False, timeout=120)
        assert refused.returncode != 0
        named = rf"Migrations > ERROR\n.*\n    the database is held by process \d+ .*role {role}, "
        assert re.search(rf"{named}active for \d+ s", refused.stdout), refused.stdout
        assert schema(current) == head_revision()
        # A worker that does not end, as one that hangs in the kernel, is ended.
        hung, *_ = current.output("pgrep", "-P", main_pid(current)).split()
        current.run("kill", "-STOP", hung)
        current.run("dpkg", "--configure", "--pending", timeout=180)
        assert current.run("kill", "-0", hung, check=False).returncode != 0
        assert schema(current) == "next"
        assert version_of(current) == packages.next
        assert status_over_tls(current, SHOP) == 200
    assert heading(browser.get(tracking.request.path)) == heading(tracking)
    assert [name for name, _ in browser.lines()] == ["Regina"]
    assert current.output("ocpizza", "check") == "everything adds up"


def main_pid(droplet) -> str:
    return droplet.output("systemctl", "show", "-P", "MainPID", "ocpizza")


@contextmanager
def held(droplet) -> Iterator[str]:
    """Somebody of the service's role holds a table that the next version changes."""
    hold = "BEGIN; LOCK TABLE schema_served IN SHARE MODE; SELECT 'held', pg_sleep(600)"
    asked = (
        "SELECT count(*) FROM pg_locks WHERE mode = 'ShareLock' AND granted"
        " AND relation = 'schema_served'::regclass"
    )
    holder = droplet.spawn("runuser", "-u", "ocpizza", "--", "psql", "-Atc", hold)
    wait_until(lambda: psql(droplet, asked) == "1", 60, "a lock")
    yield "ocpizza"
    psql(droplet, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE mode = 'ShareLock'")
    holder.wait(60)


@contextmanager
def administered(droplet):
    """What an administrator and certbot changed is as they left it at the end of the block."""
    plain = droplet.read(NGINX_SITE)
    ini = droplet.read(INI)
    changed = ini + "\n[demo]\nstaff_page = yes\n"
    droplet.run("tee", INI, input=changed)
    droplet.run("tee", NGINX_SITE, input=AS_CERTBOT)
    droplet.reload_nginx()
    droplet.write(OVERLAY, "a picture")
    droplet.run("systemctl", "disable", "ocpizza")
    yield
    assert droplet.read(INI) == changed
    assert droplet.read(NGINX_SITE) == AS_CERTBOT.replace(REDIRECT, WITH_LOGS)
    assert droplet.read(OVERLAY) == "a picture"
    assert droplet.output("find", "/etc", "-name", "*.dpkg-*") == ""
    enabled = droplet.run("systemctl", "is-enabled", "ocpizza", check=False)
    assert enabled.stdout.strip() == "disabled"
    assert "Location: https://www.ocpizza.fr/" in str(droplet.http("/", host=HOST).headers)
    assert "manager.republique" in over_tls(droplet, "/connexion")
    droplet.run("tee", NGINX_SITE, input=plain)
    droplet.run("tee", INI, input=ini)
    droplet.reload_nginx()


def test_a_site_that_was_stopped_stays_so(next_offered):
    next_offered.run("systemctl", "stop", "ocpizza")
    said = upgrade(next_offered)
    assert "the service was stopped by hand" in said
    assert schema(next_offered) == "next"
    assert next_offered.http("/panier", host=HOST).status == 503
    next_offered.run("systemctl", "start", "ocpizza")
    assert next_offered.http(SHOP, host=HOST).status == 200
