"""What a morning does in the shop: prices, orders, payments, persons."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from factories import NOON, make_account, make_branch, order_of
from ocpizza.models.account import Account
from ocpizza.models.card import StripeRemoval
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.price import PriceChange, RestaurantPrice
from ocpizza.models.product import ProductSize
from ocpizza.operations.cyclic_update import local_work
from ocpizza.payments import reconcile
from ocpizza.services.sales.close import close_day
from payments.till import AT_LAST, SOON


def by_name(parts) -> dict[str, str]:
    return {part.name: part.error or part.changes for part in parts}


def closed_days(parts) -> str:
    (part,) = [part for part in parts if part.name == "closed days"]
    return str(part)


def online(till) -> dict[str, str]:
    keys = {"secret_key": "sk_test_12345", "publishable_key": "pk_test_1", "webhook_secret": "w"}
    return {f"stripe.{name}": value for name, value in keys.items()} | {
        "stripe.api_url": till.stripe.url
    }


def test_due_prices_are_made_and_said(committed_database, pizzeria, run, notes):
    size_id = pizzeria.size("margherita").id
    with Session(committed_database) as session, session.begin():
        other = make_branch(session, pizzeria, code="city_002").restaurant.id
        for restaurant_id, cents in ((None, 1000), (other, 1100)):
            change = PriceChange(product_size_id=size_id, effective_at=NOON, price_cents=cents)
            change.restaurant_id = restaurant_id
            session.add(change)
    assert by_name(run("city_002"))["price changes"] == {"prices": 1}
    assert by_name(run())["price changes"] == {"prices": 1}
    with Session(committed_database) as session:
        assert session.get_one(ProductSize, size_id).price_cents == 1000
        assert session.get_one(RestaurantPrice, (other, size_id)).price_cents == 1100
    assert [note.changes for note in notes()] == [
        {"price changes": {"prices": 1}},
        {"price changes": {"prices": 1}},
    ]


def test_an_order_that_nobody_confirmed_makes_room_for_others(
    committed_database, pizzeria, run, add_up
):
    with Session(committed_database) as session, session.begin():
        orders = [order_of(session, pizzeria) for _ in range(2)]
        for order in orders:
            order.confirm_by = NOON + timedelta(minutes=30)
        ids = [order.id for order in orders]
    assert by_name(run(now=NOON))["unconfirmed orders"] == {}
    assert by_name(run(now=SOON + timedelta(hours=1)))["unconfirmed orders"] == {"cancelled": 2}
    with Session(committed_database) as session:
        assert {session.get_one(Order, id).status for id in ids} == {Status.CANCELLED}
    add_up(committed_database)


def test_what_stripe_knows_and_the_shop_does_not_is_heard(till, run, add_up):
    order_id = till.place()
    till.work(NOON + timedelta(minutes=1))
    till.pay(order_id)
    assert by_name(run(now=SOON, **online(till)))["payments"] == {"payments": 1}
    assert till.order(order_id).status is Status.TO_PREPARE
    assert by_name(run(now=SOON, **online(till)))["payments"] == {}
    add_up(till.engine)


def test_what_is_not_paid_in_time_holds_no_stock(till, run, add_up):
    order_id = till.place()
    till.work(NOON)
    assert by_name(run(now=AT_LAST, **online(till)))["payments"] == {"payments": 1}
    assert till.order(order_id).status is Status.CANCELLED
    add_up(till.engine)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_stripe_that_is_silent_is_not_asked_about_every_payment(till, run):
    ids = [till.place() for _ in range(reconcile.PATIENCE + 2)]
    till.stripe.fail("", "before", 99)
    said = by_name(run(now=NOON, **online(till)))
    assert said["payments"] == "Stripe does not answer: the rest is asked another time"
    asked = [payment for id in ids for payment in till.payments(id) if payment.attempts]
    assert len(asked) == reconcile.PATIENCE
    assert said["forgetting"] == {}


def test_persons_past_their_term_are_forgotten(committed_database, settings, pizzeria, run, add_up):
    with Session(committed_database) as session, session.begin():
        account_id = make_account(session, email_verified_at=None).id
        order_id = order_of(session, pizzeria, status=Status.DELIVERED).id
    later = NOON + timedelta(days=settings["privacy.order_days"] + 1)
    done = by_name(run(now=later))["forgetting"]
    assert done["erased the customers of old orders"] == 1
    assert done["erased accounts that were never confirmed"] == 1
    with Session(committed_database) as session:
        assert session.get_one(Order, order_id).phone is None
        assert session.get_one(Account, account_id).erased_at == later
    add_up(committed_database)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_forgetting_that_fails_is_not_unnoticed(run, pizzeria, monkeypatch):
    from sqlalchemy.exc import ProgrammingError

    from ocpizza.operations import tidy

    def fail(*_):
        raise ProgrammingError("SELECT", {}, Exception("no such column"))

    monkeypatch.setattr(tidy, "forget_uses", fail)
    said = by_name(run())["forgetting"]
    assert said == "forgot counts of what is limited: no such column"


def test_what_is_only_to_be_asked_again_is_no_change(till, run):
    order_id = till.place()
    till.stripe.fail("", "before", 9)
    parts = by_name(run(now=SOON, **online(till)))
    assert parts["payments"] == {}
    assert till.payments(order_id)[0].attempts == 1


def test_a_card_that_stripe_forgets_is_counted_as_that(till, run):
    with till.session() as session, session.begin():
        session.add(StripeRemoval(stripe_id="pm_unknown", retry_at=NOON))
    assert by_name(run(now=SOON, **online(till)))["payments"] == {"removals": 1}


def test_without_stripe_the_morning_goes_well_whatever_waits_for_its_keys(till, run, notes):
    for _ in range(4):
        till.settle(till.place())
    (part,) = [part for part in run(now=SOON) if part.name == "payments"]
    assert (part.changes, part.error) == ({}, "")
    assert [note.succeeded for note in notes()] == [True]


def test_days_that_are_over_are_closed_once(committed_database, pizzeria, run, notes):
    tomorrow = NOON + timedelta(days=1)
    with Session(committed_database) as session, session.begin():
        order_of(session, pizzeria, status=Status.DELIVERED)
    assert by_name(run(now=NOON))["closed days"] == {}
    assert by_name(run(now=tomorrow))["closed days"] == {"closed": 1}
    assert closed_days(run(now=tomorrow)) == "closed days: nothing changed"
    assert notes()[-1].changes == {}


def test_a_restaurant_whose_order_is_open_keeps_no_other_from_closing(
    committed_database, pizzeria, run
):
    with Session(committed_database) as session, session.begin():
        other = make_branch(session, pizzeria, code="city_002")
        order_of(session, pizzeria)
        order_of(session, other, status=Status.DELIVERED)
    tomorrow = NOON + timedelta(days=1)
    waits = "city_001 has orders of 2026-03-04 that are still open"
    assert closed_days(run(now=tomorrow)) == f"closed days: closed 1; {waits}"
    assert closed_days(run(now=tomorrow)) == f"closed days: {waits}"


def test_a_restaurant_whose_days_fail_keeps_no_other_from_closing(
    committed_database, pizzeria, run, notes, monkeypatch
):
    with Session(committed_database) as session, session.begin():
        other = make_branch(session, pizzeria, code="city_002")
        for branch in (pizzeria, other):
            order_of(session, branch, status=Status.DELIVERED)
        here, there = pizzeria.restaurant.id, other.restaurant.id

    def fail_here(session, restaurant_id, day, now):
        if restaurant_id == here:
            session.execute(text("SELECT nothing FROM nowhere"))
        return close_day(session, restaurant_id, day, now)

    monkeypatch.setattr(local_work, "close_day", fail_here)
    said = closed_days(run(now=NOON + timedelta(days=1)))
    assert said.startswith("closed days: city_001: the database answers: ")
    with Session(committed_database) as session:
        assert [day.restaurant_id for day in session.scalars(select(ClosedDay))] == [there]
    assert notes()[-1].changes == {"closed days": {"closed": 1}}
