"""UC1.2 by a customer who is signed in: their details are known, their order is theirs."""

import pytest
from sqlalchemy import select

from ocpizza.domain.postal_address import Address
from ocpizza.models.account import Account, AddressUse
from ocpizza.models.order import Order
from ocpizza.services.account.addresses import save_address, saved_address
from views.pages import soup
from views.website import CHECKOUT, STANLEY

HOME = Address("7 passage des Lilas", "75011", "Paris", "3e étage")
CLIENT = "cliente@example.org"


def the_customer(session) -> Account:
    return session.scalars(select(Account).where(Account.email == CLIENT)).one()


def address_kept(website) -> Address | None:
    with website.session() as session:
        return saved_address(session, the_customer(session).id, AddressUse.DELIVERY)


def order_in(website) -> Order:
    with website.session() as session:
        return session.scalars(select(Order)).one()


@pytest.fixture
def customer(website):
    """The browser of a customer with a kept address and a pizza in their basket."""
    with website.session() as session:
        account = the_customer(session)
        account.phone = "+33612345678"
        save_address(session, account, AddressUse.DELIVERY, HOME)
    browser = website.staff("customer")
    browser.add()
    return browser


def test_the_form_begins_with_what_the_account_knows(customer):
    form = customer.form(CHECKOUT, CHECKOUT)
    expected = {
        "contact_name": "Julia Moreau",
        "phone": "06 12 34 56 78",
        "email": CLIENT,
        "street": HOME.street,
        "complement": HOME.complement,
        "postcode": HOME.postcode,
        "town": HOME.town,
    }
    assert {name: form[name].value for name in expected} == expected


def test_what_was_said_for_this_order_wins_over_the_account(customer):
    customer.give_details(contact_name="Tante Anna")
    assert customer.form(CHECKOUT, CHECKOUT)["contact_name"].value == "Tante Anna"


@pytest.mark.parametrize("keep", [True, False])
def test_an_address_is_kept_only_when_its_owner_says_so(website, customer, keep):
    form = customer.form(CHECKOUT, CHECKOUT)
    form["street"], form["complement"], form["keep_address"] = STANLEY["street"], "", keep
    form.submit(status=422)
    kept = Address(STANLEY["street"], HOME.postcode, HOME.town) if keep else HOME
    assert address_kept(website) == kept


def test_what_is_fetched_changes_no_address(website, customer):
    form = customer.form(CHECKOUT, CHECKOUT)
    form["mode"], form["street"], form["keep_address"] = "takeaway", "1 rue X", True
    form.submit(status=422)
    assert address_kept(website) == HOME


def test_the_order_belongs_to_its_customers_account(website, customer, add_up):
    customer.order()
    order = order_in(website)
    with website.session() as session:
        mine = the_customer(session)
        assert (order.account_id, order.contact_name) == (mine.id, "Stanley Martin")
    add_up(website.engine)


@pytest.mark.parametrize("who", ["visitor", "driver", "direction"])
def test_an_order_by_anybody_else_belongs_to_no_account(website, who):
    browser = website.browser() if who == "visitor" else website.staff(who)
    browser.add()
    page = browser.get(CHECKOUT)
    assert not soup(page).select("[name=keep_address]")
    assert soup(page).select_one("[name=contact_name]").get("value", "") == ""
    browser.order()
    assert order_in(website).account_id is None


def test_a_stranger_keeps_no_address_by_asking_for_it(website, browser):
    browser.add()
    browser.post_form(CHECKOUT, STANLEY | {"mode": "delivery", "keep_address": "y"}, status=422)
    assert address_kept(website) is None
