"""Every table: importing this package fills `Base.metadata`."""

from ocpizza.models import (
    account,
    basket,
    catalogue_state,
    ingredient,
    job,
    legal_entity,
    lookup,
    mail,
    offer,
    order,
    payment,
    picture,
    product,
    promotion,
    restaurant,
    stock,
)

__all__ = [
    "account",
    "basket",
    "catalogue_state",
    "ingredient",
    "job",
    "legal_entity",
    "lookup",
    "mail",
    "offer",
    "order",
    "payment",
    "picture",
    "product",
    "promotion",
    "restaurant",
    "stock",
]
