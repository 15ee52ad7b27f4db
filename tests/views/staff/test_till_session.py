"""The till on its page: opened before cash is taken, moved in and out of, counted, closed."""

from datetime import UTC, datetime

import pytest

from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentStatus,
    Refund,
    RefundReason,
    RefundState,
)
from ocpizza.models.till import TillMovement, TillSession
from ocpizza.models.vat import Mode
from ocpizza.services.order.hand_over import HandOver, hand_over
from views.pages import form_of, notices, place, words
from views.website import ELSEWHERE, HERE

SESSION = f"/equipe/{HERE}/caisse/session"
CLOSE, MOVE, BRING = f"{SESSION}/cloture", f"{SESSION}/mouvement", f"{SESSION}/livreur"


def told(answer) -> list[str]:
    return [words(text) for text in notices(answer.follow())]


def fill(website, path: str, action: str, button: str = "", **typed: str):
    form = website.staff("cashier").form(path, action)
    for name, value in typed.items():
        form[name] = value
    return form.submit(button or None, expect_errors=True)


def close(website, **typed: str):
    return fill(website, CLOSE, CLOSE, **typed)


def tills(website) -> list[TillSession]:
    with website.session() as session:
        query = session.query(TillSession).filter_by(restaurant_id=website.pizzeria.restaurant.id)
        return query.order_by(TillSession.id).all()


def pay_in_cash(website) -> None:
    order = website.order(mode=Mode.TAKEAWAY)
    path = f"/equipe/{HERE}/commandes/{order.number}/encaissement"
    website.staff("cashier").form(path, path).submit("exact", value="cash")


def deliver(website) -> None:
    """A driver collects twelve euros at a door."""
    order, now = website.order(Status.OUT_FOR_DELIVERY), datetime.now(UTC)
    with website.session() as session:
        driver = Author(website.account("driver").id, Role.DRIVER)
        session.merge(order).driver_id = driver.account_id
        session.flush()
        hand_over(session, order.id, HandOver(order.status, Means.CASH), driver, now)


def test_a_till_is_opened_with_its_float(website, add_up):
    close(website)
    page = words(website.staff("cashier").get(SESSION))
    assert "La caisse est close." in page
    assert told(fill(website, SESSION, SESSION, float_sum="150")) == [
        "La caisse est ouverte avec 150,00 €."
    ]
    assert "Dans le tiroir 150,00 €" in words(website.staff("cashier").get(SESSION))
    add_up(website.engine)


def test_who_opens_it_second_is_told_with_how_much_it_is_open(website):
    close(website)
    form = website.staff("manager").form(SESSION, SESSION)
    fill(website, SESSION, SESSION, float_sum="150")
    form["float_sum"] = "100"
    assert told(form.submit()) == ["La caisse est déjà ouverte, avec 150,00 €."]
    assert len(tills(website)) == 2


def test_who_takes_cash_while_it_is_closed_opens_it_first_and_goes_on(website, add_up):
    close(website)
    order = website.order(mode=Mode.TAKEAWAY)
    path = f"/equipe/{HERE}/commandes/{order.number}/encaissement"
    answer = website.staff("cashier").get(path)
    assert place(answer).startswith(f"{SESSION}?")
    page = answer.follow()
    assert "Ouvrez d’abord la caisse" in words(page)
    form = form_of(page, SESSION)
    form["float_sum"] = "0"
    assert place(form.submit()) == path
    website.staff("cashier").form(path, path).submit("exact", value="cash")
    assert "Espèces encaissées 9,50 €" in words(website.staff("cashier").get(SESSION))
    add_up(website.engine)


def test_closed_while_the_page_of_a_payment_was_open_nothing_is_lost(website):
    order = website.order(mode=Mode.TAKEAWAY)
    path = f"/equipe/{HERE}/commandes/{order.number}/encaissement"
    form = website.staff("manager").form(path, path)
    close(website)
    assert place(form.submit("exact", value="cash")).startswith(f"{SESSION}?")
    assert website.look_at(order).payment_status is PaymentStatus.UNPAID


def test_a_hand_over_in_cash_asks_for_it_too_and_one_by_card_does_not(website, add_up):
    close(website)
    order = website.order(Status.READY, mode=Mode.TAKEAWAY)
    path = f"/equipe/{HERE}/commandes/{order.number}/statut"
    step = {"before": "ready", "after": "delivered", "board": "handovers"}
    answer = website.staff("cashier").post_form(path, step | {"means": "cash"})
    assert place(answer) == SESSION
    assert website.look_at(order).status is Status.READY
    website.staff("cashier").post_form(path, step | {"means": "card_terminal"})
    assert website.look_at(order).status is Status.DELIVERED
    add_up(website.engine)


