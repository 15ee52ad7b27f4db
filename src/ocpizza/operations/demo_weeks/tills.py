"""The demo's tills: open since this morning, with what the counter has received today."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ocpizza.domain.hours import business_day, span
from ocpizza.models.order import Order
from ocpizza.models.payment import Means, Payment
from ocpizza.models.till import TillSession
from ocpizza.models.vat import Mode
from ocpizza.services.till.session import find_till


def open_tills_today(session: Session, restaurant_ids: Sequence[int], now: datetime) -> None:
    """Have every till be opened this morning: what drivers collected before has been brought."""
    morning = span(business_day(now))[0]
    for restaurant_id in restaurant_ids:
        till = find_till(session, restaurant_id)
        if till is None:
            continue
        session.execute(
            update(TillSession).where(TillSession.id == till.id).values(opened_at=morning)
        )
        counter = select(Order.id).where(
            Order.restaurant_id == restaurant_id,
            Order.business_day == business_day(now),
            Order.mode != Mode.DELIVERY,
        )
        session.execute(
            update(Payment)
            .where(
                Payment.order_id.in_(counter),
                Payment.means != Means.ONLINE_CARD,
                Payment.settled_at >= morning,
            )
            .values(till_session_id=till.id)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()
