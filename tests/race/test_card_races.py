"""The cards of one account from many sides at once: two payments, removing, erasing."""

from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from clients import all_at_once
from factories import NOON, author_of, make_account, make_pizzeria, order_of
from ocpizza.domain.payment import Card
from ocpizza.models.account import Account
from ocpizza.models.card import SavedCard, StripeRemoval
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.services.payment.cards import remove_card, save_card
from ocpizza.services.privacy.erase_account import erase_account

VISA, SAME_AGAIN = Card("pm_first", "visa", "4242"), Card("pm_second", "visa", "4242")


@pytest.fixture
def account_id(committed_database) -> int:
    """Somebody with two orders that were handed over."""
    with Session(committed_database) as session, session.begin():
        pizzeria, julia = make_pizzeria(session), make_account(session, email_verified_at=NOON)
        for _ in range(2):
            order_of(session, pizzeria, author=author_of(julia), status=Status.DELIVERED)
        return julia.id


def keep(account_id: int, card: Card, session: Session, number: int = 0) -> None:
    orders = select(Order).where(Order.account_id == account_id).order_by(Order.id)
    save_card(session, session.scalars(orders).all()[number], card, NOON)


def left(engine) -> tuple[list[str], list[str]]:
    """The saved cards, and those that Stripe is to forget."""
    with Session(engine) as session:
        kept = session.scalars(select(SavedCard.stripe_payment_method_id)).all()
        return list(kept), sorted(session.scalars(select(StripeRemoval.stripe_id)))


def test_one_card_that_two_orders_were_paid_with_at_once_is_kept_once(
    committed_database, account_id
):
    first = partial(keep, account_id, VISA)
    second = partial(keep, account_id, SAME_AGAIN, number=1)
    assert all_at_once(committed_database, [first, second]) == [None, None]
    (kept,), (forgotten,) = left(committed_database)
    assert {kept, forgotten} == {VISA.id, SAME_AGAIN.id}


def test_the_same_news_of_a_card_many_times_at_once_is_one_card(committed_database, account_id):
    news = [partial(keep, account_id, VISA)] * 6
    assert all_at_once(committed_database, news) == [None] * 6
    assert left(committed_database) == ([VISA.id], [])


def test_a_card_removed_many_times_at_once_is_taken_away_once(committed_database, account_id):
    with Session(committed_database) as session, session.begin():
        keep(account_id, VISA, session)
        card_id = session.scalars(select(SavedCard.id)).one()
    removing = [lambda session: remove_card(session, account_id, card_id, NOON)] * 5
    assert sorted(all_at_once(committed_database, removing)) == [False] * 4 + [True]
    assert left(committed_database) == ([], [VISA.id])


def test_a_card_replaced_while_it_is_removed_leaves_one_or_none(committed_database, account_id):
    with Session(committed_database) as session, session.begin():
        keep(account_id, VISA, session)
        card_id = session.scalars(select(SavedCard.id)).one()
    acts = [
        lambda session: remove_card(session, account_id, card_id, NOON),
        partial(keep, account_id, SAME_AGAIN, number=1),
    ]
    removed, kept = all_at_once(committed_database, acts)
    assert removed in (True, False)
    assert kept is None
    assert left(committed_database) == ([SAME_AGAIN.id], [VISA.id])


@pytest.mark.parametrize("round_", range(4))
def test_nothing_is_kept_of_an_account_that_is_erased_meanwhile(
    committed_database, account_id, round_
):
    acts = [
        lambda session: erase_account(session, account_id, NOON),
        partial(keep, account_id, VISA),
    ]
    outcomes = all_at_once(committed_database, acts[:: 1 if round_ % 2 else -1], deadlocks=True)
    # Whichever the database ends for a deadlock is tried again, by its page or by the worker.
    again = [act for act, done in zip(acts, outcomes, strict=True) if isinstance(done, Exception)]
    assert all(isinstance(each, OperationalError | int | None) for each in outcomes)
    all_at_once(committed_database, again) if again else None
    with Session(committed_database) as session:
        assert session.get_one(Account, account_id).erased_at == NOON
    kept, _ = left(committed_database)
    assert kept == []


def test_a_card_that_is_told_of_after_the_erasure_is_taken_away(committed_database, account_id):
    with Session(committed_database) as session, session.begin():
        erase_account(session, account_id, NOON)
    with Session(committed_database) as session, session.begin():
        keep(account_id, VISA, session)
        keep(account_id, VISA, session)
    assert left(committed_database) == ([], [VISA.id])
