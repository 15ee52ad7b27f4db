"""UC1.4 on the customer's tracking page and at the counter."""

import pytest

from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from views.pages import designed, form_of, notices, place, soup, words
from views.website import HERE

TOO_LATE = "La préparation de votre commande a commencé : elle ne peut plus être annulée."


def tracking(order) -> str:
    return f"/suivi/{order.tracking_token}"


def staff_page(order) -> str:
    return f"/equipe/{HERE}/commandes/{order.number}"


def test_a_customer_cancels_in_two_clicks(website, browser, add_up):
    order = website.order()
    asked = browser.get(tracking(order)).click("Annuler ma commande")
    assert "1 × Margherita" in words(asked)
    done = form_of(asked, asked.request.path).submit().follow()
    assert notices(done) == [f"Votre commande {order.number} est annulée."]
    text = words(done)
    assert "Annulée" in text
    assert "À régler" not in text
    assert "Annuler ma commande" not in text
    add_up(website.engine)


@pytest.mark.parametrize("status", [Status.PREPARING, Status.READY, Status.DELIVERED])
def test_once_preparation_has_begun_it_is_refused_with_the_reason(website, browser, status):
    order = website.order(status)
    path = f"{tracking(order)}/annuler"
    assert "Annuler ma commande" not in words(browser.get(tracking(order)))
    assert place(browser.get(path, status=303)) == tracking(order)
    answer = browser.post_form(path).follow()
    assert TOO_LATE in notices(answer)[0]
    assert website.look_at(order).status is status


def test_cancelling_again_says_the_same(website, browser, add_up):
    order = website.order()
    for _ in range(2):
        answer = browser.post_form(f"{tracking(order)}/annuler").follow()
        assert notices(answer) == [f"Votre commande {order.number} est annulée."]
    add_up(website.engine)


def test_an_unknown_link_cancels_nothing(browser):
    assert designed(browser.post_form(f"/suivi/{'A' * 43}/annuler"))


@pytest.mark.parametrize("who", ["cashier", "manager", "direction"])
def test_the_counter_cancels_with_a_reason_that_the_customer_reads(website, browser, who, add_up):
    order = website.order(mode=Mode.TAKEAWAY)
    colleague = website.staff(who)
    asked = colleague.get(staff_page(order)).click("Annuler la commande")
    form = form_of(asked, asked.request.path)
    form["reason"] = "Plus de four"
    done = form.submit().follow()
    assert notices(done) == [f"{order.number} est annulée."]
    assert "Rien à encaisser" in words(done)
    assert "Plus de four" in words(browser.get(tracking(order)))
    add_up(website.engine)


def test_a_reason_that_is_too_long_is_said_at_the_field_and_kept(website):
    order = website.order()
    answer = website.staff("cashier").post_form(
        f"{staff_page(order)}/annuler", {"reason": "x" * 201}
    )
    assert answer.status_int == 422
    assert "200 caractères au plus" in words(soup(answer).select_one("#reason-erreur").get_text())
    assert soup(answer).select_one("#reason")["value"] == "x" * 201
    assert website.look_at(order).status is Status.TO_PREPARE


def test_the_counter_is_told_when_the_kitchen_was_first(website):
    order = website.order(Status.PREPARING)
    answer = website.staff("cashier").post_form(f"{staff_page(order)}/annuler")
    said = f"{order.number} est « Commande en préparation » : elle ne peut plus être annulée."
    assert notices(answer.follow()) == [said]


def test_the_kitchen_is_told_when_the_customer_was_first(website, browser):
    order = website.order()
    browser.post_form(f"{tracking(order)}/annuler")
    fields = {"before": "to_prepare", "after": "accepted", "board": "kitchen"}
    answer = website.staff("pizzaiolo").post_form(f"{staff_page(order)}/statut", fields)
    assert "Commande annulée" in notices(answer.follow())[0]
