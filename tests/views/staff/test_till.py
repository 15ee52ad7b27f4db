"""UC1.2 by telephone and at the counter: a colleague takes an order, from the first letter on."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from ocpizza.models.basket import Basket
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.stock import Stock
from ocpizza.models.vat import Mode
from ocpizza.services.basket.begun import AT_A_TIME
from ocpizza.services.privacy.erase_orders import erase_orders, forget_contacts
from views.pages import form_of, notices, soup, words
from views.till import TILL, Till, fields_of
from views.website import HERE

SOMETHING_ELSE = ".till-callers .button:not([name])"
ADDRESS = {"street": "12 rue Oberkampf", "postcode": "75011", "town": "Paris"}


def orders(website) -> list[Order]:
    with website.session() as session:
        return list(session.scalars(select(Order).order_by(Order.id)))


@pytest.fixture(params=[False, True], ids=["without JavaScript", "htmx"])
def till(website, request):
    return Till(website, htmx=request.param)


def test_a_drink_alone_is_sold_at_the_counter(website, till, add_up):
    till.choose("cola")
    assert till.lines == [("Cola 33 cl", 1)]
    page = till.order(mode="eat_in", means="card_terminal")
    (order,) = orders(website)
    assert page.request.path == f"/equipe/{HERE}/commandes/{order.number}"
    assert (order.source, order.mode, order.means) == (
        Source.COUNTER,
        Mode.EAT_IN,
        Means.CARD_TERMINAL,
    )
    assert (order.status, order.contact_name) == (Status.TO_PREPARE, "Client au comptoir")
    assert order.terms_accepted_at is None
    cashier = website.account("cashier")
    with website.session() as session:
        assert session.merge(order).events[0].author_id == cashier.id
    add_up(website.engine)


def test_products_are_put_in_by_two_letters_and_a_number(till):
    till.enter("ma")
    till.enter("2 re")
    till.enter("re fam")
    assert till.lines == [("Margherita", 1), ("Regina", 2), ("Regina", 1)]


def test_letters_that_may_be_several_products_show_these_to_choose_from(website, till):
    with website.session() as session:
        session.merge(website.pizzeria.products["regina"]).name = "Marinara"
    page = till.enter("3 ma")
    cards = [words(card.h4.get_text()) for card in soup(page).select(".till-product")]
    assert cards == ["Margherita", "Marinara"]
    till.press(f"#trouve-{till.website.pizzeria.size('regina').id}")
    assert [quantity for _name, quantity in till.lines] == [3]


def test_letters_of_nothing_say_so_and_lose_nothing(till):
    till.choose("cola")
    page = till.press(".till-entry button", entry="zz", contact_name="Soki")
    assert "Aucun produit de la carte, aucun client de ce restaurant." in notices(page)
    assert till.lines == [("Cola 33 cl", 1)]
    assert soup(page).select_one("#contact_name")["value"] == "Soki"


def test_whatever_is_typed_outlives_every_button_and_a_reload(till):
    typed = {"contact_name": "Soki", "phone": "06 12", "comment": "vite", "street": "1 rue"}
    till.press(f"#taille-{till.website.pizzeria.size('regina').id}", **typed, mode="delivery")
    till.page = till.browser.get(till.path)
    known = dict(fields_of(till.page))
    assert {name: words(known[name]) for name in typed} == typed
    assert known["mode"] == "delivery"
    assert till.lines == [("Regina", 1)]


def test_a_phone_order_needs_a_name_and_a_number_and_a_delivery_its_address(till):
    till.choose("cola")
    page = till.order(source="phone", mode="delivery")
    faults = {words(fault.get_text()) for fault in soup(page).select(".field-error")}
    assert page.status_int == 422
    assert faults >= {
        "Indiquez le nom du client.",
        "Indiquez le numéro et la rue.",
        "Indiquez la ville.",
        "Indiquez le code postal.",
    }
    page = till.order(source="phone", mode="takeaway", contact_name="Soki")
    assert "Indiquez un téléphone." in words(page)
    page = till.order(source="phone", mode="takeaway", phone="06 12 34 56 78")
    assert "Une commande par téléphone contient au moins une pizza" in words(page)
    assert orders(till.website) == []


def test_a_delivery_by_telephone_has_its_fee_and_is_paid_at_the_door(website, till, add_up):
    till.choose("regina", "family")
    till.press(".till-entry button", mode="delivery")
    shown = till.total
    till.order(source="phone", contact_name="Soki", phone="06 12 34 56 78", **ADDRESS)
    (order,) = orders(website)
    assert (order.source, order.phone) == (Source.PHONE, "+33612345678")
    with website.session() as session:
        order = session.merge(order)
        assert f"{order.due_cents / 100:.2f}".replace(".", ",") in shown
        assert order.revision.delivery_fee_cents == website.pizzeria.restaurant.delivery_fee_cents
        assert order.revision.street == ADDRESS["street"]
    add_up(website.engine)


def test_quantities_change_and_lines_go(till):
    till.choose("cola")
    till.press(".step[id^=plus]")
    assert till.lines == [("Cola 33 cl", 2)]
    till.press(".step[id^=moins]")
    till.press(".remove")
    assert till.lines == []
    assert "Rien encore" in words(till.page)


def test_options_are_chosen_as_in_the_shop_and_changed_again(website, till):
    ingredients = website.pizzeria.ingredients
    till.press("button[name=options][value=margherita]", contact_name="Soki")
    choices = form_of(till.page, till.page.request.path)
    choices[f"option-{ingredients['mozzarella'].id}"] = "without"
    choices["quantity"] = "2"
    till.page = choices.submit(status=303).follow()
    assert till.lines == [("Margherita", 2)]
    assert "sans mozzarella" in words(till.page).lower()
    assert soup(till.page).select_one("#contact_name")["value"] == "Soki"
    till.press("button[name=modifier]")
    choices = form_of(till.page, till.page.request.path)
    choices["extra"] = [str(ingredients["oeuf"].id)]
    till.page = choices.submit(status=303).follow()
    assert till.lines == [("Margherita", 2)]
    assert "+ œuf" in words(till.page).lower()


def test_what_cannot_be_made_is_marked_and_not_sold(website, till):
    empty(website, "jambon")
    till.page = till.browser.get(till.path)
    card = next(
        card for card in soup(till.page).select(".till-product") if "Regina" in card.get_text()
    )
    assert "Indisponible" in card.get_text()
    assert all(button.has_attr("disabled") for button in card.select("button"))
    page = till.enter("re")
    assert "Regina : il n’en reste plus." in notices(page)
    assert till.lines == []


def test_the_last_portion_gone_meanwhile_is_told_and_nothing_lost(website, till):
    till.choose("regina")
    empty(website, "jambon")
    page = till.order(contact_name="Soki")
    assert "Il n’y a plus de quoi tout préparer" in words(page)
    assert "Indisponible aujourd’hui" in words(page)
    assert soup(page).select_one("#contact_name")["value"] == "Soki"
    assert orders(website) == []


def test_a_double_click_places_one_order(website, till):
    till.choose("regina")
    before = till.page
    first = till.order().request.path
    till.page = before
    assert till.order().request.path == first
    assert len(orders(website)) == 1
    # Under the same address another one may begin.
    till.page = till.browser.get(till.path)
    assert till.lines == []


def test_two_orders_at_a_time_are_never_mixed(website):
    one, other = Till(website), Till(website)
    one.choose("regina")
    other.choose("cola")
    colleague = Till(website, "manager")
    colleague.choose("biere")
    for till, line in ((one, "Regina"), (other, "Cola 33 cl"), (colleague, "Bière 33 cl")):
        till.page = till.browser.get(till.path)
        assert till.lines == [(line, 1)]
    begun = [link["href"] for link in soup(one.page).select(".till-others a")]
    assert begun == [other.path]
    colleague.browser.get(one.path, status=404)


def test_an_order_given_up_is_gone(website, till):
    till.choose("regina")
    path = till.path
    till.press("button[formaction$=abandonner]", contact_name="Soki")
    assert till.page.request.path == TILL
    till.page = till.browser.get(path)
    assert till.lines == []
    with website.session() as session:
        assert session.scalars(select(Basket)).all() == []


def test_the_page_keeps_nothing_before_the_first_button(website):
    Till(website)
    with website.session() as session:
        assert session.scalars(select(Basket)).all() == []


def test_no_unpaid_limit_stops_a_colleague(website, till):
    till.enter("50 re")
    till.enter("50 re fam")
    till.order()
    (order,) = orders(website)
    assert order.confirm_by is None


def test_a_visitors_basket_is_no_order_of_a_colleague(website):
    visitor = website.browser()
    visitor.add("regina")
    with website.session() as session:
        token = session.scalars(select(Basket.token)).one()
    website.staff("cashier").get(f"{TILL}/{token}", status=404)


def test_a_caller_is_known_by_four_digits_and_orders_the_same_in_one_press(website, till, add_up):
    known = website.order(lines=[(website.pizzeria.select("regina", "family"), 2)], minutes_ago=90)
    page = till.enter("5678")
    (card,) = soup(page).select(".till-callers > li")
    assert "Stanley Martin" in words(card.get_text())
    assert "06 12 34 56 78" in words(card.get_text())
    assert "12 rue Oberkampf" in words(card.get_text())
    assert "2 × Regina" in words(card.get_text())
    till.press(f"#comme-{known.number}")
    assert till.lines == [("Regina", 2)]
    till.order()
    order = orders(website)[-1]
    assert (order.source, order.phone, order.contact_name) == (
        Source.PHONE,
        "+33612345678",
        "Stanley Martin",
    )
    with website.session() as session:
        assert session.merge(order).revision.street == "12 rue Oberkampf"
    add_up(website.engine)


@pytest.mark.parametrize("digits", ["5078", "0678", "1205"])
def test_a_nought_is_one_of_the_four_digits(website, till, digits):
    website.order(phone=f"+3361234{digits}", contact_name="Soki Diallo")
    assert "Soki Diallo" in words(till.enter(digits))


def test_nothing_of_one_caller_stays_with_the_next(website, till):
    website.order(phone="+33611112222", contact_name="Anna", complement="porte 77B4")
    website.order(phone="+33633334444", contact_name="Bob", street="2 rue B")
    website.order(phone="+33655556666", contact_name="Chloé", mode=Mode.TAKEAWAY)
    for digits in ("2222", "4444"):
        till.enter(digits)
        till.press(SOMETHING_ELSE)
    assert dict(fields_of(till.page))["contact_name"] == "Bob"
    assert "77B4" not in till.page.text
    till.enter("6666")
    till.press(SOMETHING_ELSE)
    assert dict(fields_of(till.page))["contact_name"] == "Chloé"
    assert "2 rue B" not in till.page.text


def test_what_was_typed_before_the_caller_is_known_stays(website, till):
    website.order(phone="+33655556666", contact_name="Chloé", mode=Mode.TAKEAWAY)
    till.press(".till-entry button", entry="6666", comment="bien cuite", street="3 rue C")
    till.press(SOMETHING_ELSE)
    kept = dict(fields_of(till.page))
    assert (kept["comment"].strip(), kept["street"]) == ("bien cuite", "3 rue C")
    assert kept["contact_name"] == "Chloé"


def test_an_order_begun_of_which_nothing_is_known_is_offered_all_the_same(website, till):
    till.choose("regina")
    with website.session() as session:
        for basket in session.scalars(select(Basket)):
            basket.details = {}
    assert till.path in Till(website).page.text


def test_an_order_begun_is_found_behind_many_that_are_empty(website, till):
    till.choose("regina")
    for _ in range(AT_A_TIME):
        Till(website).enter("xyz")
    assert till.path in Till(website).page.text


def test_a_caller_who_wants_something_else_is_not_asked_who_they_are_again(website, till):
    website.order()
    till.choose("cola")
    till.enter("martin")
    till.press(SOMETHING_ELSE)
    assert till.lines == [("Cola 33 cl", 1)]
    known = dict(fields_of(till.page))
    assert (known["contact_name"], known["street"]) == ("Stanley Martin", "12 rue Oberkampf")
    assert (known["source"], known["mode"]) == ("phone", "delivery")


def test_who_is_erased_is_forgotten_by_orders_that_are_only_begun(website, till):
    known = website.order(Status.DELIVERED)
    till.choose("cola", None)
    till.enter("5678")
    till.press(SOMETHING_ELSE)
    with website.session() as session:
        forget_contacts(session, [known.id])
        erase_orders(session, [known.id], datetime.now(UTC))
    till.page = till.browser.get(till.path)
    assert "Stanley" not in till.page.text
    assert "Oberkampf" not in till.page.text
    assert till.lines == [("Cola 33 cl", 1)]


def test_the_same_again_takes_nothing_away_that_is_in_the_order_already(website, till):
    known = website.order()
    till.choose("cola")
    till.enter("5678")
    page = till.press(f"#comme-{known.number}")
    assert "Cette commande a déjà des articles" in words(page)
    assert till.lines == [("Cola 33 cl", 1)]


def test_what_the_same_again_cannot_be_today_is_said(website, till):
    lines = [(website.pizzeria.select(slug), 1) for slug in ("regina", "margherita")]
    known = website.order(lines=lines)
    empty(website, "jambon")
    till.enter("5678")
    page = till.press(f"#comme-{known.number}")
    assert "Regina : il n’en reste plus." in notices(page)
    assert till.lines == [("Margherita", 1)]


def test_an_order_of_another_restaurant_is_not_taken_over(website, till):
    elsewhere = website.order(at=website.branch)
    till.choose("cola")
    path = f"{till.path}/client/{elsewhere.number}"
    till.page = till.browser.post_form(path, {"repeat": "1"}).follow()
    assert till.lines == [("Cola 33 cl", 1)]
    assert dict(fields_of(till.page))["contact_name"] == ""


def test_what_was_typed_to_find_somebody_is_in_no_address(website, till):
    website.order()
    for typed in ("5678", "martin"):
        page = till.enter(typed)
        assert "Stanley Martin" in words(page)
        assert typed not in page.request.url


def test_the_page_asks_the_database_little(website, till):
    till.choose("regina")
    with website.counted() as statements:
        till.browser.get(till.path)
    assert len(statements) <= 8, statements


def test_looking_for_a_caller_asks_the_database_little(website):
    till = Till(website, htmx=True)
    for minutes in (10, 20, 30):
        website.order(minutes_ago=minutes)
    with website.counted() as statements:
        till.enter("5678")
    assert len(statements) <= 20, statements


def empty(website, code):
    with website.session() as session:
        key = (website.pizzeria.restaurant.id, website.pizzeria.ingredients[code].id)
        session.get_one(Stock, key).quantity = 0


def test_the_cashier_confirms_the_age_of_whoever_buys_alcohol(website):
    till = Till(website)
    till.choose("biere")
    assert "Le client a 18 ans ou plus" in words(till.page)
    assert "demandez son âge au client" in words(till.order())
    assert "Alcool : vérifier l’âge" in words(till.order(of_age="y"))
