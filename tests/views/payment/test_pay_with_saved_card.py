"""B31 with a saved card: it pays in the step in which the order is placed."""

import pytest

from local_stripe_server import DECLINED, POOR, SECURE
from ocpizza.models.account import Account
from ocpizza.models.card import SavedCard
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentStatus
from payments.till import gateway, stripe
from views.pages import form_of, soup, words
from views.paying import check_out, come_back, heard, keys, secret_of
from views.website import CHECKOUT

__all__ = ["gateway", "keys", "stripe"]
TRACKED = "/suivi/"


@pytest.fixture
def card(website, customer, stripe) -> SavedCard:
    """The card that the customer keeps, since they paid an order with it."""
    page = check_out(customer)
    stripe.confirm(secret_of(page), keep=True)
    come_back(page)
    with website.session() as session:
        return session.query(SavedCard).one()


def orders(website) -> list[Order]:
    with website.session() as session:
        return session.query(Order).order_by(Order.id).all()


def fill(customer):
    """The form that orders one Margherita, as a customer who is known finds it."""
    customer.add()
    return customer.form(CHECKOUT, CHECKOUT)


def land(answer):
    """Where one arrives in the end, every redirect followed."""
    while answer.status_int == 303:
        answer = answer.follow()
    return answer


def test_the_saved_card_is_chosen_already_and_any_other_may_be(customer, card):
    form = fill(customer)
    assert form["means"].value == f"carte-{card.id}"
    page = customer.get(CHECKOUT)
    assert "Visa se terminant par 4242" in words(page)
    assert "Une autre carte, en ligne" in words(page)
    assert [value for value, *_ in form["means"].options][:2] == [f"carte-{card.id}", "online_card"]


def test_one_step_places_the_order_and_pays_it(website, customer, stripe, card, add_up):
    page = land(fill(customer).submit(status=303))
    assert page.request.path.startswith(TRACKED)
    assert "Carte acceptée, débitée quand la préparation commence" in words(page)
    order = orders(website)[-1]
    assert (order.status, order.payment_status) == (Status.TO_PREPARE, PaymentStatus.AUTHORISED)
    assert customer.lines() == []
    add_up(website.engine)


def test_whoever_paid_otherwise_last_finds_that_chosen(customer, card):
    form = fill(customer)
    form["means"] = "cash"
    form.submit(status=303)
    assert fill(customer)["means"].value == "cash"


def test_another_card_is_given_on_the_payment_page(customer, card):
    form = fill(customer)
    form["means"] = "online_card"
    assert soup(land(form.submit(status=303))).select_one("form#payer")


def test_a_bank_that_asks_is_answered_on_the_payment_page(website, customer, stripe, card):
    stripe.become(card.stripe_payment_method_id, SECURE)
    page = land(fill(customer).submit(status=303))
    assert "Votre banque vous demande de confirmer ce paiement" in words(page)
    assert "Paiement refusé" not in words(page)
    assert orders(website)[-1].status is Status.AWAITING_PAYMENT
    secret = secret_of(page)
    stripe.confirm_kept(secret, soup(page).select_one("input[name=carte][checked]")["value"])
    stripe.authenticate(secret, success=True)
    assert "Carte acceptée" in words(land(come_back(page)))
    assert len(orders(website)) == 2


@pytest.mark.parametrize(
    ("number", "why"), [(POOR, "Le solde de la carte ne suffit pas."), (DECLINED, "")]
)
def test_a_refused_card_is_said_on_the_payment_page(website, customer, stripe, card, number, why):
    stripe.become(card.stripe_payment_method_id, number)
    page = land(fill(customer).submit(status=303))
    assert "Paiement refusé" in words(page)
    assert why in words(page)
    assert customer.lines() == [("Margherita", 1)]
    stripe.confirm(secret_of(page))
    assert "Carte acceptée" in words(land(come_back(page)))
    assert len(orders(website)) == 2


