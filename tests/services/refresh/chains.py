"""Two databases of one chain: production's, and one that is brought in line with it."""

from dataclasses import dataclass

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from factories import Pizzeria, make_branch, make_pizzeria
from ocpizza.models.product import Product, ProductSize
from ocpizza.models.promotion import Promotion
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.stock import Stock
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.refresh.content import Content, read_content
from ocpizza.services.refresh.restaurant import refresh_restaurant

HERE, ELSEWHERE = "city_001", "city_002"


def open_chain(engine: Engine) -> None:
    """Two restaurants with one menu."""
    with Session(engine) as session, session.begin():
        pizzeria = make_pizzeria(session, code=HERE)
        make_branch(session, pizzeria, code=ELSEWHERE)
        # Factories count on.
        for position, one in enumerate(pizzeria.products.values()):
            one.position = position


@dataclass
class Chains:
    """What tests do to either."""

    source: Engine
    engine: Engine

    def there(self, act) -> None:
        """Production changes something."""
        change(self.source, act)

    def here(self, act):
        """This one does, or is asked."""
        return change(self.engine, act)

    def content(self) -> Content:
        with Session(self.source) as session:
            return read_content(session)

    def refresh(self, code: str = HERE) -> dict[str, int]:
        """One restaurant's turn; gives what changed."""
        content = self.content()
        done = self.here(lambda session: refresh_restaurant(session, content, code))
        return {what: count for what, count in done.items() if count}

    def menu(self, code: str = HERE) -> dict[str, dict[str, int]]:
        """What a restaurant sells here: slug → size → cents."""
        with Session(self.engine) as session:
            menu = read_menu(session, restaurant(session, code).id)
            return {
                product.slug: {size.code: size.price_cents for size in product.sizes}
                for product in menu.products
                if product.available
            }

    def token(self) -> str:
        with self.engine.connect() as connection:
            return connection.scalar(text("SELECT token FROM catalogue_state"))


def change(engine: Engine, act):
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return act(session)


def restaurant(session: Session, code: str) -> Restaurant:
    return session.scalars(select(Restaurant).where(Restaurant.code == code)).one()


def product(session: Session, slug: str) -> Product:
    return session.scalars(select(Product).where(Product.slug == slug)).one()


def size(session: Session, slug: str, code: str) -> ProductSize:
    return next(one for one in product(session, slug).sizes if one.code == code)


def promotion(session: Session, code: str) -> Promotion:
    return session.scalars(select(Promotion).where(Promotion.code == code)).one()


def stock(session: Session, pizzeria: Pizzeria, code: str) -> Stock | None:
    return session.get(Stock, (pizzeria.restaurant.id, pizzeria.ingredients[code].id))
