"""The shop behind a load balancer that ends TLS, and the visitors that nginx tells apart."""

import re

import pytest

from nginx.server import Nginx
from nginx.test_site import FORM, STYLE, statuses

HERE, OTHERS = "127.0.0.0/8", "10.0.0.0/8"
VISITOR = "203.0.113.7"


def told(answer) -> tuple[str, str]:
    """Address and scheme of the visitor, as the site is told of them."""
    (address,) = re.findall("(?im)^x-real-ip: (.*)$", answer.text)
    (scheme,) = re.findall("(?im)^x-forwarded-proto: (.*)$", answer.text)
    assert not re.search("(?im)^(x-forwarded-(for|host|ssl)|forwarded|proxy):", answer.text)
    return address, scheme


@pytest.fixture
def site(nginx, mirror, state):
    """The site before a mirror, believing the proxies of whatever networks."""

    def serve(*networks: str):
        nginx.install(mirror, state)
        nginx.trust(*networks)
        return nginx.running()

    return serve


@pytest.fixture
def front(tmp_path, nginx) -> Nginx:
    """A load balancer before `nginx`."""
    front = Nginx(tmp_path / "front")
    front.forward(nginx.port)
    return front


@pytest.mark.parametrize("networks", [(), (OTHERS,)], ids=str)
def test_a_proxy_that_is_not_trusted_is_believed_about_nothing(site, networks):
    with site(*networks) as nginx:
        answer = nginx.ask("/x", X_Forwarded_For=VISITOR, X_Forwarded_Proto="https")
        assert told(answer) == ("127.0.0.1", "http")
        assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    ("chain", "scheme", "seen"),
    [
        (VISITOR, "https", (VISITOR, "https")),
        (VISITOR, "http", (VISITOR, "http")),
        (VISITOR, "ftp", (VISITOR, "http")),
        (VISITOR, "https, http", (VISITOR, "http")),
        (f"192.0.2.66, {VISITOR}", "https", (VISITOR, "https")),
        (f"192.0.2.66, {VISITOR}, 10.1.2.3", "https", (VISITOR, "https")),
        (f"127.0.0.1, {VISITOR}", "https", (VISITOR, "https")),
        ("2001:db8::7", "https", ("2001:db8::7", "https")),
        # Visitors on the proxy's own machine.
        ("127.0.0.1", "https", ("127.0.0.1", "https")),
        ("127.0.0.1, 127.0.0.1", "https", ("127.0.0.1", "https")),
        (f"{VISITOR}:50412", "https", (VISITOR, "https")),
        # Nobody was told of: the scheme is what nginx sees itself.
        ("nonsense", "https", ("127.0.0.1", "http")),
        (f"{VISITOR}, nonsense", "https", ("127.0.0.1", "http")),
    ],
)
def test_a_trusted_proxy_tells_address_and_scheme(site, chain, scheme, seen):
    with site(HERE, OTHERS) as nginx:
        for path in ("/x", "/connexion", "/commande", "/health/ready", "/static/00/x.css"):
            answer = nginx.ask(path, X_Forwarded_For=chain, X_Forwarded_Proto=scheme)
            assert told(answer) == seen
        promised = nginx.ask(STYLE, X_Forwarded_For=chain, X_Forwarded_Proto=scheme).headers
        assert ("Strict-Transport-Security" in promised) is (seen[1] == "https")


def test_a_page_that_is_kept_is_of_the_scheme_that_a_trusted_proxy_tells(site):
    with site(HERE) as nginx:
        for scheme in ("http", "https", "http", "https"):
            answer = nginx.ask("/", X_Forwarded_For=VISITOR, X_Forwarded_Proto=scheme)
            assert re.findall("(?im)^x-forwarded-proto: (.*)$", answer.text) == [scheme]
            assert VISITOR not in answer.text


def test_the_log_and_the_port_of_the_name_are_the_visitors(site):
    with site(HERE) as nginx:
        asked = nginx.ask("/x", host="shop.example:8443", X_Forwarded_For=VISITOR)
        assert re.findall("(?im)^host: (.*)$", asked.text) == ["shop.example:8443"]
    assert nginx.log().startswith(f"{VISITOR} [")


def test_a_trust_that_is_taken_back_is_gone(site):
    with site(HERE) as nginx:
        pass
    nginx.trust()
    with nginx.running():
        assert told(nginx.ask("/x", X_Forwarded_For=VISITOR)) == ("127.0.0.1", "http")


def test_visitors_behind_a_proxy_are_counted_one_by_one(nginx, gunicorn, state, front):
    nginx.install(gunicorn, state)
    nginx.trust(HERE)
    with nginx.running(), front.running():
        for number in range(30):
            visitor = FORM | {"X_Forwarded_For": f"198.51.100.{number}"}
            assert front.ask("/connexion", "POST", b"identifier=x", **visitor).status == 422
        assert statuses(front, "/connexion", 14)[-1] == 429


NETWORKS = [
    # One home, whatever it does with the rest of its /64.
    ([f"2001:db8:0:1:{n:x}::{n:x}" for n in range(1, 15)], True),
    ([f"2001:db8::{n:x}:0:0:1" for n in range(1, 15)], True),
    # As many homes.
    ([f"2001:db8:0:{n:x}::1" for n in range(1, 15)], False),
    ([f"2001:db8:{n:x}::1" for n in range(1, 15)], False),
    ([f"198.51.100.{n}" for n in range(1, 15)], False),
    ([f"::ffff:198.51.100.{n}" for n in range(1, 15)], False),
    (["::ffff:198.51.100.1", "198.51.100.1"] * 7, True),
]


@pytest.mark.parametrize(("addresses", "one"), NETWORKS, ids=lambda value: str(value)[:40])
def test_an_ipv6_network_of_64_bits_is_one_visitor(nginx, gunicorn, state, addresses, one):
    nginx.install(gunicorn, state)
    nginx.trust(HERE)
    with nginx.running():
        found = [
            nginx.ask("/connexion", "POST", b"identifier=x", **FORM, X_Forwarded_For=each).status
            for each in addresses
        ]
    assert (429 in found) is one
    assert found[:11] == [422] * 11
