"""What is due in the shop itself: prices, unconfirmed orders, payments, days, persons.

Orders, payments and persons are the worker's as well, all day long: the same functions, once, so
that a worker that stands still does not go unnoticed.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ocpizza.models.restaurant import Restaurant
from ocpizza.operations.cyclic_update.parts import Changes, Done, PartFailed, Work
from ocpizza.operations.job_runs import words
from ocpizza.operations.tidy import tidy
from ocpizza.outage import is_unreachable
from ocpizza.payments import make_gateway
from ocpizza.payments.reconcile import StripeSilent, reconcile
from ocpizza.services.catalogue.price_changes import make_due_changes
from ocpizza.services.order.confirm_by_phone import cancel_unconfirmed
from ocpizza.services.sales.close import Outcome, close_day, days_to_close
from ocpizza.services.sales.recent import count_recent_sales
from ocpizza.settings import Settings

T = TypeVar("T")
# What Stripe releases by itself is a week old; each payment is asked about on as many mornings.
LOOK_BACK = timedelta(days=8)
PRICES = "price changes"


def local_work(engine: Engine, settings: Settings, now: datetime) -> Iterator[Work]:
    """Yield what there is to do, each under its name."""
    yield PRICES, partial(change_prices, engine, now)
    yield "unconfirmed orders", partial(_cancel_unconfirmed, engine, now)
    yield "payments", partial(_reconcile, engine, settings, now)
    yield "closed days", partial(_close_days, engine, now)
    yield "forgetting", partial(_forget, engine, settings, now)


def change_prices(engine: Engine, now: datetime, restaurant_id: int | None = None) -> Changes:
    """Make the price changes that are due, all of them or a restaurant's own."""
    made = _in_transaction(engine, lambda session: make_due_changes(session, now, restaurant_id))
    return {"prices": made}


def _cancel_unconfirmed(engine: Engine, now: datetime) -> Changes:
    cancelled = 0
    while _in_transaction(engine, lambda session: cancel_unconfirmed(session, now)):
        cancelled += 1
    return {"cancelled": cancelled}


def _reconcile(engine: Engine, settings: Settings, now: datetime) -> Changes:
    # What is only to be asked again is no change.
    changed: Counter[str] = Counter()
    try:
        for line in reconcile(engine, make_gateway(settings), now, LOOK_BACK):
            if line.changed:
                changed[line.changed] += 1
    except StripeSilent as silence:
        raise PartFailed(str(silence), changed) from silence
    return changed


def _close_days(engine: Engine, now: datetime) -> Done:
    # Where an order of a day is still open, that restaurant's days wait.
    outcomes: Counter[Outcome] = Counter()
    waiting, failed = [], []
    for code, own in _in_transaction(engine, _restaurants):
        try:
            day = _close_days_of(engine, own, now, outcomes)
            count = partial(count_recent_sales, restaurant_id=own, now=now)
            _in_transaction(engine, count)
        except SQLAlchemyError as error:
            if is_unreachable(error):
                raise
            failed.append(f"{code}: {words(error)}")
            continue
        if day:
            waiting.append(f"{code} has orders of {day} that are still open")
    changes = {"closed": outcomes[Outcome.CLOSED], "corrected": outcomes[Outcome.CORRECTED]}
    if failed:
        raise PartFailed("; ".join(failed + waiting), changes)
    return changes, "; ".join(waiting)


def _close_days_of(
    engine: Engine, restaurant_id: int, now: datetime, outcomes: Counter[Outcome]
) -> date | None:
    """Close what is over and count it; return the day whose orders are waited for, if any."""
    due = partial(days_to_close, restaurant_id=restaurant_id, now=now)
    for day in _in_transaction(engine, due):
        close = partial(close_day, restaurant_id=restaurant_id, day=day, now=now)
        outcome = _in_transaction(engine, close)
        outcomes[outcome] += 1
        if outcome is Outcome.ORDERS_OPEN:
            return day
    return None


def _restaurants(session: Session) -> list[tuple[str, int]]:
    query = select(Restaurant.code, Restaurant.id).order_by(Restaurant.id)
    return [(code, restaurant_id) for code, restaurant_id in session.execute(query)]


def _forget(engine: Engine, settings: Settings, now: datetime) -> Changes:
    tidied = tidy(partial(_in_transaction, engine), settings, now)
    if tidied.failed:
        raise PartFailed("; ".join(tidied.failed), tidied.done)
    return tidied.done


def _in_transaction(engine: Engine, act: Callable[[Session], T]) -> T:
    with Session(engine) as session, session.begin():
        return act(session)
