"""UC4.1: an order goes its way once, step by step, by whom may."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select

from factories import (
    NOON,
    advance_to,
    author_of,
    make_account,
    make_staff,
    order_of,
)
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order import TRANSITIONS
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import ENDED, Status
from ocpizza.models.vat import Mode
from ocpizza.services.order.advance import (
    MORE_THAN_A_STATUS,
    NotAllowed,
    StaleStatus,
    Step,
    advance_order,
)

STEPS = [
    (before, after, mode, role)
    for (before, after), how in TRANSITIONS.items()
    for mode, roles in how.items()
    for role in sorted(roles)
    if before is not Status.AWAITING_PAYMENT and after not in MORE_THAN_A_STATUS
]


def author(session, pizzeria, role: Role) -> Author:
    if role is Role.CUSTOMER:
        return Author(make_account(session).id, role)
    return author_of(make_staff(session, role, pizzeria.restaurant))


def way_of(session, order) -> list[Status]:
    query = select(OrderEvent.status).where(OrderEvent.order_id == order.id)
    return list(session.scalars(query.order_by(OrderEvent.id)))


@pytest.mark.parametrize(("before", "after", "mode", "role"), STEPS)
def test_each_allowed_step_is_taken_and_told(session, pizzeria, before, after, mode, role):
    order = order_of(session, pizzeria, mode=mode, status=before)
    who, later = author(session, pizzeria, role), NOON + timedelta(minutes=5)
    if before is Status.OUT_FOR_DELIVERY and role is Role.DRIVER:
        order.driver_id = who.account_id
    advance_order(session, order.id, Step(before, after), who, later)
    session.flush()
    assert order.status is after
    last = session.scalars(select(OrderEvent).order_by(OrderEvent.id.desc())).first()
    assert (last.order_id, last.status, last.at) == (order.id, after, later)
    assert (last.author_id, last.author_role) == (who.account_id, role)


@pytest.mark.parametrize("mode", Mode)
def test_a_step_that_a_role_may_not_take_changes_nothing(session, pizzeria, mode, add_up):
    before = Status.TO_PREPARE
    while before not in ENDED:
        order = order_of(session, pizzeria, mode=mode, status=before)
        for after in Status:
            for role in Role:
                allowed = role in TRANSITIONS.get((before, after), {}).get(mode, ())
                if not allowed or after in MORE_THAN_A_STATUS:
                    with pytest.raises(NotAllowed):
                        advance_order(session, order.id, Step(before, after), Author(1, role), NOON)
        assert order.status is before
        before = next_of(before, mode)
    add_up(session)


def next_of(before: Status, mode: Mode) -> Status:
    """The next status on the way to the customer's hands."""
    ways = (
        after
        for (start, after), how in TRANSITIONS.items()
        if start is before and mode in how and after not in MORE_THAN_A_STATUS
    )
    return next(ways, Status.DELIVERED)


@pytest.mark.parametrize("after", sorted(MORE_THAN_A_STATUS))
def test_what_is_more_than_a_status_is_not_done_by_a_status(session, pizzeria, after, add_up):
    before = Status.ACCEPTED if after is Status.CANCELLED else Status.READY
    order = order_of(session, pizzeria, status=before)
    manager = author(session, pizzeria, Role.MANAGER)
    with pytest.raises(NotAllowed):
        advance_order(session, order.id, Step(before, after), manager, NOON)
    add_up(session)


def test_who_comes_too_late_hears_who_was_first(session, pizzeria):
    order = order_of(session, pizzeria)
    first = make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant, first_name="Salvatore")
    second = author(session, pizzeria, Role.PIZZAIOLO)
    step = (Status.TO_PREPARE, Status.ACCEPTED)
    advance_order(session, order.id, Step(*step), author_of(first), NOON)
    with pytest.raises(StaleStatus) as lost:
        advance_order(session, order.id, Step(*step), second, NOON + timedelta(seconds=1))
    assert (lost.value.status, lost.value.at) == (Status.ACCEPTED, NOON)
    assert lost.value.author_name == "Salvatore Lombard"
    assert order.pizzaiolo_id == first.id


def test_who_comes_too_late_for_a_change_by_nobody_hears_the_status(session, pizzeria):
    order = order_of(session, pizzeria)
    with pytest.raises(StaleStatus) as lost:
        advance_order(
            session,
            order.id,
            Step(Status.AWAITING_PAYMENT, Status.TO_PREPARE),
            author(session, pizzeria, Role.MANAGER),
            NOON,
        )
    assert (lost.value.status, lost.value.author_name) == (Status.TO_PREPARE, "")


def test_an_order_remembers_its_pizza_maker_and_its_driver(session, pizzeria):
    order = order_of(session, pizzeria)
    roles = [Role.PIZZAIOLO, Role.PIZZAIOLO, Role.PIZZAIOLO, Role.DRIVER, Role.MANAGER]
    people = [author(session, pizzeria, role) for role in roles]
    for who in people:
        step = Step(order.status, next_of(order.status, order.mode))
        advance_order(session, order.id, step, who, NOON)
        session.flush()
    assert order.status is Status.DELIVERED
    assert order.pizzaiolo_id == people[0].account_id
    assert order.driver_id == people[3].account_id


def test_a_driver_hands_over_what_they_carry_themselves_and_a_manager_anything(session, pizzeria):
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY)
    step = (Status.OUT_FOR_DELIVERY, Status.DELIVERED)
    with pytest.raises(NotAllowed):
        advance_order(session, order.id, Step(*step), author(session, pizzeria, Role.DRIVER), NOON)
    assert order.status is Status.OUT_FOR_DELIVERY
    advance_order(session, order.id, Step(*step), author(session, pizzeria, Role.MANAGER), NOON)
    assert order.status is Status.DELIVERED


def test_a_change_of_status_is_a_new_version_of_the_order(session, pizzeria):
    order = order_of(session, pizzeria)
    before = order.version
    advance_to(session, order, Status.ACCEPTED)
    assert order.version == before + 1


# None stands for what fits: the status that the order has, the next one.
attempts = st.tuples(
    st.none() | st.sampled_from(Status), st.none() | st.sampled_from(Status), st.sampled_from(Role)
)


@examples(max_examples=20)
@given(mode=st.sampled_from(Mode), attempts=st.lists(attempts, min_size=5, max_size=40))
def test_whatever_is_tried_an_order_lives_by_the_table(session, pizzeria, add_up, mode, attempts):
    order = order_of(session, pizzeria, mode=mode)
    staff = {role: author(session, pizzeria, role) for role in Role}
    for before, after, role in attempts:
        was = order.status
        after = after or next_of(was, mode)
        try:
            advance_order(session, order.id, Step(before or was, after), staff[role], NOON)
        except (StaleStatus, NotAllowed):
            assert order.status is was
        else:
            assert order.status is after
            assert role in TRANSITIONS[was, after][mode]
        session.flush()
    way = way_of(session, order)
    assert way[-1] is order.status
    assert len(set(way)) == len(way)
    add_up(session)
