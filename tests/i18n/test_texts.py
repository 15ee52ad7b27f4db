"""Numbers, money, dates and texts within texts, in each language."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from webob.multidict import MultiDict

from factories import make_promotion
from ocpizza.domain.checkout import BelowMinimum, OutOfStock, RestaurantClosed
from ocpizza.domain.item import Shortage, resolve
from ocpizza.forms.choice import AddForm
from ocpizza.i18n import Shown, _, ngettext
from ocpizza.i18n.localizer import localizer
from ocpizza.labels import label
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.order_status import Status
from ocpizza.models.product import Composition, Product, ProductExtra, ProductSize
from ocpizza.models.promotion import Promotion
from ocpizza.moments import day
from ocpizza.rendering import euros, number, percent, quantity
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.views.checkout.refusals import explain_refusal
from views.pages import words
from views.website import SHOP

FRENCH, ENGLISH = "fr_FR", "en_GB"
TUESDAY = datetime(2026, 11, 24, 18, 42, tzinfo=UTC)


def usual(text: str) -> str:
    """With usual spaces."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def say(language: str, text) -> str:
    return usual(localizer(language).translate(text))


@pytest.mark.parametrize(
    ("write", "value", "french", "english"),
    [
        (euros, 1250, "12,50 €", "€12.50"),
        (euros, 123456, "1 234,56 €", "€1,234.56"),
        (euros, -200, "-2,00 €", "-€2.00"),
        (percent, 550, "5,5 %", "5.5%"),
        (percent, 1000, "10 %", "10%"),
        (number, 12500, "12 500", "12,500"),
        (day, TUESDAY, "mardi 24 novembre", "Tuesday 24 November"),
    ],
)
def test_values_are_written_as_each_language_does(write, value, french, english):
    assert (usual(write(value, FRENCH)), usual(write(value, ENGLISH))) == (french, english)


def test_quantities_are_written_as_each_language_does():
    kilos = [usual(quantity(1500, "g", each)) for each in (FRENCH, ENGLISH)]
    assert kilos == ["1,5 kg", "1.5 kg"]
    assert [quantity(750, "ml", each) for each in (FRENCH, ENGLISH)] == ["750\xa0ml"] * 2
    assert [quantity(12, "piece", each) for each in (FRENCH, ENGLISH)] == ["12", "12"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", ["0 article", "1 article", "2 articles", "1000 articles"]),
        ("en", ["0 items", "1 item", "2 items", "1000 items"]),
    ],
)
def test_nothing_is_singular_in_french_and_plural_in_english(language, said):
    text = "${num} article", "${num} articles"
    catalogue = localizer(language).translations
    forms = [catalogue.ngettext("%(num)s article", "%(num)s articles", n) for n in (0, 1, 2, 1000)]
    assert [form % {"num": n} for form, n in zip(forms, (0, 1, 2, 1000), strict=True)] == said
    if language == "fr":
        assert [say("fr", ngettext(*text, n)) for n in (0, 1, 2, 1000)] == said


def test_a_text_within_a_text_is_translated_too():
    text = _("${number} : ${status}", mapping={"number": "K7QM", "status": label(Status.READY)})
    assert say("fr", text) == "K7QM : Commande prête"
    assert say("en", text) == "K7QM: Order ready"


def test_a_value_in_a_text_is_written_in_its_language():
    text = _(
        "Plus que ${missing} pour être livré (minimum ${minimum}).",
        mapping={"minimum": Shown(euros, 1500), "missing": Shown(euros, 250)},
    )
    assert say("fr", text) == "Plus que 2,50 € pour être livré (minimum 15,00 €)."
    assert say("en", text) == "Only €2.50 more for a delivery (minimum €15.00)."


def test_what_people_typed_is_taken_as_it_is():
    typed = {"number": "${status}", "status": "%(x)s Connecté : 1"}
    assert say("en", _("${number} : ${status}", mapping=typed)) == "${status}: %(x)s Connecté : 1"


