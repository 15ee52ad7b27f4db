"""A manager plans holidays and other days out of the ordinary; customers read why."""

from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.domain.hours import business_day
from ocpizza.models.order_status import Status
from views.pages import form_of, notices, soup, words
from views.website import HERE, SHOP

RESTAURANT = f"/equipe/{HERE}/restaurant"
PAGE = f"{RESTAURANT}/jours-exceptionnels"
REMOVE = f"{PAGE}/retirer"
TODAY = business_day(datetime.now(UTC))


@pytest.fixture
def manager(website):
    return website.staff("manager")


def plan(manager, first=TODAY, note="Congés <b>", **fields):
    form = form_of(manager.get(PAGE), PAGE)
    form["first_day"], form["closing_note"] = str(first), note
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def test_customers_read_why_it_is_closed_and_baskets_stay(manager, browser):
    browser.add()
    page = plan(manager, last_day=str(TODAY + timedelta(days=2))).follow()
    assert notices(page) == ["C’est enregistré : la boutique en tient déjà compte."]
    assert "les clients lisent : Fermé · ouvre" in words(page)
    menu = words(browser.get(SHOP))
    assert "Fermeture exceptionnelle du" in menu
    assert "« Congés <b> »" in menu
    assert "Fermé · ouvre" in words(browser.get("/"))
    basket = words(browser.get("/panier"))
    assert "Margherita" in basket
    assert "fermé" in basket


def test_other_hours_hold_for_a_day_and_are_told_a_week_before(manager, browser):
    soon, later = TODAY + timedelta(days=5), TODAY + timedelta(days=20)
    plan(manager, soon, "Réveillon", special_hours="11:30-14, 18-23")
    plan(manager, later, "Travaux")
    menu = words(browser.get(SHOP))
    assert "Ouvert jusqu’à" in menu
    assert "de 11 h 30 à 14 h, de 18 h à 23 h. « Réveillon »" in menu
    assert "Travaux" not in menu


def test_orders_under_way_are_told_and_stay(website, manager):
    order = website.order(Status.PREPARING)
    page = plan(manager).follow()
    assert "1 commande en cours est promise alors que le restaurant est fermé." in words(page)
    assert order.number in words(page)
    assert website.look_at(order).status is Status.PREPARING


def test_what_is_planned_may_be_removed(manager, browser):
    plan(manager)
    page = form_of(manager.get(PAGE), REMOVE).submit(status=303).follow()
    assert notices(page) == ["C’est retiré : les horaires de la semaine s’appliquent."]
    assert "Rien de prévu" in words(page)
    assert "Ouvert jusqu’à" in words(browser.get(SHOP))


def test_what_a_colleague_removed_is_said(website, manager):
    plan(manager)
    form = form_of(manager.get(PAGE), REMOVE)
    form_of(website.staff("direction").get(PAGE), REMOVE).submit(status=303)
    assert "déjà été retirés ou modifiés" in notices(form.submit(status=303).follow())[0]


@pytest.mark.parametrize(
    ("fields", "name", "message"),
    [
        ({"first_day": ""}, "first_day", "Indiquez un jour comme 24/12/2026."),
        ({"first_day": "2020-01-01"}, "first_day", "Ce jour est passé."),
        ({"first_day": str(TODAY + timedelta(days=800))}, "first_day", "C’est dans plus de deux"),
        ({"last_day": str(TODAY + timedelta(days=800))}, "last_day", "C’est dans plus de deux"),
        ({"last_day": str(TODAY - timedelta(days=1))}, "last_day", "La fin vient avant le début."),
        ({"last_day": "hier"}, "last_day", "valide"),
        ({"closing_note": " "}, "closing_note", "Indiquez un motif : les clients le lisent."),
        ({"closing_note": "x" * 201}, "closing_note", "C’est trop long"),
        ({"special_hours": "le soir"}, "special_hours", "Indiquez des heures comme"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_lost(manager, fields, name, message):
    page = plan(manager, **fields)
    assert page.status_int == 422
    assert message in words(soup(page).select_one(f"#{name}-erreur").get_text())
    form = form_of(page, PAGE)
    assert form["closing_note"].value == fields.get("closing_note", "Congés <b>").strip()
    assert "Rien de prévu" in words(page)


def test_days_that_are_planned_already_are_named(manager):
    plan(manager)
    page = plan(manager, note="Travaux")
    assert page.status_int == 422
    assert "Des jours sont déjà prévus du" in words(page)
    assert form_of(page, PAGE)["closing_note"].value == "Travaux"


def test_the_trail_tells_it_in_words(manager):
    plan(manager)
    trail = words(manager.get(f"/equipe/{HERE}/journal?quoi=restaurant"))
    assert "Ajout" in trail
    assert "Horaires après : fermé" in trail
    assert "Motif après : Congés <b>" in trail


def test_search_engines_are_told(manager, browser):
    plan(manager, TODAY + timedelta(days=1))
    assert '"specialOpeningHoursSpecification":[{' in browser.get(SHOP).text
