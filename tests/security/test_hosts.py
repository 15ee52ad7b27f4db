"""Names that are not the site's: nothing is shown, sent or built under them."""

import pytest
import webtest
from hypothesis import given
from hypothesis import strategies as st

import ocpizza
from ocpizza.security.hosts import host_name
from ocpizza.settings import SettingError, load_settings
from views.pages import designed, words

OURS = ["www.ocpizza.fr", "WWW.OCPIZZA.FR", "www.ocpizza.fr:8443", "www.ocpizza.fr.", "ocpizza.fr"]
NOBODYS = [
    "localhost",
    "localhost:6543",
    "127.0.0.1",
    "192.0.2.7:8080",
    "[2001:db8::7]",
    "[::1]:80",
]
STRANGE = [
    "evil.example",
    "www.ocpizza.fr.evil.example",
    "xwww.ocpizza.fr",
    "pizza.example.net",
    "192.0.2.7.x",
]
BROKEN = [
    "me@www.ocpizza.fr",
    "www.ocpizza.fr:x",
    "www.ocpizza.fr/x",
    "www.ocpizza.fr,evil.example",
    "[evil",
    "@",
    "a@",
    ":80",
    "evil.example\\@www.ocpizza.fr x",
]


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """A site that knows its names, and that asks no database."""
    folder = tmp_path_factory.mktemp("named")
    ini = folder / "ocpizza.ini"
    ini.write_text(
        "[database]\nurl = sqlite://\n[session]\nsecret_file = session.key\n"
        "[site]\nurl = https://www.ocpizza.fr\nhosts = ocpizza.fr, pizza.example\n"
    )
    return ocpizza.main(load_settings(ini, environment={}))


def ask(site, host: str, path: str = "/connexion", method: str = "GET"):
    headers = {"Host": host}
    return webtest.TestApp(site).request(path, method=method, headers=headers, expect_errors=True)


@pytest.mark.parametrize("host", OURS + NOBODYS + ["pizza.example"])
def test_the_sites_names_and_addresses_in_numbers_are_answered(named, host):
    assert ask(named, host).status_int == 200


@pytest.mark.parametrize("host", STRANGE)
@pytest.mark.parametrize("path", ["/", "/connexion?suite=%2Fpanier", "/suivi/" + "t" * 43, "//x.y"])
def test_whoever_reads_under_another_name_is_sent_to_the_site(named, host, path):
    answer = ask(named, host, path)
    assert answer.status_int == 302
    assert answer.location == f"https://www.ocpizza.fr{path}"
    assert host not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("host", STRANGE)
@pytest.mark.parametrize("path", ["/connexion", "/stripe/evenements", "/nulle-part", "/%ff"])
def test_whatever_is_sent_under_another_name_is_refused(named, host, path):
    answer = ask(named, host, path, "POST")
    assert answer.status_int == 400
    assert designed(answer)
    assert "https://www.ocpizza.fr" in words(answer)
    assert host not in answer.text


@pytest.mark.parametrize("host", BROKEN)
def test_what_is_no_name_is_refused(named, host):
    assert ask(named, host).status_int == 400


@pytest.mark.parametrize("host", STRANGE + NOBODYS)
def test_load_balancers_ask_for_health_by_any_name(named, host):
    assert ask(named, host, "/health/live").text == "ok\n"


@given(st.text(max_size=40))
def test_any_host_has_a_name_or_none(host):
    name = host_name(host)
    assert name == name.lower()
    assert not name.endswith(".")


@pytest.mark.parametrize("said", ["https://ocpizza.fr", "ocpizza.fr:80", "a b/c", "-a", "é.fr"])
def test_names_that_are_none_are_a_wrong_setting(tmp_path, said):
    ini = tmp_path / "ocpizza.ini"
    ini.write_text(
        f"[database]\nurl = sqlite://\n[session]\nsecret_file = k\n[site]\nhosts = {said}\n"
    )
    with pytest.raises(SettingError, match=r"site.hosts = .*expected names such as"):
        load_settings(ini, environment={})
