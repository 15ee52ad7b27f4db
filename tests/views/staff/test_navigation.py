"""The staff's tabs: a line for who has few, sections for who has many, and where one is."""

from views.pages import soup, words
from views.website import HERE


def lines(page) -> list[list[str]]:
    return [[words(a.get_text()) for a in nav.select("a")] for nav in soup(page).select("nav.tabs")]


def here(page) -> list[tuple[str, str]]:
    return [
        (words(a.get_text()), a["aria-current"])
        for a in soup(page).select("nav.tabs a[aria-current]")
    ]


def test_who_has_few_pages_has_them_in_one_line(website):
    page = website.staff("cashier").get(f"/equipe/{HERE}/comptoir")
    assert lines(page) == [["Caisse", "Comptoir", "Fond de caisse", "Chercher une commande"]]
    assert here(page) == [("Comptoir", "page")]


def test_who_has_many_has_sections_and_the_tabs_of_the_one_they_are_in(website):
    page = website.staff("manager").get(f"/equipe/{HERE}/cuisine")
    sections, tabs = lines(page)
    assert sections[0] == "Service"
    assert tabs[:2] == ["Cuisine", "Livraisons"]
    assert here(page) == [("Service", "true"), ("Cuisine", "page")]


def test_the_groups_managers_find_back_to_all_restaurants(website):
    page = website.staff("direction").get(f"/equipe/{HERE}/cuisine")
    first = soup(page).select_one("nav.tabs a")
    assert (words(first.get_text()), first["href"]) == ("Groupe", "/equipe")


def test_every_page_of_a_manager_is_two_presses_from_any_other(website):
    manager = website.staff("manager")
    page = manager.get(f"/equipe/{HERE}/cuisine")
    seen = set()
    for section in soup(page).select("nav.tabs")[0].select("a"):
        answer = manager.get(section["href"])
        seen |= {a["href"] for a in soup(answer).select("nav.tabs a[href]")}
    for name in ("livraisons", "recettes", "stock", "journal", "personnel", "promotions"):
        assert f"/equipe/{HERE}/{name}" in seen


def test_a_page_within_a_tab_has_that_tab_lit(website):
    page = website.staff("manager").get(f"/equipe/{HERE}/promotions/nouvelle")
    assert here(page) == [("La carte", "true"), ("Promotions", "true")]


def test_a_page_within_two_tabs_has_the_nearer_one_lit(website):
    page = website.staff("manager").get(f"/equipe/{HERE}/caisse/session")
    assert here(page) == [("Service", "true"), ("Fond de caisse", "page")]
