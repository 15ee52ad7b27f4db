"""UC3.2: the promotions that a manager sees, how often they were used and what they gave."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from ocpizza.domain.sorting import reading_order
from ocpizza.models.product import Product, ProductSize
from ocpizza.models.promotion import Promotion, PromotionRestaurant
from ocpizza.models.restaurant import Restaurant


@dataclass(frozen=True, slots=True)
class Listed:
    """A promotion and what it names."""

    promotion: Promotion
    product: str | None
    restaurants: list[str]
    managed: bool

    @property
    def weekdays(self) -> list[int]:
        """0 is Monday."""
        return [day for day in range(7) if self.promotion.weekday_mask >> day & 1]


def list_promotions(session: Session, restaurant_id: int | None) -> list[Listed]:
    """Return the group's promotions and a restaurant's, or all of them, active ones first."""
    query = select(Promotion).options(selectinload(Promotion.restaurants))
    if restaurant_id is not None:
        here = PromotionRestaurant.restaurant_id == restaurant_id
        everywhere = ~Promotion.restaurants.any()
        query = query.where(or_(everywhere, Promotion.restaurants.any(here)))
    products, names = dict(list_sizes(session)), dict(all_restaurants(session))
    return [
        Listed(
            promotion,
            products.get(promotion.product_size_id or 0),
            sorted((names[at.restaurant_id] for at in promotion.restaurants), key=reading_order),
            may_manage(promotion, restaurant_id),
        )
        for promotion in session.scalars(query.order_by(Promotion.active.desc(), Promotion.code))
    ]


def find_promotion(session: Session, promotion_id: int) -> Promotion | None:
    """Return the promotion with this id and its restaurants."""
    query = select(Promotion).options(selectinload(Promotion.restaurants))
    return session.scalars(query.where(Promotion.id == promotion_id)).one_or_none()


def may_manage(promotion: Promotion, restaurant_id: int | None) -> bool:
    """Return whether the manager of a restaurant, or of the group, may change it."""
    if restaurant_id is None:
        return True
    return {place.restaurant_id for place in promotion.restaurants} == {restaurant_id}


def list_sizes(session: Session) -> list[tuple[int, str]]:
    """Return every product in every size: (size id, « Regina, Classique 31 cm »)."""
    query = select(
        Product.position, Product.name, ProductSize.position, ProductSize.id, ProductSize.name
    ).join(ProductSize.product)
    sizes = session.execute(query).all()
    ordered = sorted(sizes, key=lambda row: (row[0], reading_order(row[1]), row[2]))
    return [(id, f"{product}, {size}") for _, product, _, id, size in ordered]


def all_restaurants(session: Session) -> list[tuple[int, str]]:
    """Return every restaurant, open or not yet: (id, name)."""
    found = [(id, name) for id, name in session.execute(select(Restaurant.id, Restaurant.name))]
    return sorted(found, key=lambda each: reading_order(each[1]))
