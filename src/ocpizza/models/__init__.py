"""Every table: importing this package fills `Base.metadata`."""

from ocpizza.models import (
    account,
    basket,
    catalogue_state,
    ingredient,
    job,
    legal_entity,
    mail,
    offer,
    order,
    payment,
    picture,
    product,
    promotion,
    provider_visit,
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
    "mail",
    "offer",
    "order",
    "payment",
    "picture",
    "product",
    "promotion",
    "provider_visit",
    "restaurant",
    "stock",
]
