"""Every page, and what people do at a busy hour, as acts that can be done again and again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from at_size.house import CODE, SHOP, House
from ocpizza.domain.hours import business_day
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.restaurant import Restaurant
from views.website import Browser

WORK = f"/equipe/{CODE}"
# How much more than at a small shop something may cost.
SHOP_AIM, STAFF_AIM = 1.2, 1.5
# The demo's restaurants sell and all others do not yet; or all do, since a week: what shows all
# restaurants together is compared with that.
SMALL, WEEK = "small", "week"


@dataclass(frozen=True)
class Visit:
    """Something that is done: `prepare` makes what it needs, which is not measured."""

    name: str
    aim: float
    # The smaller shop that it is compared with.
    beside: str
    prepare: Callable[[], Callable[[], object]]


def visits(house: House) -> Iterator[Visit]:
    """All that is measured at a shop."""
    for route, who, path in house.pages():
        yield _page(house, route, who, path)
    for name, path in _lists():
        yield _page(house, name, "direction", path)
    yield Visit("a guest's whole order", SHOP_AIM, SMALL, lambda: lambda: _order(house))
    yield Visit("… its confirmation", SHOP_AIM, SMALL, lambda: _confirmation(house))
    yield Visit("an order found again", SHOP_AIM, SMALL, lambda: _found_again(house))
    yield Visit("an order accepted", STAFF_AIM, SMALL, lambda: _accepted(house))
    yield Visit("a caller, by their number", STAFF_AIM, SMALL, lambda: _caller(house, "1003"))
    yield Visit("a caller, by their name", STAFF_AIM, SMALL, lambda: _caller(house, "martin"))


def _page(house: House, name: str, who: str, path: str) -> Visit:
    aim = STAFF_AIM if path.startswith("/equipe") else SHOP_AIM
    beside = WEEK if aim == STAFF_AIM and not path.startswith(f"{WORK}/") else SMALL
    browser = house.browser(who)
    return Visit(name, aim, beside, lambda: lambda: browser.get(path, status=200))


def _lists() -> Iterator[tuple[str, str]]:
    """Lists of what is past, which the pages as they open do not show."""
    today = business_day(datetime.now(UTC))
    week = f"du={today - timedelta(days=7)}&au={today}"
    yield "orders, a week", f"{WORK}/commandes?{week}"
    yield "orders, by a name", f"{WORK}/commandes?{week}&qui=martin"
    yield "orders, by a phone", f"{WORK}/commandes?{week}&qui=0639981003"
    yield "orders_csv, a week", f"{WORK}/commandes.csv?{week}"
    yield "trail, of orders", f"{WORK}/journal?quoi=order"
    yield "group_comparison, a week", f"/equipe/comparaison?{week}"


def _order(house: House) -> None:
    browser = _with_basket(house)
    browser.order(**house.caller())


def _with_basket(house: House) -> Browser:
    browser = Browser(house.application)
    browser.add("margherita", SHOP, quantity=2)
    return browser


def _confirmation(house: House) -> Callable[[], object]:
    browser = _with_basket(house)
    browser.give_details(**house.caller())
    form = browser.payment_form()
    return lambda: form.submit(status=303)


def _found_again(house: House) -> Callable[[], object]:
    browser = Browser(house.application)
    with house.session() as session:
        order = session.scalars(select(Order).where(Order.number == house.parts["number"])).one()
        order.phone = order.phone or "+33639981003"
        known = {"number": order.number, "contact": order.phone}
    browser.token()
    return lambda: browser.post_form("/suivi", known, status=303)


def _accepted(house: House) -> Callable[[], object]:
    _order(house)
    with house.session() as session:
        here = Order.restaurant_id.in_(select(Restaurant.id).where(Restaurant.code == CODE))
        last = select(Order.number).where(here, Order.status == Status.TO_PREPARE)
        number = session.scalars(last.order_by(Order.id.desc()).limit(1)).one()
    direction, step = house.browser("direction"), {"before": "to_prepare", "after": "accepted"}
    direction.token()
    return lambda: direction.post_form(f"{WORK}/commandes/{number}/statut", step, status=303)


def _caller(house: House, typed: str) -> Callable[[], object]:
    direction, path = house.browser("direction"), f"{WORK}/caisse/{'t' * 43}"
    direction.token()
    return lambda: direction.post_form(path, {"entry": typed}, status=200)
