"""Which products each restaurant has a page of: asked at once, for hundreds of restaurants."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.price import HiddenProduct
from ocpizza.models.product import Product
from ocpizza.services.catalogue.menu import HAS_RECIPE


def offered_everywhere(session: Session) -> defaultdict[int, list[str]]:
    """Return restaurant id → slugs of the products of its menu (`services.catalogue.menu`)."""
    products = session.execute(
        select(Product.id, Product.slug).where(HAS_RECIPE).order_by(Product.position, Product.id)
    ).all()
    hidden: dict[int, set[int]] = defaultdict(set)
    for row in session.execute(select(HiddenProduct.restaurant_id, HiddenProduct.product_id)):
        hidden[row.restaurant_id].add(row.product_id)
    slugs = [product.slug for product in products]
    offered: defaultdict[int, list[str]] = defaultdict(lambda: slugs)
    for restaurant_id, ids in hidden.items():
        offered[restaurant_id] = [each.slug for each in products if each.id not in ids]
    return offered
