"""B32 at the till: paid now, with one means or several; given back where it is too much."""

from datetime import UTC, datetime

import pytest

from factories import advance_to
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, PaymentStatus, Refund
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from views.pages import form_of, notices, place, soup, words
from views.website import HERE


@pytest.fixture
def order(website):
    return website.order(mode=Mode.TAKEAWAY)


def path_of(order, page="") -> str:
    return f"/equipe/{HERE}/commandes/{order.number}{page}"


def pay(website, order, *, exact: str = "", who="cashier", **typed: str):
    """Open the page, type, and press a button."""
    path = path_of(order, "/encaissement")
    form = website.staff(who).form(path, path)
    for name, value in typed.items():
        form[name] = value
    return form.submit("exact" if exact else None, value=exact or None, expect_errors=True)


def told(answer) -> list[str]:
    return [words(text) for text in notices(answer.follow())]


def payments(website) -> list[tuple[Means, int, int | None]]:
    with website.session() as session:
        rows = session.query(Payment).order_by(Payment.id)
        return [(each.means, each.captured_cents, each.tendered_cents) for each in rows]


def one_less(website, order) -> None:
    """The customer wants one Margherita only."""
    now, guest = datetime.now(UTC), Author(None, Role.CUSTOMER)
    with website.session() as session:
        basket = start_change(session, order.id, now)
        basket.lines[0].quantity = 1
        session.flush()
        total = review_basket(session, basket, now).quote.total_cents
        change_order(session, basket.token, Change(basket.checkout_key, total), guest, now)


def take_on_the_road(website, order) -> None:
    with website.session() as session:
        whole = session.get_one(Order, order.id)
        advance_to(session, whole, Status.OUT_FOR_DELIVERY, now=datetime.now(UTC))


def test_cash_is_received_its_change_and_its_receipt_are_said(website, order, add_up):
    answer = pay(website, order, cash="20")
    assert told(answer) == ["Encaissé : 9,50 €, Espèces, reçu n° 1.", "À rendre : 10,50 €."]
    assert payments(website) == [(Means.CASH, 950, 2000)]
    page = words(website.staff("cashier").get(path_of(order)))
    assert "Payée · 9,50 €" in page
    assert "Espèces · 9,50 € · reçu n° 1 · reçu 20,00 €, rendu 10,50 €" in page
    assert "Encaissée · " in page
    add_up(website.engine)


def test_several_means_are_as_many_payments(website, order, add_up):
    answer = pay(website, order, meal_voucher="6", cash="5")
    assert told(answer)[-1] == "À rendre : 1,50 €."
    assert payments(website) == [(Means.MEAL_VOUCHER, 600, 600), (Means.CASH, 350, 500)]
    add_up(website.engine)


@pytest.mark.parametrize("means", ["cash", "card_terminal", "meal_voucher", "other"])
def test_one_press_receives_all_of_it(website, order, means):
    pay(website, order, exact=means)
    assert payments(website) == [(Means(means), 950, 950)]
    assert website.look_at(order).payment_status is PaymentStatus.PAID


