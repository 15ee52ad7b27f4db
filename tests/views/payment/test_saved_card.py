"""A1: the payment page offers to keep a card and to pay with it again; the account lists them."""

import pytest

from local_stripe_server import DECLINED
from ocpizza.models.card import SavedCard
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order_status import Status
from ocpizza.payments.gateway import NullGateway
from payments.till import gateway, stripe
from views.pages import form_of, notices, place, soup, words
from views.paying import check_out, come_back, keys, secret_of, the_order

__all__ = ["gateway", "keys", "stripe"]
CARDS = "/compte/cartes"
REMOVE = f"{CARDS}/retirer"


def offered(page) -> list[str]:
    """The ids of the cards that a payment page offers."""
    return [box["value"] for box in soup(page).select("input[name=carte]")]


def keep_a_card(customer, stripe) -> str:
    page = check_out(customer)
    stripe.confirm(secret_of(page), keep=True)
    come_back(page).follow()
    return the_card(customer)


def the_card(customer) -> str:
    page = check_out(customer)
    card_id, other = offered(page)
    assert other == ""
    form_of(page, page.request.path + "/abandonner").submit(status=303)
    return card_id


def test_a_saved_card_is_offered_first_and_pays_the_next_order(website, customer, stripe):
    card_id = keep_a_card(customer, stripe)
    page = check_out(customer)
    assert "Visa se terminant par 4242" in words(page)
    assert soup(page).select_one("input[name=carte][checked]")["value"] == card_id
    assert stripe.confirm_kept(secret_of(page), card_id)[0] == 200
    assert "Commande reçue" in words(come_back(page).follow())


def test_at_first_no_card_is_offered_but_to_keep_one(customer):
    page = check_out(customer)
    assert offered(page) == []
    assert not soup(page).select_one("#garder").has_attr("checked")


def test_a_guest_is_not_asked_to_keep_a_card(browser):
    page = check_out(browser)
    assert soup(page).select_one("#garder") is None


def test_whoever_else_has_the_link_sees_no_card(website, customer, browser, stripe):
    keep_a_card(customer, stripe)
    page = check_out(customer)
    for other in (browser, website.staff("manager")):
        seen = other.get(page.request.path)
        assert offered(seen) == []
        assert soup(seen).select_one("#garder") is None
        assert "4242" not in seen.text


def test_a_company_with_its_own_account_offers_no_card(website, customer, stripe):
    keep_a_card(customer, stripe)
    with website.session() as session:
        session.query(LegalEntity).update({"stripe_account": "acct_lyon"})
    page = check_out(customer)
    assert soup(page).select_one("form#payer")["data-account"] == "acct_lyon"
    assert offered(page) == []
    assert soup(page).select_one("#garder") is None


def test_a_declined_card_leaves_the_kept_one_to_choose(website, customer, stripe):
    card_id = keep_a_card(customer, stripe)
    page = check_out(customer)
    stripe.confirm(secret_of(page), DECLINED, keep=True)
    page = come_back(page)
    assert "Paiement refusé" in words(page)
    assert offered(page) == [card_id, ""]


def test_the_account_lists_the_cards_and_removes_one(website, customer, stripe):
    keep_a_card(customer, stripe)
    assert soup(customer.get("/compte")).select_one(f'a[href="{CARDS}"]')
    page = customer.get(CARDS)
    assert "Visa se terminant par 4242" in words(page)
    answer = form_of(page, REMOVE).submit(status=303)
    assert place(answer) == CARDS
    page = answer.follow()
    assert notices(page) == ["Cette carte n’est plus gardée."]
    assert "Aucune carte n’est gardée." in words(page)
    assert offered(check_out(customer)) == []


@pytest.mark.parametrize("card", ["", "0", "-1", "x", "9" * 30, "²", "\x00"])
def test_what_is_no_card_of_ones_own_removes_nothing(website, customer, stripe, card):
    keep_a_card(customer, stripe)
    answer = customer.post_form(REMOVE, {"card": card})
    assert place(answer) == CARDS
    with website.session() as session:
        assert session.query(SavedCard).count() == 1


def test_nobody_removes_another_ones_card(website, customer, stripe):
    keep_a_card(customer, stripe)
    with website.session() as session:
        card_id = session.query(SavedCard).one().id
    website.staff("manager").post_form(REMOVE, {"card": str(card_id)})
    with website.session() as session:
        assert session.query(SavedCard).count() == 1


def test_without_online_payment_the_account_speaks_of_no_cards(website, customer, monkeypatch):
    monkeypatch.setitem(website.application.registry, "payments", NullGateway())
    assert soup(customer.get("/compte")).select_one(f'a[href="{CARDS}"]') is None


def test_an_order_that_is_paid_asks_for_no_card_any_more(website, customer, stripe):
    page = check_out(customer)
    stripe.confirm(secret_of(page), keep=True)
    come_back(page)
    assert the_order(website).status is Status.TO_PREPARE
    assert place(customer.get(page.request.path)).startswith("/suivi/")
