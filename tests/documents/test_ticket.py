"""Tickets of 80 mm: for the kitchen, and for a customer who asks."""

import pytest

from documents.pdfs import names_in, read, text_of
from factories import NOON, make_staff, order_of
from ocpizza.documents.roll import ROLL
from ocpizza.documents.ticket import customer_ticket, kitchen_ticket
from ocpizza.models.account import Role
from ocpizza.models.meat import IngredientMeat, Meat
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.services.payment.counter import Tender, record_payment

SITE = "https://www.ocpizza.fr"
INERT = "<b>Sonnez</b> https://example.org =1+1 \u202e\x07"


@pytest.fixture
def order(session, pizzeria):
    select = pizzeria.select
    regina = select("regina", "family", without=["jambon"], extras=["oeuf"])
    lines = [(regina, 2), (select("cola"), 1)]
    return order_of(session, pizzeria, lines, mode=Mode.TAKEAWAY, comment=INERT)


def for_kitchen(session, order, language: str = "fr") -> bytes:
    session.flush()
    session.expire_all()
    return kitchen_ticket(session, order.id, SITE, language)


def for_customer(session, order) -> bytes:
    session.flush()
    session.expire_all()
    return customer_ticket(session, order.id, SITE)


def size_of(content: bytes) -> tuple[float, float]:
    """Width and length of the only page, in millimetres."""
    (page,) = read(content).pages
    return tuple(round(float(side) * 25.4 / 72, 1) for side in page.mediabox[2:])


def test_the_kitchen_reads_what_to_make_and_nothing_about_the_customer(session, order):
    text = text_of(for_kitchen(session, order))
    expected = (
        f"{order.number} À emporter Pour 12 h",
        "2 × Regina Familiale 40 cm SANS JAMBON + ŒUF Gluten, Œufs, Lait",
        "1 × Cola 33 cl",
        "<b>Sonnez</b> https://example.org =1+1",
    )
    assert [one for one in expected if one not in text] == []
    for never in ("Stanley", "06 12", "€"):
        assert never not in text


def test_the_kitchen_s_ticket_is_in_the_language_of_whoever_prints_it(session, order):
    text = text_of(for_kitchen(session, order, "en"))
    assert "WITHOUT" in text or "NO " in text
    assert "SANS JAMBON" not in text


def test_a_customer_s_ticket_says_all_that_a_receipt_must(session, pizzeria, order):
    cashier = make_staff(session, Role.CASHIER, pizzeria.restaurant)
    entity = pizzeria.restaurant.legal_entity
    text = text_of(for_customer(session, order))
    assert "reçu n°" not in text
    assert "À régler au comptoir" in text
    record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
    text = text_of(for_customer(session, order))
    expected = (
        entity.name,
        f"SIRET {entity.siret}",
        f"TVA {entity.vat_number}",
        pizzeria.restaurant.street,
        f"Commande {order.number}",
        "2 × Regina",
        "sans jambon",
        "TVA 10 % sur",
        "Total TTC",
        "reçu n° 1",
    )
    assert [one for one in expected if one not in text] == []
    for never in ("Stanley", "Sonnez"):
        assert never not in text


@pytest.mark.parametrize("ticket", [for_kitchen, for_customer])
def test_a_ticket_is_one_page_of_80_mm_as_long_as_its_order(session, pizzeria, order, ticket):
    width, length = size_of(ticket(session, order))
    lines = [(pizzeria.select("regina", extras=["oeuf"]), number) for number in range(1, 2)]
    lines += [(pizzeria.select("margherita", code), 2) for code in ("junior", "medium", "family")]
    long = order_of(session, pizzeria, lines, mode=Mode.TAKEAWAY)
    assert width == size_of(ticket(session, long))[0] == ROLL
    assert 60 <= length < size_of(ticket(session, long))[1]


@pytest.mark.parametrize("ticket", [for_kitchen, for_customer])
def test_nothing_on_a_ticket_does_anything(session, order, ticket):
    assert not names_in(ticket(session, order)) & {"/JavaScript", "/JS", "/URI", "/Annots", "/AA"}


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.CANCELLED, Status.PREPARING])
def test_a_ticket_is_printed_at_any_time(session, pizzeria, status):
    reached = Status.TO_PREPARE if status is Status.CANCELLED else status
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY, status=reached)
    order.status = status
    assert order.number in text_of(for_kitchen(session, order))
    assert order.number in text_of(for_customer(session, order))


def test_the_customer_s_ticket_tells_where_meats_come_from(session, pizzeria):
    ham = pizzeria.ingredients["jambon"]
    countries = {"reared_in": ("DK",), "slaughtered_in": ("DE",)}
    ham.meats = [IngredientMeat(meat=Meat.PORK, prepared=True, **countries)]
    lines = [(pizzeria.select("regina"), 1), (pizzeria.select("regina", without=["jambon"]), 1)]
    order = order_of(session, pizzeria, lines)
    text = text_of(for_customer(session, order))
    told = "Viandes préparées et charcuterie : jambon (porc, élevé : Danemark ; abattu : Allemagne)"
    assert text.count(told) == 1
