"""What is offered everywhere is what each menu shows."""

from sqlalchemy import delete

from factories import make_branch
from ocpizza.models.price import HiddenProduct
from ocpizza.models.product import Composition
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.catalogue.offered import offered_everywhere


def test_it_is_what_the_menu_of_each_restaurant_shows(session, pizzeria):
    here, branch = pizzeria.restaurant, make_branch(session, pizzeria, code="city_002").restaurant
    hidden, unwritten = pizzeria.products["regina"], pizzeria.products["cola"]
    session.add(HiddenProduct(restaurant_id=branch.id, product_id=hidden.id))
    session.execute(delete(Composition).where(Composition.product_id == unwritten.id))
    pizzeria.products["margherita"].available = False
    session.flush()
    offered = offered_everywhere(session)
    for restaurant in (here, branch):
        menu = read_menu(session, restaurant.id)
        assert set(offered[restaurant.id]) == {product.slug for product in menu.products}
    assert hidden.slug in offered[here.id]
    assert hidden.slug not in offered[branch.id]
    assert unwritten.slug not in offered[here.id]
    assert "margherita" in offered[here.id]
