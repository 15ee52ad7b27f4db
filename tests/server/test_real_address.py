"""The visitor's address and scheme: nginx's word, a trusted proxy's, and nobody else's."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.settings import SettingError, load_settings
from ocpizza.wsgi import with_real_address, with_relative_redirects

TRUSTED = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "2001:db8:aaaa::/48")))
VISITOR, PROXY, SECOND, SIX = "203.0.113.7", "10.0.0.1", "10.9.9.9", "2001:db8:aaaa::1"
FORGED = {
    "HTTP_X_REAL_IP": "192.0.2.66",
    "HTTP_X_FORWARDED_FOR": "192.0.2.66",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PORT": "666",
    "HTTP_X_FORWARDED_SSL": "on",
    "HTTP_FORWARDED": "for=192.0.2.66;proto=https;host=evil.example",
}


def seen(trusted=(), **environ: str) -> dict[str, str]:
    seen = {}
    application = with_real_address(lambda environ, _: seen.update(environ), trusted)
    application({"wsgi.url_scheme": "http"} | environ, None)
    return seen


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("", "0.0.0.0"),
        ("127.0.0.1, 203.0.113.7", "0.0.0.0"),
        ("nonsense", "0.0.0.0"),
    ],
)
@pytest.mark.parametrize("trusted", [(), TRUSTED])
def test_a_peer_on_the_unix_socket_is_nginx_and_is_believed(told, address, trusted):
    assert seen(trusted, REMOTE_ADDR="", HTTP_X_REAL_IP=told)["REMOTE_ADDR"] == address


@pytest.mark.parametrize("trusted", [(), TRUSTED])
def test_a_peer_who_is_not_trusted_is_believed_about_nothing(trusted):
    found = seen(trusted, REMOTE_ADDR="192.0.2.1", **FORGED)
    assert found == {"REMOTE_ADDR": "192.0.2.1", "wsgi.url_scheme": "http"}


def test_without_the_setting_not_even_a_neighbour_is_believed():
    for peer in ("127.0.0.1", "::1", PROXY):
        found = seen(REMOTE_ADDR=peer, **FORGED)
        assert found == {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http"}


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        (VISITOR, VISITOR),
        (f"{VISITOR}, {SECOND}", VISITOR),
        (f"{VISITOR},{SIX} ,{SECOND}", VISITOR),
        # What a visitor wrote stands to the left of what the proxy saw.
        (f"192.0.2.66, {VISITOR}", VISITOR),
        (f"{PROXY}, {VISITOR}", VISITOR),
        (f"192.0.2.66, {PROXY}, {VISITOR}, {SECOND}", VISITOR),
        (f"{VISITOR}, nonsense", PROXY),
        (f"{VISITOR}, nonsense, {SECOND}", SECOND),
        ("", PROXY),
        (SECOND, SECOND),
        (f"{VISITOR}:50412", VISITOR),
        ("[2001:db8::7]:443", "2001:db8::7"),
        (f"::ffff:{VISITOR}", VISITOR),
    ],
)
@pytest.mark.parametrize("peer", [PROXY, f"::ffff:{PROXY}"])
def test_a_trusted_proxy_tells_the_nearest_address_that_is_none_of_ours(chain, address, peer):
    found = seen(TRUSTED, REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=chain)["REMOTE_ADDR"]
    assert found == (peer if address == PROXY else address)


@pytest.mark.parametrize(
    ("told", "scheme"),
    [("https", "https"), ("http", "http"), ("", "http"), ("HTTPS,x", "http"), ("ftp", "http")],
)
def test_a_trusted_proxy_tells_the_scheme(told, scheme):
    for peer in (PROXY, SIX):
        found = seen(TRUSTED, REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO=told)
        assert found["wsgi.url_scheme"] == scheme


def test_the_headers_go_no_further():
    for peer in ("", PROXY, "192.0.2.1"):
        assert not [name for name in seen(TRUSTED, REMOTE_ADDR=peer, **FORGED) if "FORW" in name]
        assert "HTTP_X_REAL_IP" not in seen(TRUSTED, REMOTE_ADDR=peer, **FORGED)


@given(st.text(max_size=60))
def test_whatever_a_proxy_writes_an_address_comes_out(chain):
    found = seen(TRUSTED, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=chain)["REMOTE_ADDR"]
    assert ipaddress.ip_address(found)


@pytest.mark.parametrize("said", ["10.0.0.1/8", "everybody", "0.0.0.0/0", "::/0", "10.0.0.0/33"])
def test_networks_that_are_none_are_a_wrong_setting(tmp_path, said):
    ini = tmp_path / "ocpizza.ini"
    secrets = "[database]\nurl = sqlite://\n[session]\nsecret_file = k\n"
    ini.write_text(f"{secrets}[proxy]\ntrusted = 192.0.2.0/24, {said}\n")
    with pytest.raises(SettingError, match=r"proxy\.trusted = ") as wrong:
        load_settings(ini, environment={})
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("http://shop.example:8080/panier?x=1#y", "/panier?x=1#y"),
        ("http://shop.example:8080/", "/"),
        ("http://shop.example:8080//evil.example/", "http://shop.example:8080//evil.example/"),
        ("https://shop.example:8080/panier", "https://shop.example:8080/panier"),
        ("http://shop.example/panier", "http://shop.example/panier"),
        ("https://accounts.example/auth?x=http://shop.example:8080/", None),
    ],
)
def test_redirects_within_the_site_do_not_name_it(location, told):
    said = []

    def application(_environ, start_response):
        start_response("303 See Other", [("Location", location), ("X-Other", location)])

    asked = {"wsgi.url_scheme": "http", "HTTP_HOST": "shop.example:8080"}
    with_relative_redirects(application)(asked, lambda _status, headers: said.extend(headers))
    assert said == [("Location", told or location), ("X-Other", location)]
