"""UC1.3: read what was agreed on an order, and what the stock is without it."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy.orm import Session

from ocpizza.domain.agreement import AgreedLine, Agreement
from ocpizza.domain.menu import Assortment, Menu
from ocpizza.domain.selection import Part, Selection
from ocpizza.models.basket import Basket
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, OrderLinePart, Use
from ocpizza.services.order.queries import load_order
from ocpizza.services.payment.queries import authorised_cents
from ocpizza.services.promotion.uses import agreed_promotion
from ocpizza.services.stock.move import taken_by


def read_agreement(session: Session, order_id: int, assortment: Assortment) -> Agreement:
    """Return the current revision of an order, its lines as selections of this assortment."""
    order = load_order(session, order_id)
    revision = order.revision
    return Agreement(
        order_id=order.id,
        number=order.number,
        tracking_token=order.tracking_token,
        revision=revision.number,
        mode=order.mode,
        total_cents=revision.total_cents,
        delivery_fee_cents=revision.delivery_fee_cents,
        lines=_agreed(order, assortment),
        taken=taken_by(session, order.id),
        promotion=agreed_promotion(session, revision),
        payment_choice=order.payment_choice,
        authorised_cents=authorised_cents(session, order.id),
        received_cents=order.received_cents,
        of_age=order.of_age_at is not None,
    )


def without_order(menu: Menu, agreement: Agreement) -> Menu:
    """Return the menu as if the order had not taken its ingredients yet."""
    stock = defaultdict(int, menu.stock)
    for ingredient_id, quantity in agreement.taken.items():
        stock[ingredient_id] += quantity
    return Menu(menu.assortment, stock)


def _agreed(order: Order, assortment: Assortment) -> Mapping[str, AgreedLine]:
    lines: dict[str, AgreedLine] = {}
    for line in order.revision.lines:
        text = selection_of(line, assortment).text
        before = lines.get(text, AgreedLine(0, line.unit_price_cents))
        # The same selection at two prices: the customer is given the lower one for both.
        price = min(before.unit_price_cents, line.unit_price_cents)
        lines[text] = AgreedLine(before.quantity + line.quantity, price)
    return lines


def selection_of(line: OrderLine, assortment: Assortment) -> Selection:
    """Return what somebody would choose to get this line again."""
    return Selection(tuple(_part(line, part, assortment) for part in line.parts))


def _part(line: OrderLine, part: OrderLinePart, assortment: Assortment) -> Part:
    used = {use: sorted(u.ingredient_id for u in part.ingredients if u.use is use) for use in Use}
    return Part(_size_id(line, part, assortment), tuple(used[Use.WITHOUT]), tuple(used[Use.EXTRA]))


def _size_id(line: OrderLine, part: OrderLinePart, assortment: Assortment) -> int:
    sizes = (
        size.id
        for product in assortment.products
        if product.id == part.product_id
        for size in product.sizes
        if size.code == line.size.code
    )
    return next(sizes, line.product_size_id)


def menu_for(session: Session, basket: Basket | None, restaurant_id: int, menu: Menu) -> Menu:
    """Return the menu as this basket may use it: a change takes again what its order has taken."""
    if basket is None or basket.changes_order_id is None or basket.restaurant_id != restaurant_id:
        return menu
    agreement = read_agreement(session, basket.changes_order_id, menu.assortment)
    return without_order(menu, agreement)
