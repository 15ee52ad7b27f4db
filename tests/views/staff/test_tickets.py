"""Tickets on 80 mm paper are one press away from where an order is worked on."""

import pytest

from documents.pdfs import text_of
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from views.website import HERE

BOARDS = f"/equipe/{HERE}"


def ticket_of(order, whom: str) -> str:
    return f"{BOARDS}/commandes/{order.number}/ticket-{whom}.pdf"


@pytest.mark.parametrize(
    ("who", "page", "whom"),
    [
        ("pizzaiolo", "cuisine", "cuisine"),
        ("cashier", "comptoir", "client"),
        ("pizzaiolo", "", "cuisine"),
        ("cashier", "", "client"),
    ],
)
def test_a_ticket_is_reached_from_the_boards_and_from_its_order(website, who, page, whom):
    order = website.order(Status.READY, mode=Mode.TAKEAWAY)
    browser = website.staff(who)
    found = browser.get(f"{BOARDS}/{page}" if page else f"{BOARDS}/commandes/{order.number}")
    ticket = found.click(href=ticket_of(order, whom))
    assert ticket.content_type == "application/pdf"
    assert ticket.content_disposition.startswith("inline")
    assert "no-store" in ticket.headers["Cache-Control"]
    assert order.number in text_of(ticket.body)


def test_the_kitchen_s_ticket_follows_the_language_of_the_page_the_customer_s_their_own(website):
    order = website.order(lines=[(website.pizzeria.select("regina", without=["jambon"]), 1)])
    browser = website.staff("manager")
    browser.set_cookie("langue", "en")
    english = text_of(browser.get(ticket_of(order, "cuisine")).body)
    assert "SANS" not in english
    assert "sans jambon" in text_of(browser.get(ticket_of(order, "client")).body)


@pytest.mark.parametrize("whom", ["cuisine", "client"])
def test_a_driver_prints_none_of_an_order_that_is_not_theirs(website, whom):
    order = website.order(Status.PREPARING)
    website.staff("driver").get(ticket_of(order, whom), status=403)