def test_a_part_now_leaves_the_rest_for_the_hand_over(website, order):
    pay(website, order, card_terminal="4", later=True)
    assert "À encaisser : 5,50 €" in words(website.staff("cashier").get(path_of(order)))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Indiquez ce que le client a donné."),
        ({"cash": "9"}, "9,00 € ne suffisent pas, il manque 0,50 €."),
        ({"cash": "neuf"}, "Indiquez une somme comme 3,50."),
        ({"meal_voucher": "11"}, "9,50 € au plus : on ne rend la monnaie que sur les espèces."),
        ({"card_terminal": "99"}, "9,50 € au plus : on ne rend la monnaie que sur les espèces."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(website, order, typed, said):
    answer = pay(website, order, **typed)
    assert answer.status_int == 422
    assert said in words(answer)
    form = form_of(answer, path_of(order, "/encaissement"))
    for name, value in typed.items():
        assert form[name].value == value
    assert payments(website) == []


def test_the_page_sent_twice_receives_once_and_says_the_same(website, order, add_up):
    path = path_of(order, "/encaissement")
    form = website.staff("cashier").form(path, path)
    form["cash"] = "10"
    first, again = form.submit(), form.submit()
    assert "À rendre : 0,50 €." in told(again)
    assert place(first) == place(again)
    assert payments(website) == [(Means.CASH, 950, 1000)]
    add_up(website.engine)


def test_the_page_of_a_colleague_who_was_slower_finds_it_paid(website, order):
    path = path_of(order, "/encaissement")
    form = website.staff("manager").form(path, path)
    pay(website, order, exact="cash")
    assert told(form.submit("exact", value="card_terminal")) == [
        "Il n’y a rien à encaisser pour cette commande."
    ]
    assert payments(website) == [(Means.CASH, 950, 950)]


def test_a_page_that_shows_another_sum_is_asked_again(website, order):
    path = path_of(order, "/encaissement")
    form = website.staff("cashier").form(path, path)
    pay(website, order, card_terminal="4", later=True)
    form["cash"] = "9,50"
    answer = form.submit(expect_errors=True)
    assert "Le montant à encaisser a changé : 5,50 € maintenant." in words(answer)
    again = form_of(answer, path)
    assert (again["cash"].value, again["due"].value) == ("9,50", "550")
    again.submit()
    assert payments(website)[1:] == [(Means.CASH, 550, 950)]


def test_a_delivery_on_the_road_is_collected_by_its_driver(website):
    order = website.order(Status.OUT_FOR_DELIVERY)
    answer = website.staff("cashier").get(path_of(order, "/encaissement"))
    assert place(answer) == path_of(order)
    page = soup(website.staff("cashier").get(path_of(order)))
    assert not page.find("a", href=path_of(order, "/encaissement"))


def test_no_cook_or_driver_receives_at_the_till(website, order):
    for who in ("pizzaiolo", "driver"):
        answer = website.staff(who).get(path_of(order, "/encaissement"), expect_errors=True)
        assert answer.status_int == 403


def cancel(website, order, button: str = "", **fields: str):
    path = path_of(order, "/annuler")
    form = website.staff("cashier").form(path, path)
    for name, value in fields.items():
        form[name].force_value(value)
    return form.submit(button or None, expect_errors=True)


def test_cancelling_what_was_paid_gives_it_back_in_the_same_breath(website, order, add_up):
    pay(website, order, meal_voucher="6", cash="5")
    page = words(website.staff("cashier").get(path_of(order, "/annuler")))
    assert "Elle a été payée : rendez 9,50 € au client." in page
    assert "Espèces · 3,50 €" in page
    assert "Titre-restaurant · 6,00 €" in page
    assert told(cancel(website, order))[-1] == "Rendu : 9,50 €, enregistré."
    with website.session() as session:
        assert sorted(each.amount_cents for each in session.query(Refund)) == [350, 600]
    assert website.look_at(order).payment_status is PaymentStatus.REFUNDED
    add_up(website.engine)


def test_paid_after_the_page_was_opened_it_is_asked_again(website, order, add_up):
    path = path_of(order, "/annuler")
    form = website.staff("cashier").form(path, path)
    pay(website, order, exact="cash")
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 422
    assert "rendez 9,50 € au client" in words(answer)
    assert website.look_at(order).status is Status.TO_PREPARE
    form_of(answer, path).submit()
    assert website.look_at(order).payment_status is PaymentStatus.REFUNDED
    add_up(website.engine)


def test_who_cancels_by_telephone_is_given_it_back_later_once(website, order, add_up):
    pay(website, order, exact="cash")
    cancel(website, order, "plus-tard")
    assert website.look_at(order).payment_status is PaymentStatus.PAID
    page = website.staff("cashier").get(path_of(order))
    assert "À rendre : 9,50 €" in words(page)
    form = form_of(page, path_of(order, "/rendu"))
    for _ in range(2):
        assert told(form.submit()) == ["Rendu : 9,50 €, enregistré."]
    with website.session() as session:
        assert [each.amount_cents for each in session.query(Refund)] == [950]
    page = soup(website.staff("cashier").get(path_of(order)))
    assert not page.find("form", action=path_of(order, "/rendu"))
    add_up(website.engine)


def test_a_customer_who_cancels_on_the_web_is_told_where_their_money_is(website, order, browser):
    pay(website, order, exact="cash")
    path = f"/suivi/{order.tracking_token}/annuler"
    page = browser.get(path)
    assert "Ce que vous avez payé vous sera rendu au comptoir" in words(page)
    answer = form_of(page, path).submit().follow()
    assert any("9,50 € vous seront rendus au comptoir" in words(t) for t in notices(answer))
    assert "9,50 € à vous rendre au comptoir" in words(answer)


def test_what_a_driver_gives_back_at_the_door_is_in_their_form(website, add_up):
    pizzeria = website.pizzeria
    order = website.order(lines=[(pizzeria.select("margherita"), 2)])
    pay(website, order, exact="card_terminal")
    one_less(website, order)
    take_on_the_road(website, order)
    page = website.staff("manager").get(f"/equipe/{HERE}/livraisons")
    assert "À rendre : 9,50 €" in words(page)
    form = form_of(page, path_of(order, "/statut"))
    assert form["given_back"].value == "950"
    form.submit()
    assert website.look_at(order).status is Status.DELIVERED
    assert website.look_at(order).payment_status is PaymentStatus.PARTLY_REFUNDED
    add_up(website.engine)
