"""One visitor cannot sell a restaurant out: what is unpaid is limited, by person and by network.

The limit is 15 € and 3 pizzas here; a Margherita to take away is 9,50 €.
"""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clients import all_at_once
from factories import (
    NOON,
    advance_to,
    author_of,
    checkout_of,
    details_of,
    make_account,
    make_basket,
    make_branch,
    make_pizzeria,
    make_staff,
    the_pizzeria,
)
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import (
    CallPending,
    CallRestaurant,
    HeldInVain,
    OrderRefused,
    PayOnline,
    PayOthersFirst,
)
from ocpizza.domain.unpaid import Visitor
from ocpizza.models.account import Role
from ocpizza.models.basket import BasketLine
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order, Source
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import EndingReason, Status
from ocpizza.models.payment import Means, PaymentStatus
from ocpizza.models.product import ProductSize
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.place import place_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.advance import NotAllowed, Step, advance_order
from ocpizza.services.order.cancel import Ending, cancel_order
from ocpizza.services.order.confirm_by_phone import cancel_unconfirmed, confirm_by_phone
from ocpizza.services.order.unpaid import Who, forget_networks, held_in_vain
from ocpizza.services.settlement.on_delivery import pay_on_delivery

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
GUEST = Author(None, Role.CUSTOMER)
JULIA, MARC = "+33612345678", "+33698765432"


def visitor(network: str = HOME, online: bool = False) -> Visitor:
    return Visitor(network, limit_cents=1500, limit_pizzas=3, may_pay_online=online)


def order(
    session,
    pizzeria,
    quantity: int = 1,
    *,
    who: Visitor | None = None,
    means: Means = Means.CASH,
    phone: str | None = JULIA,
    author: Author | None = None,
    source: Source = Source.WEB,
    **details,
) -> Order:
    details = details_of(Mode.TAKEAWAY, phone=phone, **details)
    lines = [(pizzeria.select("margherita"), quantity)]
    basket = make_basket(session, pizzeria, lines, details=details)
    checkout = checkout_of(
        session,
        basket,
        means=means,
        source=source,
        customer=author,
        visitor=visitor() if who is None else who,
    )
    placed = place_order(session, basket.token, checkout, NOON, author)
    session.flush()
    return placed


def free_pizzas(session) -> None:
    """Pizzas at five cents: their number is what counts."""
    session.execute(update(ProductSize).values(price_cents=5))
    session.expire_all()


def test_up_to_the_limit_nobody_is_called(session, pizzeria, add_up):
    assert order(session, pizzeria).confirm_by is None
    add_up(session)


def test_beyond_its_value_the_counter_calls_within_half_an_hour(session, pizzeria, add_up):
    placed = order(session, pizzeria, 2)
    assert placed.confirm_by == NOON + timedelta(minutes=30)
    assert placed.status is Status.TO_PREPARE
    add_up(session)


@pytest.mark.parametrize(("pizzas", "called"), [(3, False), (4, True)])
def test_so_it_does_beyond_its_number_of_pizzas(session, pizzeria, pizzas, called):
    free_pizzas(session)
    assert bool(order(session, pizzeria, pizzas).confirm_by) is called


def test_where_one_can_pay_online_one_does(session, pizzeria, add_up):
    with pytest.raises(PayOnline):
        order(session, pizzeria, 2, who=visitor(online=True))
    paid = order(session, pizzeria, 2, who=visitor(online=True), means=Means.ONLINE_CARD)
    assert paid.status is Status.AWAITING_PAYMENT
    add_up(session)


@pytest.mark.parametrize(
    "same",
    [
        {"phone": JULIA, "who": visitor(ELSEWHERE)},
        {"phone": MARC, "email": "julia@example.org", "who": visitor(ELSEWHERE)},
    ],
)
def test_several_orders_of_one_person_count_together(session, pizzeria, same):
    order(session, pizzeria, email="julia@example.org")
    assert order(session, pizzeria, **same).confirm_by


