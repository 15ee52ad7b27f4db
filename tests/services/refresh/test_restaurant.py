"""A restaurant's turn: what production sells is sold here, and nothing else is touched."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from factories import author_of, make_account, make_pizza, make_promotion, order_of, the_pizzeria
from ocpizza.models.ingredient import Allergen, Ingredient, IngredientAllergen, Unit
from ocpizza.models.meat import IngredientMeat, Meat, RestaurantMeat
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from ocpizza.models.product import Composition, ProductExtra
from ocpizza.models.stock import Stock
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.refresh.rows import Unfit
from operations.backup.saved_shop import rows_of
from services.refresh.chains import (
    ELSEWHERE,
    HERE,
    Chains,
    product,
    promotion,
    restaurant,
    size,
    stock,
)

# What customers and staff do here is nobody else's business.
TOUCHED = {
    "catalogue_state",
    "composition",
    "hidden_product",
    "ingredient",
    "ingredient_allergen",
    "ingredient_meat",
    "product",
    "product_extra",
    "product_size",
    "promotion",
    "promotion_restaurant",
    "restaurant_meat",
    "restaurant_price",
    "stock",
}


def test_chains_that_are_alike_change_in_nothing(chains: Chains):
    chains.here(lambda session: order_of(session, the_pizzeria(session)))
    before, token = rows_of(chains.engine), chains.token()
    assert chains.refresh() == {}
    assert (rows_of(chains.engine), chains.token()) == (before, token)


def renovate(session: Session) -> None:
    """Production changes its menu, in every way there is."""
    truffle = Ingredient(code="truffe", name="Truffe", unit=Unit.GRAM)
    truffle.allergens = [IngredientAllergen(allergen=Allergen.SULPHITES)]
    session.add(truffle)
    known = the_pizzeria(session)
    regina, margherita = product(session, "regina"), product(session, "margherita")
    make_pizza(session, "truffe", (1500, 1900, 2900), {truffle: 20, known.ingredients["farine"]: 9})
    regina.name, regina.description, regina.recipe = "Reine", "Une reine", "Étaler, couvrir."
    session.delete(regina.composition[-1])
    regina.composition[0].quantity += 5
    regina.extras.append(ProductExtra(ingredient=truffle, quantity=3, price_cents=400))
    size(session, "margherita", "medium").price_cents = 1010
    for code, default in (("medium", False), ("family", True)):
        size(session, "margherita", code).is_default = default
        session.flush()
    session.delete(size(session, "margherita", "junior"))
    margherita.position = 9
    product(session, "biere").available = False
    known.ingredients["mozzarella"].allergens.clear()
    ham = known.ingredients["jambon"]
    ham.meats = [IngredientMeat(meat=Meat.PORK, prepared=True)]
    own = restaurant(session, HERE).id
    session.flush()
    french = {"reared_in": ("FR",), "slaughtered_in": ("FR",)}
    session.add(RestaurantMeat(restaurant_id=own, ingredient_id=ham.id, meat=Meat.PORK, **french))
    session.add(HiddenProduct(restaurant_id=own, product_id=product(session, "cola").id))
    large = size(session, "regina", "family").id
    session.add(RestaurantPrice(restaurant_id=own, product_size_id=large, price_cents=1999))
    make_promotion(session, "BIENVENUE", first_order_only=True, total_limit=7)
    make_promotion(session, "ICI", at=[restaurant(session, HERE)], amount_cents=300)


def test_all_that_production_changed_is_the_same_here_and_a_second_turn_changes_nothing(
    chains: Chains, add_up
):
    with Session(chains.engine) as session, session.begin():
        order_of(session, the_pizzeria(session), author=None)
        make_account(session)
    before = rows_of(chains.engine)
    chains.there(renovate)
    changed = chains.refresh()
    assert changed == {
        "ingredients": 3,
        "products": 4,
        "menu entries": 2,
        "own prices": 1,
        "own suppliers": 1,
        "promotions": 2,
        "stocks": 1,
    }
    after = rows_of(chains.engine)
    assert {name for name in after if after[name] != before[name]} <= TOUCHED
    assert set(before["stock"]) < set(after["stock"])

    with Session(chains.source) as there, Session(chains.engine) as here:
        menus = [read_menu(one, restaurant(one, HERE).id) for one in (there, here)]
    ours, theirs = ([without_ids(one) for one in menu.products] for menu in menus)
    assert ours == theirs
    assert "truffe" in chains.menu()
    assert chains.menu()["regina"]["family"] == 1999
    assert chains.menu()["margherita"] == {"medium": 1010, "family": 1490}
    token = chains.token()
    assert chains.refresh() == {}
    assert chains.token() == token
    add_up(chains.engine)


def without_ids(product):
    sizes = [(s.code, s.name, s.price_cents, s.factor_percent, s.is_default) for s in product.sizes]
    parts = [
        (one.ingredient.code, one.ingredient.allergens, one.ingredient.meats, one.quantity)
        for one in (*product.composition, *product.extras)
    ]
    return product.slug, product.name, product.recipe, product.available, sizes, parts


def test_what_is_gone_is_sold_no_more_and_orders_still_know_it(chains: Chains, add_up):
    def order(session):
        pizzeria = the_pizzeria(session)
        lines = [(pizzeria.select("regina"), 1), (pizzeria.select("margherita", "junior"), 1)]
        return order_of(session, pizzeria, lines).id

    chains.here(order)
    chains.here(lambda session: make_promotion(session, "VIEILLE"))

    def close(session):
        regina = product(session, "regina")
        session.delete(regina)
        session.delete(size(session, "margherita", "junior"))
        for link in session.scalars(select(Composition)).all():
            if link.ingredient.code == "jambon":
                session.delete(link)
        ham = the_pizzeria(session).ingredients["jambon"]
        for row in session.scalars(select(Stock).where(Stock.ingredient_id == ham.id)).all():
            row.quantity = 0

    chains.there(close)
    assert chains.refresh() == {"products": 2, "promotions": 1}
    assert chains.menu().keys() == {"margherita", "cola", "biere"}
    assert "junior" not in chains.menu()["margherita"]
    with Session(chains.engine) as session:
        assert not promotion(session, "VIEILLE").active
        assert not size(session, "margherita", "junior").active
        assert not product(session, "regina").available
    assert chains.refresh() == {}
    add_up(chains.engine)
    chains.here(lambda session: setattr(product(session, "regina"), "available", True))
    assert chains.refresh() == {"products": 1}


def test_what_came_back_is_sold_again(chains: Chains):
    chains.here(lambda session: setattr(product(session, "regina"), "available", False))
    chains.here(lambda session: setattr(size(session, "cola", "unique"), "active", False))
    assert chains.refresh() == {"products": 2}
    assert {"regina", "cola"} < chains.menu().keys()


def test_a_new_product_is_sold_where_its_restaurant_has_had_its_turn(chains: Chains):
    def add(session):
        ingredients = the_pizzeria(session).ingredients
        make_pizza(session, "blanche", (900, 1100, 1500), {ingredients["farine"]: 160})
        make_pizza(session, "noire", (900, 1100, 1500), {ingredients["farine"]: 160})
        elsewhere, noire = restaurant(session, ELSEWHERE).id, product(session, "noire").id
        session.add(HiddenProduct(restaurant_id=elsewhere, product_id=noire))

    chains.there(add)
    assert chains.refresh(HERE) == {"products": 2, "menu entries": 2}
    assert {"blanche", "noire"} < chains.menu(HERE).keys()
    assert not {"blanche", "noire"} & chains.menu(ELSEWHERE).keys()
    assert chains.refresh(ELSEWHERE) == {"menu entries": 1}
    assert "blanche" in chains.menu(ELSEWHERE)
    assert "noire" not in chains.menu(ELSEWHERE)


def test_a_restaurants_own_prices_are_its_own(chains: Chains):
    def reprice(session):
        cola = size(session, "cola", "unique").id
        for code, cents in ((HERE, 300), (ELSEWHERE, 310)):
            own = {"restaurant_id": restaurant(session, code).id, "product_size_id": cola}
            session.add(RestaurantPrice(price_cents=cents, **own))

    chains.there(reprice)
    assert chains.refresh(HERE) == {"own prices": 1}
    assert [chains.menu(code)["cola"]["unique"] for code in (HERE, ELSEWHERE)] == [300, 280]
    chains.refresh(ELSEWHERE)
    assert chains.menu(ELSEWHERE)["cola"]["unique"] == 310

    def no_more(session):
        for row in session.scalars(select(RestaurantPrice)).all():
            session.delete(row)

    chains.there(no_more)
    assert chains.refresh(HERE) == {"own prices": 1}
    assert [chains.menu(code)["cola"]["unique"] for code in (HERE, ELSEWHERE)] == [280, 310]


def test_an_ingredient_that_is_new_here_is_out_of_stock_until_it_is_supplied(chains: Chains):
    def add(session):
        figs = Ingredient(code="figue", name="Figue", unit=Unit.PIECE)
        session.add(figs)
        make_pizza(session, "figue", (900, 1100, 1500), {figs: 2})

    chains.there(add)
    assert chains.refresh()["stocks"] == 1
    with Session(chains.engine) as session:
        assert stock(session, the_pizzeria(session), "figue").quantity == 0
        assert stock(session, the_pizzeria(session, ELSEWHERE), "figue") is None


def test_a_promotion_is_used_here_as_often_as_it_was_used_here(chains: Chains, add_up):
    """Uses there are none here, and a limit below ours lets nobody use it any more."""
    chains.there(lambda session: make_promotion(session, total_limit=2))
    chains.refresh()

    def use(session):
        dix = promotion(session, "DIX")
        for _ in range(2):
            julia = author_of(make_account(session))
            order_of(session, the_pizzeria(session), author=julia, promotion=dix)

    chains.here(use)
    chains.there(lambda session: setattr(promotion(session, "DIX"), "total_limit", 1))
    assert chains.refresh() == {}
    chains.there(lambda session: setattr(promotion(session, "DIX"), "total_limit", 5))
    assert chains.refresh() == {"promotions": 1}
    chains.there(lambda session: setattr(promotion(session, "DIX"), "total_limit", 1))
    assert chains.refresh() == {"promotions": 1}
    with Session(chains.engine) as session:
        dix = promotion(session, "DIX")
        assert (dix.times_used, dix.total_limit) == (2, 2)
    add_up(chains.engine)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_promotion_of_one_restaurant_comes_and_goes_with_its_turn(chains: Chains):
    chains.there(lambda session: make_promotion(session, "LA", at=[restaurant(session, ELSEWHERE)]))
    chains.here(
        lambda session: make_promotion(session, "LOIN", at=[restaurant(session, ELSEWHERE)])
    )
    assert chains.refresh(HERE) == {}
    assert chains.refresh(ELSEWHERE) == {"promotions": 2}
    with Session(chains.engine) as session:
        assert not promotion(session, "LOIN").active
        (place,) = promotion(session, "LA").restaurants
        assert place.restaurant_id == restaurant(session, ELSEWHERE).id


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_promotion_of_restaurants_that_are_not_here_never_holds_everywhere(chains: Chains):
    chains.here(lambda session: setattr(restaurant(session, ELSEWHERE), "code", "city_099"))
    chains.there(lambda session: make_promotion(session, "LA", at=[restaurant(session, ELSEWHERE)]))
    at_both = [HERE, ELSEWHERE]
    chains.there(
        lambda session: make_promotion(
            session, "DEUX", at=[restaurant(session, code) for code in at_both]
        )
    )
    alone = chains.here(
        lambda session: make_promotion(session, "SEULE", at=[restaurant(session, "city_099")])
    )
    assert chains.refresh(HERE) == {"promotions": 1}
    with Session(chains.engine) as session:
        assert (
            promotion(session, "DEUX").restaurants[0].restaurant_id == restaurant(session, HERE).id
        )
        assert promotion(session, alone.code).active


def count_eggs_in(session: Session, unit: Unit) -> None:
    the_pizzeria(session).ingredients["oeuf"].unit = unit


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_what_cannot_be_true_here_changes_nothing(chains: Chains):
    chains.there(lambda session: setattr(product(session, "regina"), "name", "Reine"))
    chains.there(lambda session: count_eggs_in(session, Unit.GRAM))
    with pytest.raises(Unfit, match="« oeuf » is counted in g there and in piece here"):
        chains.refresh()
    chains.there(lambda session: count_eggs_in(session, Unit.PIECE))

    def close(session):
        for one in list(product(session, "cola").sizes):
            session.delete(one)

    chains.there(close)
    with pytest.raises(Unfit, match="« cola » has no size there"):
        chains.refresh()
    assert "regina" in chains.menu()
    with Session(chains.engine) as session:
        assert product(session, "regina").name == "Regina"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_ids_mean_nothing(chains: Chains):
    def shift(session):
        for number in range(3):
            session.add(Ingredient(code=f"x{number}", name="x", unit=Unit.GRAM, active=False))

    chains.here(shift)
    chains.there(renovate)
    chains.refresh()
    truffles, recipes = [], []
    for engine in (chains.source, chains.engine):
        with Session(engine) as session:
            composition = product(session, "truffe").composition
            recipes.append({link.ingredient.code: link.quantity for link in composition})
            truffles.append(composition[0].ingredient_id)
    assert recipes == [{"truffe": 20, "farine": 9}] * 2
    assert truffles[0] != truffles[1]
