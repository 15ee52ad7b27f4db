"""The demo's tills: opened every morning, counted every evening by the services that people use.

Today's is still open, and what drivers have collected today is still with them.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.cash import VALUES
from ocpizza.domain.hours import business_day, span
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.payment import Means, Payment, Refund
from ocpizza.models.till import TillSession
from ocpizza.models.vat import Mode
from ocpizza.operations.demo_weeks.house import House
from ocpizza.services.till.close import Counted, close_till
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.drivers import Brought, bring_cash, carried_cash
from ocpizza.services.till.move import Moved, move_cash
from ocpizza.services.till.session import find_till, open_till

FLOAT: Cents = 150_00
# What is left in the drawer when the rest is taken to the bank.
LEFT: Cents = 200_00
TO_THE_BANK = 0.3
DIFFERENCE = 0.2
DIFFERENCES = {
    -200: "Une pièce de 2 € introuvable",
    -100: "Erreur de rendu",
    -50: "Erreur de rendu",
    -20: "Rendu arrondi",
    10: "Pourboire laissé au comptoir",
    50: "Monnaie refusée par un client",
    100: "Pourboire laissé au comptoir",
}
DRIVER_NOTE = "Rendu arrondi à la porte"
# Nobody pays at home with a larger note.
NOTES = tuple(value for value in VALUES if value <= 50_00)


@dataclass
class _Day:
    """What was received and given back by hand at a counter, and when it ended."""

    payments: list[int] = field(default_factory=list)
    refunds: list[int] = field(default_factory=list)
    last: datetime | None = None


def keep_tills(session: Session, houses: Sequence[House], days: Sequence[date]) -> None:
    """Open, fill, count and close the tills of these days; the last one's stays open."""
    for house in houses:
        chance = Random(f"till {house.id} {days[-1]}")  # noqa: S311  (a demo is no secret)
        books = _books(session, house.id)
        for day in days:
            till = _open(session, house, day, chance)
            _receive(session, till, books[day])
            if day != days[-1]:
                _close(session, house, till, _end(day, books[day], chance), chance)
    session.expire_all()


def _books(session: Session, restaurant_id: int) -> dict[date, _Day]:
    books: dict[date, _Day] = defaultdict(_Day)
    by_hand = (Order.restaurant_id == restaurant_id, Payment.means != Means.ONLINE_CARD)
    payments = select(Payment.id, Payment.settled_at, Order.mode).join(
        Order, Order.id == Payment.order_id
    )
    for id, at, mode in session.execute(payments.where(*by_hand)):
        assert at is not None
        day = books[business_day(at)]
        day.last = max(at, day.last or at)
        # What was paid at a door is brought by the driver.
        if mode is not Mode.DELIVERY:
            day.payments.append(id)
    refunds = select(Refund.id, Refund.requested_at).join(Payment, Payment.id == Refund.payment_id)
    refunds = refunds.join(Order, Order.id == Payment.order_id)
    for id, at in session.execute(refunds.where(*by_hand)):
        day = books[business_day(at)]
        day.last = max(at, day.last or at)
        day.refunds.append(id)
    return books


def _open(session: Session, house: House, day: date, chance: Random) -> TillSession:
    at = span(day)[0] + timedelta(hours=4, minutes=chance.randint(15, 50))
    cashier = house.one_of(Role.CASHIER, chance)
    till = find_till(session, house.id)
    if till is None:
        return open_till(session, house.id, FLOAT, cashier, at)
    # The one that the chain was begun with.
    till.opened_at, till.opened_by_id, till.float_cents = at, cashier.account_id, FLOAT
    session.flush()
    return till


def _receive(session: Session, till: TillSession, day: _Day) -> None:
    for table, ids in ((Payment, day.payments), (Refund, day.refunds)):
        session.execute(
            update(table)
            .where(table.id.in_(ids))
            .values(till_session_id=till.id)
            .execution_options(synchronize_session=False)
        )


def _end(day: date, books: _Day, chance: Random) -> datetime:
    evening = span(day)[0] + timedelta(hours=16, minutes=30)
    return max(books.last or evening, evening) + timedelta(minutes=chance.randint(12, 35))


def _close(session: Session, house: House, till: TillSession, at: datetime, chance: Random) -> None:
    cashier = house.one_of(Role.CASHIER, chance)
    for driver in carried_cash(session, house.id, at):
        short = 50 if chance.random() < DIFFERENCE / 4 and driver.cents > 50 else 0
        note = DRIVER_NOTE if short else ""
        key = secrets.token_urlsafe(32)
        brought = Brought(driver.driver_id, driver.cents - short, driver.cents, note, key)
        bring_cash(session, till, brought, cashier, at)
    expected = drawer_of(session, till).expected_cents
    if expected - LEFT >= 100_00 and chance.random() < TO_THE_BANK:
        cents = (expected - LEFT) // 50_00 * 50_00
        moved = Moved(-cents, "Remise à la banque", secrets.token_urlsafe(32))
        move_cash(session, till, moved, house.one_of(Role.MANAGER, chance), at)
        expected -= cents
    wrong = chance.choice(list(DIFFERENCES)) if chance.random() < DIFFERENCE else 0
    counted = max(0, expected + wrong)
    note = DIFFERENCES[wrong] if wrong else ""
    close_till(session, till, Counted(_pieces(counted), expected, note), cashier, at)


def _pieces(cents: Cents) -> dict[Cents, int]:
    """Return what a drawer of this sum may hold."""
    pieces = {}
    for value in NOTES:
        pieces[value], cents = divmod(cents, value)
    return pieces
