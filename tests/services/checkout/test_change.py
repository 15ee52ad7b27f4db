"""UC1.3: an order is changed until preparation begins; only the difference moves in stock."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select, update

from databases import counted_statements, ends_with_stock
from factories import NOON, author_of, checkout_of, make_basket, make_pizzeria, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import (
    BelowMinimum,
    Details,
    LinesGone,
    OutOfStock,
    PizzaMissing,
    PostcodeNotServed,
    StaleCheckout,
    TotalChanged,
)
from ocpizza.models.account import Role
from ocpizza.models.basket import Basket, BasketLine
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order_revision import EventKind, OrderEvent, OrderRevision, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.product import ProductSize
from ocpizza.models.restaurant import DeliveryArea, Restaurant
from ocpizza.models.stock import Reason, StockMovement
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.change import Change, StaleOrder, change_order
from ocpizza.services.checkout.place import place_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.cancel import TooLate, cancel_order
from ocpizza.services.order.queries import load_order

GUEST = Author(None, Role.CUSTOMER)
LATER = NOON + timedelta(minutes=4)


def contents_of(session, order) -> list[tuple[str, int, int]]:
    session.expire_all()
    lines = load_order(session, order.id).revision.lines
    return [(line.name, line.quantity, line.unit_price_cents) for line in lines]


def set_lines(session, basket, wanted) -> None:
    """Make the basket hold these selections."""
    basket.lines = []
    session.flush()
    basket.lines = [BasketLine(selection=choice.text, quantity=n) for choice, n in wanted]
    session.flush()


def confirm(session, basket, author=GUEST, **values):
    shown = review_basket(session, basket, LATER).quote.total_cents
    change = Change(values.pop("key", basket.checkout_key), values.pop("shown", shown))
    order = change_order(session, basket.token, change, author, LATER)
    session.flush()
    return order


def test_a_change_is_made_by_its_own_form_only(session, pizzeria):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("margherita"), 3)])
    with pytest.raises(StaleCheckout):
        confirm(session, basket, key="of-a-form-of-before")
    assert contents_of(session, order) == [("Margherita", 1, 950)]


def test_a_basket_that_changes_nothing_makes_no_change(session, pizzeria):
    with pytest.raises(StaleCheckout):
        confirm(session, make_basket(session, pizzeria))


def test_a_change_stays_a_delivery_below_the_minimum(session):
    pizzeria = make_pizzeria(session, minimum_order_cents=1500)
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("margherita"), 1)])
    found = review_basket(session, basket, LATER)
    assert (found.mode, found.quote.total_cents) == (Mode.DELIVERY, 950 + 250)
    assert not found.ready


def test_the_basket_of_a_change_holds_what_was_ordered(session, pizzeria):
    choice = pizzeria.select("regina", "family", without=["jambon"], extras=["oeuf"])
    lines = [(choice, 2), (pizzeria.select("cola"), 3)]
    order = order_of(session, pizzeria, lines, comment="Sonnez", complement="3e étage")
    basket = start_change(session, order.id, LATER)
    assert [(line.selection, line.quantity) for line in basket.lines] == [
        (choice.text, 2),
        (pizzeria.select("cola").text, 3),
    ]
    details = Details.from_json(basket.details)
    assert (details.street, details.complement) == ("12 rue Oberkampf", "3e étage")
    assert details.comment == "Sonnez"
    review = review_basket(session, basket, LATER)
    assert (review.difference_cents, review.left, review.ready) == (0, {}, True)


def test_each_change_is_told_by_mail(session, pizzeria):
    order = order_of(session, pizzeria, email="julia@example.org")
    for number in (2, 3):
        basket = start_change(session, order.id, LATER)
        set_lines(session, basket, [(pizzeria.select("regina"), number)])
        confirm(session, basket)
    told = session.execute(select(OutgoingMail.kind, OutgoingMail.recipient)).all()
    kinds = [MailKind.ORDER_CHANGED, MailKind.ORDER_CHANGED, MailKind.ORDER_CONFIRMED]
    assert sorted(told) == [(kind, "julia@example.org") for kind in kinds]


def test_a_change_makes_a_new_revision_and_keeps_number_status_and_the_old_one(
    session, pizzeria, add_up
):
    order = order_of(session, pizzeria, status=Status.ACCEPTED)
    number, version = order.number, order.version
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("regina"), 2)])
    confirm(session, basket)
    assert (order.number, order.status) == (number, Status.ACCEPTED)
    assert order.version > version
    assert contents_of(session, order) == [("Regina", 2, 1150)]
    revisions = session.scalars(select(OrderRevision).order_by(OrderRevision.number)).all()
    assert [(one.number, one.state, one.total_cents) for one in revisions] == [
        (1, RevisionState.REPLACED, 1200),
        (2, RevisionState.CURRENT, 2550),
    ]
    assert session.get(Basket, basket.id) is None
    add_up(session)


def test_only_the_difference_moves(session, pizzeria, add_up):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("margherita"), 1), (pizzeria.select("regina"), 1)])
    confirm(session, basket)
    query = select(StockMovement.ingredient_id, StockMovement.delta).where(
        StockMovement.reason == Reason.ORDER_CHANGED
    )
    ids = {one.id: code for code, one in pizzeria.ingredients.items()}
    moved = {ids[id]: delta for id, delta in session.execute(query)}
    assert moved == {"jambon": -60, "champignons": -50}
    add_up(session)


def test_an_unchanged_order_moves_nothing(session, pizzeria, add_up):
    order = order_of(session, pizzeria)
    confirm(session, start_change(session, order.id, LATER))
    query = select(StockMovement).where(StockMovement.reason == Reason.ORDER_CHANGED)
    assert session.scalars(query).all() == []
    add_up(session)


def dearer(session, by: int = 100) -> None:
    session.execute(update(ProductSize).values(price_cents=ProductSize.price_cents + by))


def test_lines_left_alone_keep_their_price_and_new_ones_have_todays(session, pizzeria, add_up):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    dearer(session)
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("margherita"), 3), (pizzeria.select("regina"), 1)])
    confirm(session, basket)
    assert contents_of(session, order) == [
        ("Margherita", 2, 950),
        ("Margherita", 1, 1050),
        ("Regina", 1, 1250),
    ]
    add_up(session)


def test_what_is_left_alone_need_not_be_on_sale_any_more(session, pizzeria, add_up):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    pizzeria.products["margherita"].available = False
    session.flush()
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("margherita"), 2), (pizzeria.select("regina"), 1)])
    confirm(session, basket)
    assert contents_of(session, order) == [("Margherita", 2, 950), ("Regina", 1, 1150)]
    add_up(session)


def test_more_of_what_is_not_on_sale_any_more_is_refused(session, pizzeria):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 1)])
    pizzeria.products["margherita"].available = False
    session.flush()
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("margherita"), 2)])
    assert list(review_basket(session, basket, LATER).left.values()) == [1]
    with pytest.raises(OutOfStock):
        confirm(session, basket)


def test_its_own_ingredients_are_there_for_a_change(session, add_up):
    pizzeria = make_pizzeria(session, stock={"mozzarella": 240})
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("margherita"), 1), (pizzeria.select("regina"), 1)])
    confirm(session, basket)
    assert pizzeria.stock_of(session, "mozzarella") == 0
    add_up(session)


def test_nobody_waits_for_stock_longer_than_it_takes_to_change_it(session, pizzeria):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 1)])
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("regina"), 1)])
    with counted_statements(session.connection()) as statements:
        confirm(session, basket)
        session.flush()
    assert ends_with_stock(statements)


def test_more_than_the_stock_makes_is_refused_and_the_order_stays(session, add_up):
    pizzeria = make_pizzeria(session, stock={"mozzarella": 240})
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("margherita"), 3)])
    with pytest.raises(OutOfStock) as refusal:
        confirm(session, basket)
    assert [(short.wanted, short.left) for short in refusal.value.shortages] in (
        [(1, 0)],
        [(3, 2)],
    )
    assert contents_of(session, order) == [("Margherita", 2, 950)]
    add_up(session)


@pytest.mark.parametrize("status", [Status.PREPARING, Status.READY, Status.DELIVERED])
def test_once_preparation_has_begun_no_change_begins(session, pizzeria, status):
    order = order_of(session, pizzeria, status=status)
    with pytest.raises(TooLate):
        start_change(session, order.id, LATER)


def test_a_change_that_preparation_overtakes_leaves_the_order_as_it_was(session, pizzeria, add_up):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("regina"), 1)])
    order.status = Status.PREPARING
    session.flush()
    with pytest.raises(TooLate):
        confirm(session, basket)
    order.status = Status.TO_PREPARE
    assert contents_of(session, order) == [("Margherita", 1, 950)]


def test_a_cancelled_order_is_not_changed(session, pizzeria, add_up):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    cancel_order(session, order.id, GUEST, LATER)
    session.flush()
    with pytest.raises(TooLate):
        confirm(session, basket)
    add_up(session)


def test_of_two_changes_the_second_to_end_is_told(session, pizzeria, add_up):
    order = order_of(session, pizzeria)
    first, second = (start_change(session, order.id, LATER) for _ in range(2))
    set_lines(session, first, [(pizzeria.select("regina"), 1)])
    confirm(session, first)
    with pytest.raises(StaleOrder):
        confirm(session, second)
    add_up(session)


def test_the_same_change_sent_again_is_made_once(session, pizzeria, add_up):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    token, key = basket.token, basket.checkout_key
    set_lines(session, basket, [(pizzeria.select("regina"), 1)])
    confirm(session, basket)
    again = change_order(session, token, Change(key, 1), GUEST, LATER)
    assert again.id == order.id
    assert len(session.scalars(select(OrderRevision)).all()) == 2
    add_up(session)


def test_an_unknown_key_is_stale(session, pizzeria):
    with pytest.raises(StaleCheckout):
        change_order(session, None, Change("nothing", 1), GUEST, LATER)


def test_the_basket_of_a_change_cannot_be_ordered_a_second_time(session, pizzeria):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    with pytest.raises(StaleCheckout):
        place_order(session, basket.token, checkout_of(session, basket), LATER)


def test_without_a_pizza_it_is_refused(session, pizzeria):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    set_lines(session, basket, [(pizzeria.select("cola"), 1)])
    with pytest.raises(PizzaMissing):
        confirm(session, basket)


def test_a_pizza_that_nobody_sells_any_more_is_named_gone(session, pizzeria):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    basket.lines[0].selection = "[[999,[],[]]]"
    with pytest.raises(LinesGone):
        confirm(session, basket)


def test_zone_minimum_and_total_are_checked_again(session, pizzeria):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    with pytest.raises(TotalChanged):
        confirm(session, basket, shown=1)
    session.execute(update(Restaurant).values(minimum_order_cents=5000))
    with pytest.raises(BelowMinimum):
        confirm(session, basket)
    session.execute(DeliveryArea.__table__.delete())
    with pytest.raises(PostcodeNotServed):
        confirm(session, basket)


def test_the_new_address_is_that_of_the_revision(session, pizzeria, add_up):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    basket.details = {**basket.details, "street": "8 rue Amelot", "comment": "3e étage"}
    confirm(session, basket)
    session.expire_all()
    revision = load_order(session, order.id).revision
    assert (revision.street, revision.comment) == ("8 rue Amelot", "3e étage")
    add_up(session)


def test_a_colleague_changes_it_in_their_name(session, pizzeria):
    order = order_of(session, pizzeria)
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    confirm(session, start_change(session, order.id, LATER), cashier)
    event = session.scalars(select(OrderEvent).where(OrderEvent.kind == EventKind.REVISION)).one()
    assert (event.order_id, event.author_id, event.author_role, event.at) == (
        order.id,
        cashier.account_id,
        Role.CASHIER,
        LATER,
    )


QUANTITIES = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=4
)


@given(QUANTITIES)
@examples(max_examples=10)
def test_however_often_it_is_changed_the_sums_hold(session, add_up, steps):
    with session.begin_nested() as savepoint:
        pizzeria = make_pizzeria(session)
        order = order_of(session, pizzeria)
        slugs = ("margherita", "regina", "cola")
        for quantities in steps:
            basket = start_change(session, order.id, LATER)
            wanted = [(pizzeria.select(s), n) for s, n in zip(slugs, quantities, strict=True) if n]
            set_lines(session, basket, wanted)
            confirm(session, basket)
            add_up(session)
        savepoint.rollback()


@pytest.mark.parametrize("key", [None, ""])
@pytest.mark.parametrize("token", [None, "", "invented"])
def test_a_change_without_a_key_finds_nobodys_order(session, pizzeria, key, token):
    # Its first revision has no key.
    order_of(session, pizzeria)
    with pytest.raises(StaleCheckout):
        change_order(session, token, Change(key, 0), GUEST, LATER)


def test_a_change_is_sent_again_by_its_own_basket_only(session, pizzeria):
    order = order_of(session, pizzeria)
    basket = start_change(session, order.id, LATER)
    key, kept = basket.checkout_key, make_basket(session, pizzeria)
    confirm(session, basket)
    for token in (kept.token, None, "", "invented"):
        with pytest.raises(StaleCheckout):
            change_order(session, token, Change(key, 1), GUEST, LATER)
