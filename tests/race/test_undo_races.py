"""A wrong tap is taken back, or what follows from it has begun: never both."""

from datetime import timedelta
from functools import partial
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, author_of, make_pizzeria, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import UNDO, Order
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, PaymentGoal, PaymentState
from ocpizza.services.order.advance import StaleStatus, Step, advance_order
from ocpizza.services.order.cancel import TooLate, cancel_order
from ocpizza.services.order.undo import TooLateToUndo, undo_step
from ocpizza.services.outbox.send import send_next
from ocpizza.services.settlement.apply_state import Outcome, apply_payment_state
from ocpizza.services.settlement.claim import claim_payment

PAIRS = 12
LAST = NOON + UNDO


def kitchen(engine, step: tuple[Status, Status], *, online: bool = False):
    """Orders with their last event, just tapped on, and who did."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        pizzeria = make_pizzeria(session)
        cook = author_of(make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant))
        tapped = {}
        for _ in range(PAIRS):
            order = _paid(session, pizzeria) if online else _new(session, pizzeria)
            _come_to(session, order, step, cook)
            tapped[order.id] = _last(session, order.id).id
    return tapped, cook


def _new(session, pizzeria) -> Order:
    return order_of(session, pizzeria, email="julia@example.org")


def _paid(session, pizzeria) -> Order:
    order = order_of(session, pizzeria, means=Means.ONLINE_CARD, status=Status.AWAITING_PAYMENT)
    payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
    payment.stripe_intent_id = f"pi_{payment.id}"
    apply_payment_state(session, order, payment, Outcome(PaymentState.AUTHORISED), NOON)
    session.flush()
    return order


def _come_to(session, order: Order, step: tuple[Status, Status], cook: Author) -> None:
    way = (Status.TO_PREPARE, Status.ACCEPTED, Status.PREPARING, Status.READY)
    for before, after in pairwise(way):
        advance_order(session, order.id, Step(before, after), cook, NOON)
        session.flush()
        if (before, after) == step:
            return


def _last(session: Session, order_id: int) -> OrderEvent:
    mine = select(OrderEvent).where(
        OrderEvent.order_id == order_id, OrderEvent.kind.in_((EventKind.STATUS, EventKind.UNDONE))
    )
    return session.scalars(mine.order_by(OrderEvent.id.desc())).first()


def undo(order_id: int, event_id: int, author: Author, session: Session) -> str:
    undo_step(session, order_id, event_id, author, LAST)
    return "undone"


def raced(engine, tapped, cook, rival, expected):
    """(order id, who won) of each order that is undone while `rival` does something to it."""
    actions = []
    for order_id, event_id in tapped.items():
        actions += [partial(undo, order_id, event_id, cook), partial(rival, order_id, event_id)]
    outcomes = all_at_once(engine, actions)
    for place, order_id in enumerate(tapped):
        pair = outcomes[2 * place : 2 * place + 2]
        (won,) = (each for each in succeeded(pair, expected) if each)
        yield order_id, won


def test_undone_or_gone_on_at_the_same_moment_is_one_of_the_two(committed_database, add_up):
    tapped, cook = kitchen(committed_database, (Status.TO_PREPARE, Status.ACCEPTED))

    def go_on(order_id: int, _event: int, session: Session) -> str:
        advance_order(session, order_id, Step(Status.ACCEPTED, Status.PREPARING), cook, LAST)
        return "gone on"

    stands = {"undone": Status.TO_PREPARE, "gone on": Status.PREPARING}
    for order_id, won in raced(committed_database, tapped, cook, go_on, StaleStatus):
        with Session(committed_database) as session:
            assert session.get_one(Order, order_id).status is stands[won]
    add_up(committed_database)


def test_two_who_undo_the_same_tap_undo_it_once(committed_database, add_up):
    tapped, cook = kitchen(committed_database, (Status.ACCEPTED, Status.PREPARING))

    def undo_too(order_id: int, event_id: int, session: Session) -> str:
        return undo(order_id, event_id, cook, session)

    for order_id, _ in raced(committed_database, tapped, cook, undo_too, StaleStatus):
        with Session(committed_database) as session:
            assert session.get_one(Order, order_id).status is Status.ACCEPTED
    add_up(committed_database)


def test_undone_or_captured_at_the_same_moment_is_one_of_the_two(committed_database, add_up):
    step = (Status.ACCEPTED, Status.PREPARING)
    tapped, cook = kitchen(committed_database, step, online=True)

    def begin_to_capture(order_id: int, _event: int, session: Session) -> str | None:
        mine = select(Payment.id).where(Payment.order_id == order_id)
        task = claim_payment(session, session.scalars(mine).one(), LAST)
        return "captured" if task and task.goal is PaymentGoal.CAPTURE else None

    stands = {
        "undone": (Status.ACCEPTED, PaymentGoal.AUTHORISE),
        "captured": (Status.PREPARING, PaymentGoal.CAPTURE),
    }
    for order_id, won in raced(committed_database, tapped, cook, begin_to_capture, TooLateToUndo):
        with Session(committed_database) as session:
            payment = session.scalars(select(Payment).where(Payment.order_id == order_id)).one()
            order = session.get_one(Order, order_id)
            assert (order.status, payment.goal) == stands[won]
    add_up(committed_database)


def test_undone_or_told_by_mail_at_the_same_moment_is_one_of_the_two(committed_database, add_up):
    tapped, cook = kitchen(committed_database, (Status.TO_PREPARE, Status.ACCEPTED))
    told = set()

    def send_all(_order: int, _event: int, session: Session) -> None:
        def send(mail: OutgoingMail) -> bool:
            if mail.kind is MailKind.ORDER_ACCEPTED:
                told.add(mail.order_id)
            return True

        while send_next(session, send, LAST):
            pass

    actions = []
    for order_id, event_id in tapped.items():
        actions += [
            partial(undo, order_id, event_id, cook),
            partial(send_all, order_id, event_id),
        ]
    succeeded(all_at_once(committed_database, actions), TooLateToUndo)
    with Session(committed_database) as session:
        for order_id in tapped:
            undone = session.get_one(Order, order_id).status is Status.TO_PREPARE
            assert undone is (order_id not in told)
    add_up(committed_database)


def test_an_order_undone_and_cancelled_at_the_same_moment_gives_everything_back_once(
    committed_database, add_up
):
    step = (Status.ACCEPTED, Status.PREPARING)
    tapped, cook = kitchen(committed_database, step, online=True)

    def cancel(order_id: int, _event: int, session: Session) -> bool:
        return cancel_order(session, order_id, Author(None, Role.CUSTOMER), LAST + timedelta(1))

    actions = []
    for order_id, event_id in tapped.items():
        actions += [partial(undo, order_id, event_id, cook), partial(cancel, order_id, event_id)]
    outcomes = all_at_once(committed_database, actions)
    for place, order_id in enumerate(tapped):
        done = succeeded(outcomes[2 * place : 2 * place + 2], TooLate)
        expected = Status.CANCELLED if True in done else Status.ACCEPTED
        assert "undone" in done
        with Session(committed_database) as session:
            assert session.get_one(Order, order_id).status is expected
    add_up(committed_database)