def test_the_card_that_was_chosen_is_chosen_on_the_payment_page_too(
    website, customer, stripe, card
):
    with website.session() as session:
        newer = SavedCard(
            account_id=card.account_id,
            stripe_payment_method_id="pm_newer",
            brand="visa",
            last4="1111",
            saved_at=card.saved_at,
        )
        session.add(newer)
    stripe.become(card.stripe_payment_method_id, SECURE)
    form = fill(customer)
    assert form["means"].value == f"carte-{newer.id}"
    form["means"] = f"carte-{card.id}"
    page = land(form.submit(status=303))
    checked = soup(page).select_one("input[name=carte][checked]")["value"]
    assert checked == card.stripe_payment_method_id


def test_a_card_that_stripe_has_no_more_is_refused_at_once(website, customer, stripe, card):
    assert stripe.post(f"/v1/payment_methods/{card.stripe_payment_method_id}/detach")[0] == 200
    page = land(fill(customer).submit(status=303))
    assert "Paiement refusé" in words(page)
    assert soup(page).select_one("form#payer")


def test_a_customer_whom_stripe_has_no_more_is_told_that_their_card_is_gone(
    website, customer, stripe, card
):
    with website.session() as session:
        known = session.get_one(Account, card.account_id).stripe_customer_id
    secret_key = "Bearer sk_test_12345"
    gone = stripe.call("DELETE", f"/v1/customers/{known}", Authorization=secret_key)
    assert gone[0] == 200
    page = land(fill(customer).submit(status=303))
    assert "Paiement refusé" in words(page)
    assert soup(page).select_one("form#payer")


def test_a_card_that_was_removed_meanwhile_orders_nothing(website, customer, card):
    form = fill(customer)
    with website.session() as session:
        session.delete(session.merge(card))
    page = form.submit(status=422)
    assert soup(page).select_one("#means-erreur")
    assert form_of(page, CHECKOUT)["means"].value is None
    assert len(orders(website)) == 1


def test_nobody_pays_with_a_card_of_somebody_else(website, browser, card):
    browser.add()
    browser.give_details(phone="06 12 34 56 99")
    form = browser.payment_form("online_card")
    form["means"].force_value(f"carte-{card.id}")
    form.submit(status=422)
    assert len(orders(website)) == 1


@pytest.mark.parametrize(
    "means", ["carte-", "carte-0", "carte-x", "carte-" + "9" * 99, "carte-\x00"]
)
def test_what_is_no_card_orders_nothing(website, customer, card, means):
    form = fill(customer)
    form["means"].force_value(means)
    options = form_of(form.submit(status=422), CHECKOUT)["means"].options
    assert next(value for value, *_ in options).startswith("carte-")
    assert len(orders(website)) == 1


def test_a_company_with_its_own_account_offers_no_card(website, customer, card):
    with website.session() as session:
        session.query(LegalEntity).update({"stripe_account": "acct_lyon"})
    form = fill(customer)
    assert next(value for value, *_ in form["means"].options) == "online_card"
    form["means"].force_value(f"carte-{card.id}")
    form.submit(status=422)


def test_the_form_sent_twice_orders_and_pays_once(website, customer, stripe, card):
    form = fill(customer)
    first, second = form.submit(status=303), form.submit(status=303)
    heard(website)
    assert land(first).request.path == land(second).request.path
    assert len(orders(website)) == 2


def wait(page):
    """What a page that asks again by itself leads to."""
    while link := soup(page).select_one("a[data-again]"):
        page = land(page.goto(link["href"]))
    return page


@pytest.mark.parametrize("fault", ["before", "error"])
def test_without_an_answer_one_pays_on_the_payment_page(website, customer, stripe, card, fault):
    stripe.fail("/confirm", fault, 99)
    page = land(fill(customer).submit(status=303))
    assert "Nous préparons le paiement avec Stripe" in words(page)
    page = wait(page)
    stripe.work_again()
    assert stripe.confirm_kept(secret_of(page), card.stripe_payment_method_id)[0] == 200
    assert "Carte acceptée" in words(land(come_back(page)))


def test_a_payment_whose_answer_was_lost_is_found_out(website, customer, stripe, card, add_up):
    stripe.fail("/confirm", "nonsense", 99)
    page = wait(land(fill(customer).submit(status=303)))
    assert "Votre banque a répondu." in words(page)
    assert "Carte acceptée" in words(land(come_back(page)))
    add_up(website.engine)
