"""Products and sizes as managers write them: added, changed, withdrawn; what was sold stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from factories import NOON, author_of, make_branch, make_staff, order_of
from ocpizza.domain.product import SizeDraft, first_free, plain_words
from ocpizza.domain.recipe import Amount, Recipe
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Role
from ocpizza.models.product import Composition, Kind
from ocpizza.models.staff_change import StaffChange
from ocpizza.models.vat import VatClass
from ocpizza.services.catalogue.assortment import sell_here
from ocpizza.services.catalogue.managing import NotManaged, sellers_of
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.catalogue.product_edit import (
    ProductDraft,
    UnknownSize,
    add_product,
    edit_product,
    sellers_fingerprint,
)
from ocpizza.services.catalogue.recipe import change_recipe
from ocpizza.services.trail.record import Signature


@pytest.fixture
def signed(session, pizzeria) -> Signature:
    return Signature(author_of(make_staff(session, Role.MANAGER)), NOON)


def values_of(name="Tartufo", **others):
    return {
        "name": name,
        "kind": Kind.PIZZA,
        "vat_class": VatClass.PREPARED_FOOD,
        "description": "À la truffe.",
        "description_en": "With truffle.",
        "available": True,
    } | others


def sizes_of(product, **others) -> list[SizeDraft]:
    """Its sizes as they are, but for what is said of one by its code."""
    drafts = []
    for size in product.sizes:
        known = [size.id, size.name, size.name_en, size.factor_percent, True, size.is_default, 0]
        drafts.append(others.get(size.code) or SizeDraft(*known))
    return drafts


NEW_SIZES = [
    SizeDraft(None, "Classique 31 cm", "Classic 31 cm", 100, True, True, 1450),
    SizeDraft(None, "Géante", "", 220, True, False, 2600),
]


def test_a_new_product_of_the_group_is_sold_where_it_says(session, pizzeria, signed):
    other = make_branch(session, pizzeria, code="city_002")
    draft = ProductDraft(values_of("Regina"), NEW_SIZES, [other.restaurant.id])
    product = add_product(session, draft, None, signed)
    assert product.slug == "regina-2"
    assert [(size.code, size.price_cents, size.is_default) for size in product.sizes] == [
        ("classique-31-cm", 1450, True),
        ("geante", 2600, False),
    ]
    assert sellers_of(session, product.id) == [other.restaurant.id]
    product.composition.append(
        Composition(ingredient_id=pizzeria.ingredients["farine"].id, quantity=160)
    )
    session.flush()
    assert "regina-2" in read_menu(session, other.restaurant.id).assortment.by_slug
    assert "regina-2" not in read_menu(session, pizzeria.restaurant.id).assortment.by_slug
    written = session.scalars(select(StaffChange)).one()
    assert (written.act, written.name, written.facts_before) == ("added", "Regina", None)


def test_what_a_restaurants_manager_adds_is_sold_there_alone(session, pizzeria, signed):
    here = pizzeria.restaurant.id
    other = make_branch(session, pizzeria, code="city_002").restaurant.id
    draft = ProductDraft(values_of(), NEW_SIZES, [here, other])
    product = add_product(session, draft, here, signed)
    assert sellers_of(session, product.id) == [here]
    change = ProductDraft(values_of("Truffe"), sizes_of(product), None)
    edit_product(session, product.id, product.version, change, here, signed)
    assert product.name == "Truffe"
    with pytest.raises(NotManaged):
        edit_product(session, product.id, product.version, change, other, signed)


def test_a_size_is_renamed_added_withdrawn_and_its_orders_stay(session, pizzeria, signed):
    make_branch(session, pizzeria, code="city_002")
    product = pizzeria.products["margherita"]
    order = order_of(session, pizzeria, [(pizzeria.select("margherita", "family"), 1)])
    by_code = {size.code: size for size in product.sizes}
    family = SizeDraft(by_code["family"].id, "Familiale", "", 170, False, False, 0)
    junior = SizeDraft(by_code["junior"].id, "Petite", "Small", 70, True, True, 0)
    medium = SizeDraft(by_code["medium"].id, "Moyenne", "", 100, True, False, 0)
    sizes = [junior, medium, family, NEW_SIZES[1]]
    draft = ProductDraft(values_of("Margherita"), sizes, None)
    edit_product(session, product.id, product.version, draft, None, signed)
    sold = read_menu(session, pizzeria.restaurant.id).assortment.by_slug["margherita"]
    assert [(size.name, size.price_cents, size.factor_percent) for size in sold.sizes] == [
        ("Petite", 750, 70),
        ("Moyenne", 950, 100),
        ("Géante", 2600, 220),
    ]
    assert sold.default_size.name == "Petite"
    session.expire_all()
    line = order.revision.lines[0]
    assert (line.size_name, line.unit_price_cents) == ("Familiale 40\xa0cm", 1490)


def test_withdrawn_everywhere_it_is_on_no_menu_and_can_come_back(session, pizzeria, signed):
    product, here = pizzeria.products["regina"], pizzeria.restaurant.id
    for places in ([], [here]):
        draft = ProductDraft(values_of("Regina"), sizes_of(product), places)
        edit_product(session, product.id, product.version, draft, None, signed)
        assert ("regina" in read_menu(session, here).assortment.by_slug) is bool(places)
    first, second = session.scalars(select(StaffChange).order_by(StaffChange.id))
    assert first.facts_after["sellers"] == []
    assert second.facts_after == {"sellers": [pizzeria.restaurant.name]}


def test_an_older_version_or_a_strange_size_is_refused(session, pizzeria, signed):
    product, cola = pizzeria.products["regina"], pizzeria.products["cola"]
    version = product.version
    draft = ProductDraft(values_of("Reine"), sizes_of(product), None)
    edit_product(session, product.id, version, draft, None, signed)
    with pytest.raises(StaleVersion):
        edit_product(session, product.id, version, draft, None, signed)
    strange = ProductDraft(values_of("Reine"), sizes_of(cola), None)
    with session.begin_nested() as undone:
        with pytest.raises(UnknownSize):
            edit_product(session, product.id, product.version, strange, None, signed)
        undone.rollback()
    assert product.name == "Reine"


def test_who_sells_it_meanwhile_is_not_written_over_unseen(session, pizzeria, signed):
    product, here = pizzeria.products["regina"], pizzeria.restaurant.id
    seen = sellers_fingerprint(session, product.id)
    sell_here(session, product, here, False, signed)
    draft = ProductDraft(values_of("Reine"), sizes_of(product), [here], seen)
    with pytest.raises(StaleVersion):
        edit_product(session, product.id, product.version, draft, None, signed)
    seen = sellers_fingerprint(session, product.id)
    make_branch(session, pizzeria, code="city_002")
    draft = ProductDraft(values_of("Reine"), sizes_of(product), [here], seen)
    with pytest.raises(StaleVersion):
        edit_product(session, product.id, product.version, draft, None, signed)
    assert sellers_of(session, product.id) != [here]
    seen = sellers_fingerprint(session, product.id)
    draft = ProductDraft(values_of("Reine"), sizes_of(product), [here], seen)
    edit_product(session, product.id, product.version, draft, None, signed)
    assert sellers_of(session, product.id) == [here]


def test_a_size_that_is_named_twice_changes_nothing(session, pizzeria, signed):
    product, here = pizzeria.products["regina"], pizzeria.restaurant.id
    sizes = sizes_of(product)
    again = [SizeDraft(size.id, size.name, "", 100, False, False, 0) for size in sizes]
    draft = ProductDraft(values_of("Regina"), [*sizes, *again], None)
    with pytest.raises(UnknownSize):
        edit_product(session, product.id, product.version, draft, None, signed)
    assert "regina" in read_menu(session, here).assortment.by_slug


@pytest.mark.parametrize("name", ["Nouveau", "Ingrédients", "Ajouter", "Allergènes"])
def test_a_name_like_the_address_of_another_page_gets_a_number(session, pizzeria, signed, name):
    draft = ProductDraft(values_of(name), NEW_SIZES, [])
    assert add_product(session, draft, None, signed).slug == f"{plain_words(name, 40)}-2"


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Crème brûlée", "creme-brulee"), ("Œuf & Cie", "oeuf-cie"), ("4 fromages", "4-fromages")],
)
def test_an_address_is_made_of_plain_letters(name, plain):
    assert plain_words(name, 40) == plain
    assert plain_words("—", 40) == ""
    assert plain_words("x" * 50, 10) == "x" * 10


def test_what_is_taken_gets_a_number():
    assert first_free("regina", {"regina", "regina-2"}) == "regina-3"


def test_a_product_is_new_from_the_day_on_which_it_can_be_ordered(session, pizzeria, signed):
    product = add_product(session, ProductDraft(values_of(), NEW_SIZES, [1]), None, signed)
    assert product.on_menu_since is None
    flour = Amount(pizzeria.ingredients["farine"].id, 160, removable=False)
    later = Signature(signed.author, NOON + timedelta(days=3))
    change_recipe(session, product.id, product.version, Recipe("", (flour,)), None, later)
    assert product.on_menu_since == date(2026, 3, 7)
    for days, available in ((9, False), (20, True)):
        then = Signature(signed.author, NOON + timedelta(days=days))
        draft = ProductDraft(values_of(available=available), sizes_of(product), None)
        edit_product(session, product.id, product.version, draft, None, then)
    assert product.on_menu_since == date(2026, 3, 7)