def test_refusals_are_told_in_the_visitors_language(session, pizzeria):
    menu = read_menu(session, pizzeria.restaurant.id)
    item = resolve(pizzeria.select("regina"), menu)
    short, _route = explain_refusal(OutOfStock([Shortage(item, 3, 2), Shortage(item, 1, 0)]))
    assert "Regina Classique 31 cm : il en reste 2. Regina Classique 31 cm : il n’en" in say(
        "fr", short
    )
    assert "Regina Classique 31 cm: 2 left. Regina Classique 31 cm: none left. Your" in say(
        "en", short
    )
    closed, _route = explain_refusal(RestaurantClosed(TUESDAY, TUESDAY - timedelta(days=3)))
    assert "il ouvre mardi 24 novembre à 19 h 42" in say("fr", closed)
    assert "opens on Tuesday 24 November at 7:42 pm" in say("en", closed)
    little, _route = explain_refusal(BelowMinimum(1500, 250))
    assert "Plus que 2,50 € pour être livré" in say("fr", little)
    assert "Only €2.50 more for a delivery" in say("en", little)


def test_what_wtforms_says_by_itself_is_translated_when_it_is_shown():
    form = AddForm(MultiDict(size="x", quantity="99"))
    assert not form.validate()
    assert say("en", form.size.errors[0]) == "Not a valid integer value."
    assert say("fr", form.size.errors[0]) == "N'est pas un entier valide."
    assert say("fr", form.quantity.errors[0]) == "La quantité doit être de 1 à 50."
    assert say("en", form.quantity.errors[0]) == "The quantity must be from 1 to 50."


def test_what_the_restaurant_wrote_is_shown_in_english_where_it_wrote_it(website, browser):
    with website.session() as session:
        flour = session.get_one(Ingredient, website.pizzeria.ingredients["farine"].id)
        regina = session.get_one(Product, website.pizzeria.products["regina"].id)
        flour.name_en, regina.description_en = "Wheat flour", "Ham & mushrooms"
    page = words(browser.get(f"{SHOP}/regina", headers={"Accept-Language": "en"}))
    assert "Wheat flour (gluten), Sauce tomate" in page.replace(" ,", ",")
    assert "Ham & mushrooms" in page
    page = words(browser.get(f"{SHOP}/regina"))
    assert "Farine (gluten)" in page
    assert "Ham" not in page


def test_the_table_of_allergens_names_ingredients_in_english(website, browser):
    with website.session() as session:
        egg = session.get_one(Ingredient, website.pizzeria.ingredients["oeuf"].id)
        french, egg.name_en = egg.name, "Hen’s egg"
    page = words(browser.get(f"{SHOP}/allergenes", headers={"Accept-Language": "en"}))
    assert "Hen’s egg" in page
    assert french in words(browser.get(f"{SHOP}/allergenes"))


def test_all_of_the_demo_can_be_read_in_english(demo_database):
    with Session(demo_database) as session:
        assert list(session.scalars(select(Ingredient.code).where(Ingredient.name_en == ""))) == []
        for short in (Ingredient.short_name, Ingredient.short_name_en):
            optional = or_(
                Ingredient.id.in_(select(ProductExtra.ingredient_id)),
                Ingredient.id.in_(select(Composition.ingredient_id).where(Composition.removable)),
            )
            nameless = select(Ingredient.code).where(short == "", optional)
            assert list(session.scalars(nameless)) == []
        without = select(Product.slug).where(Product.description_en == "")
        assert list(session.scalars(without)) == []
        for named, code in ((ProductSize, ProductSize.code), (Promotion, Promotion.code)):
            assert list(session.scalars(select(code).where(named.name_en == ""))) == []


def test_sizes_and_promotions_are_named_in_english_too(website):
    with website.session() as session:
        make_promotion(session, "DIX", name="Dix pour cent", name_en="Ten per cent", listed=True)
        for size in session.scalars(select(ProductSize).where(ProductSize.code == "medium")):
            size.name_en = "Classic 31 cm"
    customer = website.staff("customer")
    customer.add("regina")
    customer.give_details()
    pages = ["/panier", "/commande", SHOP, f"{SHOP}/regina"]
    customer.set_cookie("langue", "en")
    assert "Ten per cent" in words(customer.get("/panier"))
    for path in pages:
        assert "Classic 31 cm" in words(customer.get(path))
        assert "Classique" not in words(customer.get(path))
    pages.append(customer.payment_form().submit(status=303).headers["Location"])
    assert "Classic 31 cm" in words(customer.get(pages[-1]))
    customer.set_cookie("langue", "fr")
    for path in pages[2:]:
        assert "Classique 31 cm" in words(customer.get(path))