def test_an_account_is_one_person_whatever_it_calls_itself(session, pizzeria):
    julia = author_of(make_account(session, email="julia@example.org", email_verified_at=NOON))
    order(session, pizzeria, author=julia)
    assert order(session, pizzeria, author=julia, phone=MARC, who=visitor(ELSEWHERE)).confirm_by


def test_an_online_payment_that_is_awaited_counts_too(session, pizzeria):
    order(session, pizzeria, means=Means.ONLINE_CARD)
    assert order(session, pizzeria).confirm_by


def test_others_are_others(session, pizzeria):
    order(session, pizzeria)
    assert order(session, pizzeria, phone=MARC, who=visitor(ELSEWHERE)).confirm_by is None
    other = make_branch(session, pizzeria, code="city_002", name="Ailleurs")
    assert order(session, other).confirm_by is None


def test_one_network_is_three_people_at_most_however_many_phones_it_has(session, pizzeria):
    phones = [f"+3361234560{number}" for number in range(5)]
    called = [order(session, pizzeria, phone=phone).confirm_by for phone in phones]
    assert [bool(by) for by in called] == [False, False, False, False, True]


def test_an_unknown_network_is_nobodys(session, pizzeria):
    for number in range(6):
        placed = order(session, pizzeria, phone=f"+3361234560{number}", who=visitor("0.0.0.0"))
        assert (placed.confirm_by, placed.network) == (None, None)


def test_while_one_waits_for_a_call_no_other_is_taken(session, pizzeria, add_up):
    order(session, pizzeria, 2)
    with pytest.raises(CallPending):
        order(session, pizzeria)
    add_up(session)


def test_who_cannot_be_called_calls(session, pizzeria):
    with pytest.raises(CallRestaurant):
        order(session, pizzeria, 2, phone=None, email="julia@example.org")


@pytest.mark.parametrize("means", [Means.CASH, Means.ONLINE_CARD])
def test_three_times_the_limit_is_held_by_nobody(session, pizzeria, means, add_up):
    """4 × 9,50 € = 38 €, 5 × 9,50 € = 47,50 €; three times the limit is 45 €."""
    with pytest.raises(CallRestaurant):
        order(session, pizzeria, 5, means=means)
    assert order(session, pizzeria, 4, means=means)
    add_up(session)


def test_nobody_holds_several_orders_that_await_their_payment(session, pizzeria):
    order(session, pizzeria, means=Means.ONLINE_CARD)
    with pytest.raises(PayOthersFirst):
        order(session, pizzeria, means=Means.ONLINE_CARD)


@pytest.mark.parametrize("ended", [Status.DELIVERED, Status.CANCELLED])
def test_what_has_ended_counts_no_more_and_its_network_is_forgotten(session, pizzeria, ended):
    first = order(session, pizzeria)
    assert first.network == HOME
    if ended is Status.CANCELLED:
        cancel_order(session, first.id, GUEST, NOON)
    else:
        advance_to(session, first, ended)
    session.flush()
    assert first.network is None
    assert order(session, pizzeria).confirm_by is None


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "ends",
    [
        lambda session, order: cancel_order(session, order.id, GUEST, NOON),
        lambda session, order: cancel_order(
            session, order.id, None, NOON, Ending(EndingReason.NOT_PAID)
        ),
    ],
    ids=["given up", "not paid in time"],
)
@pytest.mark.parametrize("means", [Means.ONLINE_CARD, Means.CASH])
@pytest.mark.parametrize(
    ("again", "refused"),
    [
        ({"who": visitor(ELSEWHERE)}, True),
        ({"phone": MARC}, True),
        ({"phone": MARC, "who": visitor(ELSEWHERE)}, False),
    ],
    ids=["the same person", "another telephone", "somebody else"],
)
def test_much_is_not_held_in_vain_again_and_again(
    session, pizzeria, ends, means, again, refused, add_up
):
    """38 € twice, then they are remembered: another 19 € would be more than six times 15 €."""
    for _ in range(2):
        ends(session, order(session, pizzeria, 4, means=means))
        session.flush()
    if refused:
        with pytest.raises(HeldInVain if means is Means.ONLINE_CARD else CallRestaurant):
            order(session, pizzeria, 2, means=means, **again)
        # What anybody may owe is theirs to order.
        assert order(session, pizzeria, **again).confirm_by is None
    else:
        assert order(session, pizzeria, 2, means=means, **again)
    add_up(session)


