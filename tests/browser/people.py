"""Who looks at the open house: each with a browser that has been somewhere already."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, update

from factories import PASSWORD, make_staff
from ocpizza.models.account import Role
from ocpizza.models.basket import BasketLine
from ocpizza.models.second_factor import SecondFactor
from ocpizza.services.account.quick_codes import set_quick_code
from views.pages import form_of, soup
from views.website import Browser

if TYPE_CHECKING:
    from browser.open_house import OpenHouse

SHOP = "/pizzeria/paris-republique"


def _from(house: "OpenHouse", postcode: str) -> Browser:
    """Somebody who has said to which postcode they want it delivered."""
    browser = house.website.browser()
    browser.get("/", {"code_postal": postcode}, status="*")
    return browser


def _hungry(house: "OpenHouse") -> Browser:
    """Somebody with a basket: several lines, one with options, one of which too little is left."""
    return _fill(house, house.website.browser())


def _fill(house: "OpenHouse", browser: Browser) -> Browser:
    pizzeria = house.website.pizzeria
    egg, ham = (pizzeria.ingredients[code].id for code in ("oeuf", "jambon-blanc"))
    browser.add("regina", SHOP, quantity=2, without=[ham], extra=[egg])
    browser.add("biere-blonde-33cl", SHOP)
    return browser


def _disappointed(house: "OpenHouse") -> Browser:
    """Somebody whose basket holds more than can be made, and no pizza that can."""
    browser = house.website.browser()
    browser.add("bresaola", SHOP)
    wanted = house.website.pizzeria.select("bresaola").text
    with house.website.session() as session:
        session.execute(
            update(BasketLine).where(BasketLine.selection == wanted).values(quantity=40)
        )
    return browser


def _decided(house: "OpenHouse") -> Browser:
    """Somebody who has told where to deliver, and has to pay."""
    browser = _hungry(house)
    browser.give_details(comment="Sonnez deux fois.")
    return browser


def _waiting(house: "OpenHouse") -> Browser:
    """Somebody who has ordered in this browser and waits for it."""
    browser = house.website.browser()
    browser.add("regina", SHOP)
    browser.order(phone="06 39 98 10 01")
    return browser


def _changing(house: "OpenHouse") -> Browser:
    """Somebody in the middle of changing their order."""
    browser = house.website.browser()
    tracking = house.path("tracking", "new")
    form_of(browser.get(tracking), f"{tracking}/modifier").submit()
    return browser


def _returning(house: "OpenHouse") -> Browser:
    """A customer of long standing with something in their basket."""
    return _fill(house, house.website.staff("regular"))


def _thrifty(house: "OpenHouse") -> Browser:
    """The same, who pays less with a promotion, and has told where to deliver."""
    browser = _returning(house)
    form = browser.form("/panier", "/panier/promotion")
    form["code"] = "DIX"
    form.submit(status=303)
    browser.give_details()
    return browser


def _unlucky(house: "OpenHouse") -> Browser:
    """The same, whose promotion came to its end meanwhile: what is left is too little for it."""
    browser = _returning(house)
    form = browser.form("/panier", "/panier/promotion")
    form["code"] = "RENTREE"
    form.submit(status=303)
    lines = soup(browser.get("/panier")).select("input[name=line]")
    for line, left in ((lines[0], "1"), (lines[-1], "0")):
        browser.post_form("/panier/modifier", {"line": line["value"], "quantity": left})
    browser.give_details(mode="takeaway")
    return browser


def _half(house: "OpenHouse", who: str = "direction") -> Browser:
    """A manager of the group who has shown their password and nothing else yet."""
    browser = house.website.browser()
    form = browser.form("/connexion", "/connexion")
    form["identifier"], form["password"] = house.website.chain.identifiers[who], PASSWORD
    form.submit(status=303)
    return browser


def _newly_raised(house: "OpenHouse") -> Browser:
    """Another one each time, who has no second factor yet."""
    with house.website.session() as session:
        raised = make_staff(session, Role.MANAGER)
        session.execute(delete(SecondFactor).where(SecondFactor.account_id == raised.id))
    house.website.chain.identifiers["newly raised"] = raised.identifier
    return _half(house, "newly raised")


# Whoever is on their way in is there for some minutes, and once.
PASSING = ("half", "newly raised")
MEMBERS = (
    "customer",
    "regular",
    "passwordless",
    "cashier",
    "pizzaiolo",
    "driver",
    "manager",
    "direction",
)


def _at_the_tablet(house: "OpenHouse") -> Browser:
    """Somebody at a shared device where others have signed in today and have their digits."""
    browser = house.website.browser()
    for who in ("cashier", "pizzaiolo"):
        with house.website.session() as session:
            account = session.merge(house.website.account(who))
            set_quick_code(session, account, "4725", datetime.now(UTC))
        form = browser.form("/connexion", "/connexion")
        form["identifier"], form["password"] = house.website.chain.identifiers[who], PASSWORD
        form.submit(status=303)
    browser.post_form("/deconnexion")
    return browser


def _member(who: str) -> Callable[["OpenHouse"], Browser]:
    return lambda house: house.website.staff(who)


PEOPLE: dict[str, Callable[["OpenHouse"], Browser]] = {
    "visitor": lambda house: house.website.browser(),
    "here": lambda house: _from(house, "75011"),
    "elsewhere": lambda house: _from(house, "59000"),
    "hungry": _hungry,
    "hesitant": _hungry,
    "disappointed": _disappointed,
    "decided": _decided,
    "waiting": _waiting,
    "changing": _changing,
    "returning": _returning,
    "thrifty": _thrifty,
    "unlucky": _unlucky,
    "half": _half,
    "at the tablet": _at_the_tablet,
    "newly raised": _newly_raised,
    **{who: _member(who) for who in MEMBERS},
}
