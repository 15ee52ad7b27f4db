"""UC1.2: a basket becomes an order that keeps everything it was told."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from databases import counted_statements, ends_with_stock
from factories import (
    NOON,
    author_of,
    checkout_of,
    details_of,
    make_basket,
    make_staff,
    order_of,
)
from ocpizza.domain.checkout import StaleCheckout
from ocpizza.models.account import Role
from ocpizza.models.order import Order, PaymentChoice, Source
from ocpizza.models.order_line import Use
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, PaymentStatus
from ocpizza.models.price import RestaurantPrice
from ocpizza.models.product import ProductSize
from ocpizza.models.stock import Reason, StockMovement
from ocpizza.models.vat import Mode
from ocpizza.services.basket.basket import find_basket
from ocpizza.services.checkout.place import place_order
from ocpizza.services.order import write
from ocpizza.services.order.number import new_number, normal_number
from ocpizza.services.order.queries import find_order

MAX_STATEMENTS = 15


def movements_of(session, order: Order) -> dict[int, int]:
    query = select(StockMovement).where(StockMovement.order_id == order.id)
    rows = session.scalars(query).all()
    assert {(row.reason, row.at) for row in rows} == {(Reason.ORDER, order.placed_at)}
    return {row.ingredient_id: row.delta for row in rows}


def test_an_order_is_to_be_prepared_and_unpaid(session, pizzeria, add_up):
    order = order_of(session, pizzeria)
    assert order.status is Status.TO_PREPARE
    assert order.payment_status is PaymentStatus.UNPAID
    assert order.payment_choice is PaymentChoice.ON_DELIVERY
    assert order.source is Source.WEB
    assert order.placed_at == order.terms_accepted_at == NOON
    assert [(event.status, event.at, event.author_id) for event in order.events] == [
        (Status.TO_PREPARE, NOON, None)
    ]
    add_up(session)


def test_an_order_keeps_what_the_customer_told(session, pizzeria):
    order = order_of(
        session,
        pizzeria,
        means=Means.CARD_TERMINAL,
        email="stanley@example.org",
        complement="3e étage",
        comment="Sonner deux fois",
    )
    assert (order.contact_name, order.phone) == ("Stanley Martin", "+33612345678")
    assert (order.email, order.means) == ("stanley@example.org", Means.CARD_TERMINAL)
    kept = order.revision
    assert (kept.street, kept.complement) == ("12 rue Oberkampf", "3e étage")
    assert (kept.postcode, kept.town, kept.country) == ("75011", "Paris", "FR")
    assert (kept.comment, kept.number) == ("Sonner deux fois", 1)


def test_an_address_counts_only_for_a_delivery(session, pizzeria):
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY, street="12 rue Oberkampf")
    assert (order.revision.street, order.revision.country) == (None, None)


def test_an_order_number_can_be_read_out_on_the_phone(session, pizzeria):
    sign = "[2-9A-HJKMNP-TV-Z]"  # nothing that is taken for another: 0/O, 1/I/L, U
    assert re.fullmatch(f"{sign}{{4}}-{sign}{{4}}", order_of(session, pizzeria).number)
    numbers = {new_number() for _ in range(1000)}
    assert len(numbers) == 1000
    assert all(re.fullmatch(f"{sign}{{4}}-{sign}{{4}}", number) for number in numbers)
    assert len(set("".join(numbers))) == 30 + 1


@pytest.mark.parametrize("typed", ["k7qm2f9x", "K7QM-2F9X", " k7qm - 2f9x ", "K7QM 2F9X"])
def test_a_number_is_found_however_it_is_typed(typed):
    assert normal_number(typed) == "K7QM-2F9X"


@pytest.mark.parametrize("made", ["new_number", "new_token"])
def test_what_another_order_has_is_drawn_again(session, pizzeria, monkeypatch, add_up, made):
    taken = order_of(session, pizzeria)
    of_another = taken.number if made == "new_number" else taken.tracking_token
    drawn = iter([of_another, of_another, "K7QM-2F9X"])
    monkeypatch.setattr(write, made, lambda: next(drawn))
    order = order_of(session, pizzeria)
    assert "K7QM-2F9X" in (order.number, order.tracking_token)
    assert len({taken.number, taken.tracking_token, order.number, order.tracking_token}) == 4
    assert len(order.events) == len(order.revisions) == 1
    assert order.revision.total_cents == taken.revision.total_cents
    add_up(session)


def test_a_generator_that_is_stuck_is_no_endless_loop(session, pizzeria, monkeypatch, add_up):
    taken = order_of(session, pizzeria).number
    drawn = iter([taken] * 10)
    monkeypatch.setattr(write, "new_number", lambda: next(drawn))
    with pytest.raises(IntegrityError), session.begin_nested():
        order_of(session, pizzeria)
    assert len(list(drawn)) == 10 - write.MAX_NUMBERS
    add_up(session)


def test_what_else_the_database_refuses_is_not_tried_again(session, pizzeria, monkeypatch):
    drawn = iter(["K7QM-2F9X", "K7QM-2F9Y"])
    monkeypatch.setattr(write, "new_number", lambda: next(drawn))
    monkeypatch.setattr(write, "new_token", lambda: None)
    with pytest.raises(IntegrityError), session.begin_nested():
        order_of(session, pizzeria)
    assert next(drawn) == "K7QM-2F9Y"


def test_stock_is_taken_exactly(session, pizzeria):
    lines = [
        (pizzeria.select("regina", "junior", without=["jambon"], extras=["oeuf"]), 2),
        (pizzeria.select("margherita", extras=["mozzarella"]), 1),
        (pizzeria.select("cola"), 3),
    ]
    order = order_of(session, pizzeria, lines)
    taken = {
        "farine": 2 * 120 + 160,
        "sauce-tomate": 2 * 60 + 80,
        "mozzarella": 2 * 90 + 120 + 40,
        "champignons": 2 * 38,
        "oeuf": 2,
        "cola": 3,
    }
    ids = pizzeria.ingredients
    assert movements_of(session, order) == {ids[code].id: -q for code, q in taken.items()}
    for code in ids:
        assert pizzeria.stock_of(session, code) == 100_000 - taken.get(code, 0)


def test_a_line_tells_what_is_on_it_what_is_left_out_and_what_is_added(session, pizzeria):
    chosen = pizzeria.select("regina", "family", without=["jambon"], extras=["oeuf"])
    number = order_of(session, pizzeria, [(chosen, 2)]).number
    (line,) = find_order(session, number).revision.lines
    assert (line.name, line.size_name, line.quantity) == ("Regina", "Familiale 40\u00a0cm", 2)
    codes = {one.id: code for code, one in pizzeria.ingredients.items()}
    told = [
        (codes[one.ingredient_id], one.use, one.quantity, one.price_cents)
        for one in line.parts[0].ingredients
    ]
    assert told == [
        ("farine", Use.BASE, 272, 0),
        ("sauce-tomate", Use.BASE, 136, 0),
        ("mozzarella", Use.BASE, 204, 0),
        ("champignons", Use.BASE, 85, 0),
        ("jambon", Use.WITHOUT, 0, 0),
        ("oeuf", Use.EXTRA, 2, 170),
    ]
    assert (line.unit_price_cents, line.amount_cents) == (1750 + 170, 2 * 1920)


def test_the_sums_of_an_order_are_kept_with_vat_by_line(session, pizzeria):
    lines = [(pizzeria.select(slug), 1) for slug in ("margherita", "cola", "biere")]
    kept = order_of(session, pizzeria, lines).revision
    assert (kept.subtotal_cents, kept.delivery_fee_cents, kept.total_cents) == (1650, 250, 1900)
    assert [line.vat_rate for line in kept.lines] == [1000, 550, 2000]
    assert [line.fee_cents for line in kept.lines] == [144, 42, 64]
    assert [line.vat_cents for line in kept.lines] == [99, 17, 81]


def test_an_order_keeps_the_price_of_its_day(session, pizzeria, add_up):
    number = order_of(session, pizzeria).number
    session.execute(update(ProductSize).values(price_cents=9999))
    pizzeria.products["margherita"].name = "Marguerite"
    session.flush()
    session.expire_all()
    kept = find_order(session, number).revision
    assert (kept.lines[0].unit_price_cents, kept.lines[0].name) == (950, "Margherita")
    add_up(session)


def test_a_restaurant_may_have_its_own_price(session, pizzeria):
    own = {"restaurant_id": pizzeria.restaurant.id, "price_cents": 1010}
    size_id = pizzeria.size("margherita").id
    session.add(RestaurantPrice(product_size_id=size_id, **own))
    session.flush()
    assert order_of(session, pizzeria).revision.lines[0].unit_price_cents == 1010


@pytest.mark.parametrize(("mode", "minutes"), [(Mode.DELIVERY, 35), (Mode.TAKEAWAY, 15)])
def test_the_expected_time_counts_the_road_for_a_delivery(session, pizzeria, mode, minutes):
    order = order_of(session, pizzeria, mode=mode)
    assert order.expected_at == NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(("hour", "day"), [(4, 3), (5, 4)])
def test_an_order_before_six_belongs_to_the_evening_before(session, pizzeria, hour, day):
    # 4:00 UTC is 5:00 in Paris.
    order = order_of(session, pizzeria, now=datetime(2026, 3, 4, hour, 30, tzinfo=UTC))
    assert order.business_day == date(2026, 3, day)


def test_the_basket_is_emptied_and_ready_for_another_order(session, pizzeria):
    basket = make_basket(session, pizzeria)
    token, key = basket.token, basket.checkout_key
    place_order(session, token, checkout_of(session, basket), NOON)
    emptied = find_basket(session, token)
    assert emptied.lines == []
    assert emptied.checkout_key != key
    assert emptied.details["contact_name"] == "Stanley Martin"
    assert emptied.updated_at == NOON


def test_the_same_checkout_sent_twice_is_one_order(session, pizzeria, add_up):
    basket = make_basket(session, pizzeria)
    checkout = checkout_of(session, basket)
    first = place_order(session, basket.token, checkout, NOON)
    again = place_order(session, basket.token, checkout, NOON + timedelta(minutes=1))
    assert again.number == first.number
    assert session.scalars(select(Order)).all() == [first]
    add_up(session)


def test_a_checkout_of_another_basket_is_stale(session, pizzeria):
    basket, other = make_basket(session, pizzeria), make_basket(session, pizzeria)
    with pytest.raises(StaleCheckout):
        place_order(session, basket.token, checkout_of(session, other), NOON)
    assert len(find_basket(session, other.token).lines) == 1


@pytest.mark.parametrize("token", [None, "", "invented"])
def test_a_checkout_without_a_basket_is_stale(session, pizzeria, token):
    checkout = checkout_of(session, make_basket(session, pizzeria))
    with pytest.raises(StaleCheckout):
        place_order(session, token, checkout, NOON)


def test_who_takes_an_order_at_the_counter_is_known(session, pizzeria):
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    drink = [(pizzeria.select("cola"), 1)]
    details = {"mode": Mode.EAT_IN, "phone": None}
    order = order_of(session, pizzeria, drink, source=Source.COUNTER, author=cashier, **details)
    # It is not their own: it is in nobody's history, and counts for nobody's promotion.
    assert order.account_id is None
    (event,) = order.events
    assert (event.author_id, event.author_role) == (cashier.account_id, Role.CASHIER)
    assert order.revision.author_id == cashier.account_id
    movement = session.scalars(select(StockMovement).where(StockMovement.order_id == order.id))
    assert movement.one().author_id == cashier.account_id


def statements_to_place(session, pizzeria, lines: int) -> list[str]:
    choices = [
        pizzeria.select(slug, size, extras=extras)
        for slug in ("margherita", "regina")
        for size in ("junior", "family")
        for extras in ([], ["oeuf"], ["mozzarella"])
    ]
    details = details_of(email="julia@example.org")
    chosen = [(choice, 1) for choice in choices[:lines]]
    basket = make_basket(session, pizzeria, chosen, details=details)
    checkout, token = checkout_of(session, basket), basket.token
    session.expunge_all()
    with counted_statements(session.connection()) as statements:
        place_order(session, token, checkout, NOON)
        session.flush()
    return statements


def test_placing_an_order_takes_few_statements(session, pizzeria):
    statements = statements_to_place(session, pizzeria, lines=1)
    assert len(statements) <= MAX_STATEMENTS, "\n".join(statements)


def test_a_long_order_takes_no_more_statements_than_a_short_one(session, pizzeria):
    statements = statements_to_place(session, pizzeria, lines=12)
    assert len(statements) <= MAX_STATEMENTS, "\n".join(statements)


def test_nobody_waits_for_stock_longer_than_it_takes_to_change_it(session, pizzeria):
    statements = statements_to_place(session, pizzeria, lines=2)
    assert ends_with_stock(statements)


def test_details_survive_the_way_through_the_basket():
    details = details_of(comment="vite")
    assert type(details).from_json(details.to_json()) == details
    assert type(details).from_json({}) is None
    assert type(details).from_json(details.to_json() | {"contact_name": ""}) is None


@pytest.mark.parametrize("key", [None, ""])
def test_a_checkout_without_a_key_finds_nobodys_order(session, pizzeria, key):
    counter = order_of(session, pizzeria, mode=Mode.EAT_IN, source=Source.COUNTER)
    session.execute(update(Order).where(Order.id == counter.id).values(checkout_key=None))
    basket = make_basket(session, pizzeria)
    with pytest.raises(StaleCheckout):
        place_order(session, basket.token, replace(checkout_of(session, basket), key=key), NOON)


def test_a_checkout_is_sent_again_by_its_own_basket_only(session, pizzeria):
    basket, other = make_basket(session, pizzeria), make_basket(session, pizzeria)
    checkout = checkout_of(session, basket)
    order = place_order(session, basket.token, checkout, NOON)
    for token in (other.token, None, "", "invented"):
        with pytest.raises(StaleCheckout):
            place_order(session, token, checkout, NOON)
    with pytest.raises(StaleCheckout):
        place_order(session, basket.token, replace(checkout, key=order.checkout_key), NOON)
