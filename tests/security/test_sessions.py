"""Sessions and their cookie: what they keep, what ends them, and who gets none."""

import stat

import pytest
from sqlalchemy import delete

from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.basket import Basket, BasketLine
from ocpizza.security.sessions import cookie_key
from ocpizza.settings import SettingError
from views.pages import form_of, notices, place, words
from views.website import BASKET, CHECKOUT, SHOP, sign_in

LOST = (
    "Votre panier précédent a expiré ou n’a pas pu être lu : il est vide. "
    "Vous pouvez le remplir de nouveau."
)
ELSEWHERE = [
    "//evil.example",
    "https://evil.example/equipe",
    "/\\evil.example",
    "/equipe\\..\\\\evil.example",
    "/equipe//evil.example",
    "/equipe/\r\nLocation: https://evil.example",
    "javascript:alert(1)",
    "equipe",
    "/%2f/evil.example",
    "/%2F%2Fevil.example",
    "/%5cevil.example",
    "/%255c%255cevil.example",
    "/equipe/%0d%0aLocation:%20https://evil.example",
    "/%09/evil.example",
    "/\tevil.example",
    "/" + "a" * 500,
    "/équipe",
    "",
]
OPEN_PAGES = [
    "/",
    SHOP,
    f"{SHOP}/regina",
    BASKET,
    "/connexion",
    "/suivi",
    "/conditions-generales",
    "/allergenes",
]


def cookie_of(browser) -> str:
    return browser.cookies["ocpizza"]


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_visitors_without_a_session_get_no_cookie_and_the_same_bytes(website, path):
    one, other = website.browser().get(path), website.browser().get(path)
    assert "Set-Cookie" not in one.headers
    assert one.body == other.body


def test_signing_in_begins_another_session_and_keeps_the_basket(website, browser):
    browser.add()
    before, token = cookie_of(browser), browser.token()
    sign_in(browser, website.chain.identifiers["customer"])
    assert cookie_of(browser) != before
    assert browser.token() != token
    assert browser.lines() == [("Margherita", 1)]


def test_signing_out_ends_the_session(website):
    manager = website.staff("manager")
    page = manager.get("/equipe/city_001/cuisine")
    answer = form_of(page, "/deconnexion").submit(status=303).follow()
    assert notices(answer) == ["Vous êtes déconnecté."]
    assert place(manager.get("/equipe", status=303)).startswith("/connexion")


def test_signing_in_while_an_order_is_changed_keeps_the_basket_that_waits(website, browser):
    browser.add("regina")
    order = website.order()
    browser.post_form(f"/suivi/{order.tracking_token}/modifier")
    sign_in(browser, website.chain.identifiers["customer"])
    browser.post_form("/modification/abandonner")
    assert browser.lines() == [("Regina", 1)]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(website, browser, path):
    answer = browser.post(
        "/connexion",
        {"identifier": "manager.city_001", "password": "quatre-fromages", "suite": path},
        status=303,
    )
    assert place(answer) == "/equipe"


def test_signing_in_leads_back_to_the_page_that_was_asked_for(website, browser):
    for page in ("/equipe/city_001/stock", "/compte/e-mail"):
        visitor = website.browser()
        asked = visitor.get(page, status=303)
        answer = sign_in(visitor, "manager.city_001", path=place(asked))
        assert place(answer) == page


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(website, scheme):
    browser = website.browser(**{"wsgi.url_scheme": scheme})
    answer = browser.post(f"{SHOP}/ajouter", {"size": "1", "quantity": "1"}, status=303)
    name, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert name.startswith("__Host-ocpizza=" if scheme == "https" else "ocpizza=")
    assert "Path=/" in attributes
    assert {"HttpOnly", "SameSite=Lax"} <= set(attributes)
    assert ("secure" in attributes) is (scheme == "https")
    assert not any(each.lower().startswith("domain") for each in attributes)


def test_a_basket_filled_before_the_site_had_a_certificate_goes_on_after(website, browser):
    browser.add()
    later = website.browser(**{"wsgi.url_scheme": "https"})
    later.set_cookie("ocpizza", cookie_of(browser).strip('"'))
    assert later.lines() == [("Margherita", 1)]


def changed(value: str) -> str:
    middle = len(value) // 2
    return value[:middle] + ("A" if value[middle] != "A" else "B") + value[middle + 1 :]


@pytest.mark.parametrize("change", [changed, lambda _: "x", lambda _: "", lambda v: v[:-9]])
def test_a_cookie_tampered_with_is_an_empty_basket_said_once(website, browser, change):
    browser.add()
    other = website.browser()
    other.set_cookie("ocpizza", change(cookie_of(browser).strip('"')))
    answer = other.get(BASKET)
    assert "Votre panier est vide" in words(answer)
    assert notices(answer) == [LOST]
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert notices(website.browser().get(BASKET)) == []


def test_an_expired_basket_is_empty_and_said_so_once(website, browser):
    browser.add().follow()
    with website.session() as session:
        session.execute(delete(BasketLine))
        session.execute(delete(Basket))
    answer = browser.get(CHECKOUT, status=303).follow()
    assert "Votre panier est vide" in words(answer)
    assert notices(answer) == [LOST]
    assert notices(browser.get(BASKET)) == []
    browser.add("regina")
    assert browser.lines() == [("Regina", 1)]


@pytest.mark.parametrize(
    "change",
    [{"status": AccountStatus.INACTIVE}, {"session_version": 2}],
    ids=["deactivated", "signed out everywhere"],
)
def test_an_account_is_signed_out_at_once(website, change):
    pizzaiolo = website.staff("pizzaiolo")
    pizzaiolo.get("/equipe/city_001/cuisine", status=200)
    with website.session() as session:
        account = session.get_one(Account, website.account("pizzaiolo").id)
        for name, value in change.items():
            setattr(account, name, value)
    answer = pizzaiolo.get("/equipe/city_001/cuisine", status=303)
    assert place(answer) == "/connexion?suite=%2Fequipe%2Fcity_001%2Fcuisine"


def test_a_deactivated_account_cannot_sign_in(website, browser):
    with website.session() as session:
        account = session.get_one(Account, website.account("driver").id)
        account.status = AccountStatus.INACTIVE
    answer = sign_in(browser, "driver.city_001")
    assert answer.status_int == 422
    assert "Les informations saisies sont erronées" in words(answer)


def test_the_key_of_cookies_is_made_once_and_readable_by_its_owner_only(tmp_path):
    path = tmp_path / "var" / "session.key"
    key = cookie_key(path)
    assert len(key) >= 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert cookie_key(path) == key
    assert cookie_key(tmp_path / "other.key") != key


@pytest.mark.parametrize("content", ["", "short\n"])
def test_a_key_that_anybody_could_guess_is_refused(tmp_path, content):
    path = tmp_path / "session.key"
    path.write_text(content)
    with pytest.raises(SettingError, match=r"session\.secret_file: .* is too short"):
        cookie_key(path)