def test_cash_is_put_in_and_taken_out_with_a_reason(website, add_up):
    fill(website, SESSION, MOVE, kind="put_in", amount="50", note="monnaie")
    fill(website, SESSION, MOVE, kind="taken_out", amount="12,40", note="farine")
    page = words(website.staff("cashier").get(SESSION))
    assert "Dans le tiroir 37,60 €" in page
    assert "farine" in page
    add_up(website.engine)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "", "note": "x"}, "Indiquez un montant."),
        ({"amount": "0", "note": "x"}, "Indiquez un montant."),
        ({"amount": "3", "note": " "}, "Indiquez le motif."),
        ({"amount": "3", "note": "x"}, "Il n’y a que 0,00 € dans la caisse."),
    ],
)
def test_a_movement_that_cannot_be_is_said_and_nothing_typed_is_lost(website, typed, said):
    answer = fill(website, SESSION, MOVE, kind="taken_out", **typed)
    assert answer.status_int == 422
    assert said in words(answer)
    assert form_of(answer, MOVE)["amount"].value == typed["amount"]


def test_what_a_driver_has_collected_is_proposed_and_counted_in(website, add_up):
    deliver(website)
    page = website.staff("cashier").get(SESSION)
    assert "12,00 € à rapporter" in words(page)
    form = form_of(page, BRING)
    assert form["brought"].value == "12,00"
    assert told(form.submit()) == ["Retour du livreur enregistré."]
    form.submit()
    page = words(website.staff("cashier").get(SESSION))
    assert "à rapporter" not in page
    assert "Dans le tiroir 12,00 €" in page
    with website.session() as session:
        assert session.query(TillMovement).count() == 1
    add_up(website.engine)


def test_a_driver_who_brings_less_needs_a_reason(website, add_up):
    deliver(website)
    answer = fill(website, SESSION, BRING, brought="10")
    assert answer.status_int == 422
    assert "L’écart est de -2,00 € : indiquez pourquoi." in words(answer)
    form = form_of(answer, BRING)
    assert form["brought"].value == "10"
    form["why"] = "billet perdu"
    form.submit()
    assert "attendu 12,00 €" in words(website.staff("cashier").get(SESSION))
    add_up(website.engine)


def test_a_driver_who_gave_back_more_is_given_it_from_the_drawer(website):
    fill(website, SESSION, MOVE, kind="put_in", amount="20", note="monnaie")
    deliver(website)
    fill(website, SESSION, BRING)
    driver = website.account("driver").id
    with website.session() as session:
        # At the next door they gave back what had been paid at the till.
        refund = Refund(
            payment_id=session.query(Payment).one().id,
            amount_cents=300,
            state=RefundState.DONE,
            reason=RefundReason.OF_CHANGED_ORDER,
            author_id=driver,
            requested_at=datetime.now(UTC),
        )
        session.add(refund)
        session.commit()
    page = website.staff("cashier").get(SESSION)
    assert "3,00 € à lui rendre" in words(page)
    form = form_of(page, BRING)
    assert form["brought"].value == "3,00"
    assert told(form.submit()) == ["Retour du livreur enregistré."]
    page = words(website.staff("cashier").get(SESSION))
    assert "Dans le tiroir 29,00 €" in page
    assert "à lui rendre" not in page


def test_the_total_is_computed_before_it_is_closed(website):
    pay_in_cash(website)
    answer = fill(website, CLOSE, CLOSE, "calculer", pieces_500="1", pieces_200="2")
    page = words(answer)
    assert "Compté 9,00 €" in page
    assert "Attendu 9,50 €" in page
    assert "Écart -0,50 €" in page
    assert form_of(answer, CLOSE)["pieces_200"].value == "2"
    assert tills(website)[-1].closed_at is None


def test_a_difference_needs_a_reason_and_is_kept(website, add_up):
    pay_in_cash(website)
    answer = close(website, pieces_500="1")
    assert answer.status_int == 422
    assert "L’écart est de -4,50 € : indiquez pourquoi." in words(answer)
    form = form_of(answer, CLOSE)
    assert form["pieces_500"].value == "1"
    form["note"] = "rendu de trop"
    (text,) = told(form.submit())
    assert text == "Caisse close (Z n° 1) : 5,00 € comptés, écart -4,50 €."
    (till,) = tills(website)
    assert (till.number, till.difference_cents, till.difference_note) == (1, -450, "rendu de trop")
    add_up(website.engine)


def test_cash_that_came_while_it_was_counted_is_told(website):
    form = website.staff("cashier").form(CLOSE, CLOSE)
    pay_in_cash(website)
    answer = form.submit(expect_errors=True)
    assert "Un encaissement est passé entre-temps : 9,50 € attendus." in words(answer)
    assert tills(website)[-1].closed_at is None


def test_the_same_count_sent_twice_closes_one_till(website):
    form = website.staff("cashier").form(CLOSE, CLOSE)
    form.submit().follow()
    assert told(form.submit()) == ["La caisse a été close entre-temps."]
    assert [each.number for each in tills(website)] == [1]


def test_the_count_of_one_till_closes_no_other(website):
    form = website.staff("cashier").form(CLOSE, CLOSE)
    close(website)
    fill(website, SESSION, SESSION, float_sum="0")
    assert told(form.submit()) == ["La caisse a été close entre-temps."]
    assert [each.number for each in tills(website)] == [1, None]


def test_another_restaurants_till_is_none_of_ones_business(website):
    path = SESSION.replace(HERE, ELSEWHERE)
    assert website.staff("cashier").get(path, expect_errors=True).status_int == 403
    pay_in_cash(website)
    assert "Espèces encaissées 0,00 €" in words(website.staff("direction").get(path))