def test_nor_by_choosing_to_pay_on_delivery_after_all(session, pizzeria, add_up):
    for _ in range(2):
        cancel_order(session, order(session, pizzeria, 4).id, GUEST, NOON)
        session.flush()
    elsewhere = {"phone": MARC, "who": visitor(ELSEWHERE)}
    placed = order(session, pizzeria, 2, means=Means.ONLINE_CARD, **elsewhere)
    # They are at home again.
    placed.network = HOME
    session.flush()
    with pytest.raises(CallRestaurant):
        pay_on_delivery(session, placed.id, Means.CASH, NOON, visitor())


def test_small_orders_that_are_cancelled_are_nobodys_business(session, pizzeria):
    for _ in range(9):
        placed = order(session, pizzeria)
        cancel_order(session, placed.id, GUEST, NOON)
        session.flush()
        assert placed.network is None
    assert order(session, pizzeria, 4, means=Means.ONLINE_CARD)


def test_what_was_held_in_vain_is_forgotten_with_its_network(session, pizzeria):
    placed = order(session, pizzeria, 4, means=Means.ONLINE_CARD)
    assert forget_networks(session, NOON + 9 * HOUR) == 0
    cancel_order(session, placed.id, GUEST, NOON)
    session.flush()
    assert placed.network == HOME
    assert forget_networks(session, NOON + 3 * HOUR - timedelta(seconds=1)) == 0
    assert forget_networks(session, NOON + 3 * HOUR) == 1
    session.expire_all()
    assert placed.network is None
    who = Who(placed.phone, None, None, HOME)
    here = pizzeria.restaurant.id
    assert held_in_vain(session, here, who, visitor(), NOON + 2 * HOUR) != []
    assert held_in_vain(session, here, who, visitor(), NOON + 3 * HOUR) == []


def test_one_network_holds_six_times_the_limit_at_most_whatever_it_says_of_itself(
    session, pizzeria, add_up
):
    phones = [f"+3361234560{number}" for number in range(4)]
    for phone in phones[:2]:
        order(session, pizzeria, 4, means=Means.ONLINE_CARD, phone=phone)
    with pytest.raises(CallRestaurant):
        order(session, pizzeria, 2, means=Means.ONLINE_CARD, phone=phones[2])
    assert order(session, pizzeria, 1, means=Means.ONLINE_CARD, phone=phones[3])
    add_up(session)


def test_what_is_paid_counts_no_more(session, pizzeria):
    order(session, pizzeria).payment_status = PaymentStatus.AUTHORISED
    session.flush()
    assert order(session, pizzeria).confirm_by is None


def test_a_colleague_orders_as_much_as_they_see_fit(session, pizzeria):
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    details = details_of(Mode.TAKEAWAY)
    basket = make_basket(session, pizzeria, [(pizzeria.select("margherita"), 50)], details=details)
    checkout = checkout_of(session, basket, source=Source.PHONE)
    assert place_order(session, basket.token, checkout, NOON, cashier).confirm_by is None


def test_until_it_is_confirmed_the_kitchen_does_not_begin(session, pizzeria, add_up):
    placed = order(session, pizzeria, 2, email="julia@example.org")
    cook = author_of(make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant))
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    step = (Status.TO_PREPARE, Status.ACCEPTED)
    with pytest.raises(NotAllowed):
        advance_order(session, placed.id, Step(*step), cook, NOON)
    assert placed.next_statuses(Role.PIZZAIOLO) == []
    assert session.scalars(select(OutgoingMail)).all() == []
    before, later = placed.expected_at, NOON + timedelta(minutes=5)
    assert confirm_by_phone(session, placed.id, cashier, later)
    session.flush()
    assert not confirm_by_phone(session, placed.id, cashier, later)
    assert (placed.confirmed_at, placed.expected_at) == (later, before + timedelta(minutes=5))
    event = session.scalars(select(OrderEvent).order_by(OrderEvent.id.desc())).first()
    assert (event.note, event.author_id) == ("confirmed_by_phone", cashier.account_id)
    assert [mail.kind for mail in session.scalars(select(OutgoingMail))] == ["order_confirmed"]
    advance_order(session, placed.id, Step(*step), cook, later)
    assert placed.status is Status.ACCEPTED
    # It is known to be wanted: one may have another.
    assert order(session, pizzeria).confirm_by is None
    add_up(session)


