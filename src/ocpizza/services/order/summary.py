"""B2: everything that the summary of an order tells."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import Order
from ocpizza.models.payment import Payment
from ocpizza.models.promotion import Promotion
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.order.queries import whole_order


def load_summary(session: Session, order_id: int) -> tuple[Order, list[Payment], Promotion | None]:
    """Return an order whole with its legal entity, its payments, and its promotion if any.

    The lines are those of the revision that came with the order, whatever happens meanwhile.
    """
    entity = joinedload(Order.restaurant).joinedload(Restaurant.legal_entity)
    entity = entity.joinedload(LegalEntity.former)
    query = select(Order).where(Order.id == order_id).options(*whole_order(), entity)
    order = session.scalars(query).unique().one()
    payments = session.scalars(
        select(Payment)
        .where(Payment.order_id == order_id)
        .options(joinedload(Payment.receipt), selectinload(Payment.refunds))
        .order_by(Payment.id)
    )
    promotion_id = order.revision.promotion_id
    promotion = session.get(Promotion, promotion_id) if promotion_id is not None else None
    return order, list(payments), promotion
