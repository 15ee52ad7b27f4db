"""Every table: importing this package fills `Base.metadata`."""

from ocpizza.models import (
    account,
    basket,
    document,
    ingredient,
    job,
    legal_entity,
    mail,
    offer,
    order,
    payment,
    product,
    promotion,
    restaurant,
    stock,
)

__all__ = [
    "account",
    "basket",
    "document",
    "ingredient",
    "job",
    "legal_entity",
    "mail",
    "offer",
    "order",
    "payment",
    "product",
    "promotion",
    "restaurant",
    "stock",
]
