"""UC1.3: put an order into a basket, to be changed there; the order stays as it is meanwhile."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.checkout import Details
from ocpizza.models.basket import Basket, BasketLine
from ocpizza.models.order import Order
from ocpizza.services.basket.basket import new_basket
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.checkout.agreement import read_agreement
from ocpizza.services.locks import lock_order
from ocpizza.services.order.cancel import TooLate
from ocpizza.services.order.queries import load_order


def start_change(session: Session, order_id: int, now: datetime) -> Basket:
    """Return a new basket that holds what the order holds. Raises TooLate."""
    # Held meanwhile: contents and address must be of one revision.
    lock_order(session, order_id)
    order = load_order(session, order_id)
    if not order.changeable:
        raise TooLate(order.status)
    assortment = read_menu(session, order.restaurant_id).assortment
    agreement = read_agreement(session, order_id, assortment)
    basket = new_basket(session, now)
    basket.restaurant_id = order.restaurant_id
    basket.changes_order_id = order.id
    basket.changes_revision = agreement.revision
    basket.details = details_of(order).to_json()
    basket.lines = [
        BasketLine(selection=selection, quantity=line.quantity)
        for selection, line in agreement.lines.items()
    ]
    session.flush()
    return basket


def details_of(order: Order) -> Details:
    """Return what was told about its customer and its address."""
    revision = order.revision
    return Details(
        mode=order.mode,
        contact_name=order.contact_name,
        phone=order.phone,
        email=order.email,
        street=revision.street,
        complement=revision.complement,
        postcode=revision.postcode,
        town=revision.town,
        comment=revision.comment,
    )
