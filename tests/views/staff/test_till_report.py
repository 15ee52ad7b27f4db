"""X of the open till and Z of closed ones: on their pages, on 80 mm paper, as CSV."""

import csv
import io
from datetime import UTC, datetime

import pytest

from documents.pdfs import text_of
from factories import author_of, turn_over_till
from ocpizza.models.vat import Mode
from ocpizza.services.till.move import Moved, move_cash
from ocpizza.services.till.session import find_till
from views.pages import form_of, place, soup, words
from views.website import HERE

SESSION = f"/equipe/{HERE}/caisse/session"
X, Z = f"{SESSION}/x", f"{SESSION}/z"


def pay(website, means: str = "cash") -> None:
    order = website.order(mode=Mode.TAKEAWAY)
    path = f"/equipe/{HERE}/commandes/{order.number}/encaissement"
    website.staff("cashier").form(path, path).submit("exact", value=means)


def turn_over(website, who: str) -> None:
    with website.session() as session:
        author = author_of(session.merge(website.account(who)))
        turn_over_till(session, website.pizzeria.restaurant, author, datetime.now(UTC))


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig")), delimiter=";"))


def test_x_tells_what_the_open_till_took_until_now(website):
    pay(website)
    pay(website, "card_terminal")
    page = website.staff("cashier").get(SESSION).click("Rapport X")
    said = words(page)
    for row in (
        "Espèces 9,50 € 0,00 € 9,50 €",
        "Carte bancaire (terminal) 9,50 € 0,00 € 9,50 €",
        "Ensemble 19,00 € 0,00 € 19,00 €",
        "10 % 17,28 € 1,72 € 19,00 €",
        "À emporter 19,00 € 0,00 € 19,00 €",
        "Attendu 9,50 €",
    ):
        assert row in said
    assert "Compté" not in said
    text = text_of(page.click("Imprimer").body)
    assert "Rapport X" in text
    assert "Compté" not in text


def test_closing_leads_to_its_z_with_what_was_counted_and_why_it_is_another_sum(website, add_up):
    pay(website)
    form = website.staff("cashier").form(f"{SESSION}/cloture", f"{SESSION}/cloture")
    form["pieces_500"], form["note"] = "1", "=rendu de trop"
    answer = form.submit()
    assert place(answer) == f"{Z}/1"
    page = answer.follow()
    said = words(page)
    for row in ("Rapport Z n° 1", "Attendu 9,50 €", "Compté 5,00 €", "Écart -4,50 €", "1 × 5,00 €"):
        assert row in said
    ticket = page.click("Imprimer")
    assert ticket.content_disposition == f'inline; filename="z-{HERE}-1.pdf"'
    assert "no-store" in ticket.headers["Cache-Control"]
    text = text_of(ticket.body)
    entity = website.pizzeria.restaurant.legal_entity
    for row in (entity.siret, "Rapport Z n° 1", "Écart -4,50 €", "rendu de trop"):
        assert row in text
    head, *rows = rows_of(page.click("Télécharger"))
    assert head[:5] == ["Rubrique", "Ligne", "Encaissé", "Rendu", "Net"]
    assert ["Par taux de TVA", "10\xa0%", "", "", "9,50", "8,64", "0,86"] in rows
    assert ["Tiroir-caisse", "Écart", "", "", "-4,50", "", ""] in rows
    assert rows[-1][:2] == ["Motif de l’écart", "'=rendu de trop"]
    add_up(website.engine)


def test_cashiers_see_what_they_closed_and_managers_all(website):
    turn_over(website, "cashier")
    turn_over(website, "manager")
    listed = {
        who: [words(link.get_text()) for link in soup(website.staff(who).get(Z)).select("tbody a")]
        for who in ("cashier", "manager", "direction")
    }
    assert listed == {
        "cashier": ["Z n° 1"],
        "manager": ["Z n° 2", "Z n° 1"],
        "direction": ["Z n° 2", "Z n° 1"],
    }
    for kind in ("", ".pdf", ".csv"):
        website.staff("cashier").get(f"{Z}/1{kind}", status=200)
        website.staff("cashier").get(f"{Z}/2{kind}", status=403)
        website.staff("manager").get(f"{Z}/1{kind}", status=200)
        website.staff("manager").get(f"{Z}/3{kind}", status=404)


def test_a_number_is_of_its_own_restaurant(website):
    turn_over(website, "cashier")
    elsewhere = f"/equipe/{website.branch.restaurant.code}/caisse/session/z/1"
    website.staff("direction").get(elsewhere, status=404)


def test_without_a_closed_till_the_list_says_so(website):
    assert "Aucune caisse close" in words(website.staff("manager").get(Z))


@pytest.mark.parametrize("kind", ["", ".pdf", ".csv"])
def test_without_an_open_till_x_leads_to_where_it_is_opened(website, kind):
    path = f"{SESSION}/cloture"
    form_of(website.staff("cashier").get(path), path).submit()
    answer = website.staff("cashier").get(f"{X}{kind}")
    assert place(answer) == SESSION
    assert "Rapports Z" in words(answer.follow())


def test_it_is_in_the_language_of_whoever_reads_it(website):
    pay(website)
    turn_over(website, "cashier")
    manager = website.staff("manager")
    manager.set_cookie("langue", "en")
    page = manager.get(f"{Z}/1")
    for each in (words(page), text_of(manager.get(f"{Z}/1.pdf").body)):
        assert "Z report no. 1" in each
        assert "Par " not in each
    assert rows_of(manager.get(f"{Z}/1.csv"))[1][0] == "By means of payment"


def test_however_much_moved_a_report_takes_as_many_statements(website):
    manager, counts = website.staff("manager"), []
    for report, moves in enumerate((1, 4), 1):
        with website.session() as session:
            cashier = author_of(session.merge(website.account("cashier")))
            till = find_till(session, website.pizzeria.restaurant.id)
            for number in range(moves):
                key = f"{moves}-{number}".ljust(43, "-")
                move_cash(session, till, Moved(100, "x", key), cashier, datetime.now(UTC))
        for _ in range(moves):
            pay(website)
        turn_over(website, "cashier")
        path = f"{Z}/{report}"
        manager.get(path)
        for asked in (path, Z):
            with website.counted() as statements:
                manager.get(asked)
            counts.append(len(statements))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 9