def test_what_nobody_confirms_is_cancelled_and_its_stock_is_there_again(session, pizzeria, add_up):
    before = pizzeria.stock_of(session, "farine")
    placed = order(session, pizzeria, 2)
    assert not cancel_unconfirmed(session, NOON + timedelta(minutes=29))
    assert cancel_unconfirmed(session, NOON + timedelta(minutes=30))
    session.flush()
    assert (placed.status, placed.confirm_by) == (Status.CANCELLED, None)
    assert (placed.ending_reason, placed.ending_note) == (EndingReason.NOT_REACHED, None)
    assert pizzeria.stock_of(session, "farine") == before
    assert not cancel_unconfirmed(session, NOON + timedelta(days=1))
    add_up(session)


def test_what_is_to_be_paid_on_delivery_after_all_is_called_about(session, pizzeria):
    placed = order(session, pizzeria, 2, means=Means.ONLINE_CARD)
    pay_on_delivery(session, placed.id, Means.CASH, NOON, visitor(online=True))
    assert placed.confirm_by == NOON + timedelta(minutes=30)


def grow(session, placed: Order, pizzeria, quantity: int, author: Author, who=None) -> Order:
    basket = start_change(session, placed.id, NOON)
    basket.lines = []
    session.flush()
    choice = pizzeria.select("margherita").text
    basket.lines = [BasketLine(selection=choice, quantity=quantity)]
    session.flush()
    shown = review_basket(session, basket, NOON).quote.total_cents
    return change_order(
        session, basket.token, Change(basket.checkout_key, shown, who), author, NOON
    )


def test_a_small_order_is_not_grown_into_a_big_one(session, pizzeria, add_up):
    placed = order(session, pizzeria)
    with pytest.raises(CallRestaurant):
        grow(session, placed, pizzeria, 2, GUEST, visitor())
    session.rollback()


def test_nor_into_one_of_many_cheaper_pizzas(session, pizzeria):
    """Its price stays below what it was: the number of pizzas is what sells a restaurant out."""
    placed = order(session, pizzeria)
    free_pizzas(session)
    with pytest.raises(CallRestaurant):
        grow(session, placed, pizzeria, 9, GUEST, visitor())


def test_but_by_the_counter_it_is(session, pizzeria, add_up):
    placed = order(session, pizzeria)
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    assert grow(session, placed, pizzeria, 9, cashier).revision.total_cents == 8550
    add_up(session)


@pytest.mark.parametrize("known", [{"phone": JULIA}, {"phone": None, "email": "j@example.org"}])
def test_who_never_received_anything_buys_for_the_first_time(session, pizzeria, known):
    first = order(session, pizzeria, email="j@example.org", phone=JULIA)
    second = order(session, pizzeria, who=visitor(ELSEWHERE), phone=MARC)
    assert first.first_purchase
    assert second.first_purchase
    advance_to(session, first, Status.DELIVERED)
    session.flush()
    assert not order(session, pizzeria, **known).first_purchase


def test_orders_at_once_do_not_slip_past_together(committed_database, add_up):
    with Session(committed_database) as session, session.begin():
        make_pizzeria(session)

    def place(number: int, session: Session) -> str:
        pizzeria = the_pizzeria(session)
        try:
            with session.begin_nested():
                placed = order(session, pizzeria, phone=JULIA, who=visitor(f"192.0.2.{number}"))
        except OrderRefused as refused:
            return type(refused).__name__
        return "called" if placed.confirm_by else "taken"

    outcomes = all_at_once(committed_database, [partial(place, number) for number in range(6)])
    assert sorted(outcomes) == ["CallPending"] * 4 + ["called", "taken"]
    add_up(committed_database)
