"""C11: signing in, and where each role arrives."""

import pytest
from webtest import TestApp

import ocpizza
from factories import PASSWORD
from views.pages import notices, place, soup, words
from views.website import ELSEWHERE, HERE, SAME_ORIGIN, sign_in

WRONG = "Les informations saisies sont erronées"
INCOMPLETE = "Les informations saisies sont incomplètes"
ARRIVE = {
    "pizzaiolo": f"/equipe/{HERE}/cuisine",
    "driver": f"/equipe/{HERE}/livraisons",
    "cashier": f"/equipe/{HERE}/comptoir",
    "manager": f"/equipe/{HERE}/ensemble",
    f"driver.{ELSEWHERE}": f"/equipe/{ELSEWHERE}/livraisons",
    "direction": "/equipe",
    "customer": "/",
}


def alerts(page) -> list[str]:
    return [words(found.get_text()) for found in soup(page).select("main [role=alert]")]


@pytest.mark.parametrize("who", ARRIVE)
def test_everybody_arrives_on_their_own_page_and_is_told_so(website, browser, who):
    page = sign_in(browser, website.chain.identifiers[who])
    while page.status_int == 303:
        page = page.follow()
    assert page.status_int == 200
    assert page.request.path == ARRIVE[who]
    assert notices(page) == ["Connecté"]


def test_the_group_manager_chooses_among_all_restaurants(website):
    page = website.staff("direction").get("/equipe")
    links = [link["href"] for link in soup(page).select("main a")]
    assert links[:2] == [f"/equipe/{ELSEWHERE}/ensemble", f"/equipe/{HERE}/ensemble"]


def test_identifiers_are_the_same_in_capitals(website, browser):
    assert place(sign_in(browser, " Driver.City_001 ")) == "/equipe"


@pytest.mark.parametrize(
    ("identifier", "password"),
    [
        ("driver.city_001", "wrong"),
        ("driver.city_001", PASSWORD.upper()),
        ("driver.city_001", f"{PASSWORD} "),
        ("driver.city_001", f"{PASSWORD}\x00"),
        ("driver.city_001", "x" * 10_000),
        ("nobody", PASSWORD),
        ("n" * 10_000, PASSWORD),
        ("%", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
    ],
)
def test_wrong_is_said_to_be_wrong_whatever_is_wrong(browser, identifier, password):
    page = sign_in(browser, identifier, password)
    assert page.status_int == 422
    assert alerts(page) == [WRONG]
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize(
    ("identifier", "password"), [("", ""), ("driver.city_001", ""), ("", "x"), ("  ", "x")]
)
def test_missing_is_said_to_be_incomplete(browser, identifier, password):
    page = sign_in(browser, identifier, password)
    assert page.status_int == 422
    assert alerts(page) == [INCOMPLETE]


def test_the_identifier_is_shown_again_and_the_password_is_not(browser):
    page = sign_in(browser, "nobody", "secret-word")
    assert soup(page).select_one("input[name=identifier]")["value"] == "nobody"
    assert "secret-word" not in page.text


@pytest.mark.parametrize("shown", [False, True])
def test_the_demo_sign_ins_are_shown_where_the_setting_says_so(website, settings, shown):
    application = ocpizza.main(settings | {"demo.staff_page": shown})
    application.registry["engines"] = website.application.registry["engines"]
    page = TestApp(application, extra_environ=SAME_ORIGIN).get("/connexion")
    assert ("pizza.republique" in page.text) is shown
    assert ("pizza-demo" in page.text) is shown
