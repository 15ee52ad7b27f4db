"""What a page's context was loaded with is old news once the page writes.

Every post is sent while somebody else commits a change between the loading of its context and its
view: what the view and its service decide must follow from the change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyramid.events import ContextFound
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from factories import KEY, make_promotion, make_staff, stock_up
from ocpizza.domain.author import Author
from ocpizza.models.account import Account, Employee, Role
from ocpizza.models.basket import Basket
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, Refund
from ocpizza.models.promotion import Promotion, PromotionRestaurant
from ocpizza.models.second_factor import SecondFactor
from ocpizza.models.stock import Reason, Stock
from ocpizza.models.vat import Mode
from ocpizza.services.order.advance import Step, advance_order
from ocpizza.services.order.confirm_by_phone import CONFIRMED
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.payment.refund import RefundRequest, refund_payment
from ocpizza.services.settlement.receive_payment import Receiving, receive_payment
from ocpizza.services.stock.movements import list_movements
from ocpizza.services.stock.queries import find_stock

# SQLite's writers are alone from their first statement on.
pytestmark = pytest.mark.parametrize("backend", ["postgresql"])


@dataclass
class Scene:
    """A website, an order and a promotion there, and who is about to post."""

    website: Any
    order: Order
    promotion: Promotion

    @property
    def ham(self) -> int:
        return self.website.pizzeria.ingredients["jambon"].id

    @property
    def paths(self) -> dict[str, str]:
        return {
            "token": self.order.tracking_token,
            "code": "city_001",
            "number": self.order.number,
            "promotion": str(self.promotion.id),
            "colleague": str(self.website.account("cashier").id),
            "ingredient": str(self.ham),
        }


Meanwhile = Callable[[Session, Scene], None]
Seen = Callable[[Session, Scene], Any]


@dataclass(frozen=True)
class Race:
    """A post, what somebody else commits meanwhile, and what is true afterwards."""

    route: str
    who: str
    status: Status
    meanwhile: Meanwhile
    seen: Seen
    fields: dict[str, str]
    mode: Mode = Mode.DELIVERY
    means: Means = Means.CASH


def manager_of(session: Session, scene: Scene) -> Author:
    return Author(make_staff(session, Role.MANAGER).id, Role.MANAGER)


def goes_on(before: Status, after: Status) -> Meanwhile:
    def act(session: Session, scene: Scene) -> None:
        who, now = manager_of(session, scene), datetime.now(UTC)
        advance_order(session, scene.order.id, Step(before, after), who, now)

    return act


def to_a_colleague(session: Session, scene: Scene) -> None:
    order = session.get_one(Order, scene.order.id)
    order.driver_id = make_staff(session, Role.DRIVER, scene.website.pizzeria.restaurant).id


def to_be_collected(session: Session, scene: Scene) -> None:
    """What was to be paid online is due at the door: its capture was refused."""
    order = session.get_one(Order, scene.order.id)
    order.payment_choice, order.means = PaymentChoice.ON_DELIVERY, Means.CARD_TERMINAL


def paid_online(session: Session, scene: Scene) -> None:
    session.get_one(Order, scene.order.id).status = Status.TO_PREPARE


def given_back(session: Session, scene: Scene) -> None:
    payment = session.scalars(select(Payment).where(Payment.order_id == scene.order.id)).one()
    who, now = manager_of(session, scene), datetime.now(UTC)
    whole = RefundRequest(payment.captured_cents, who, note="tout")
    refund_payment(session, payment.id, whole, now)


def nobody_told(session: Session, scene: Scene) -> datetime | None:
    return session.get_one(Order, scene.order.id).nobody_at


def paid_by_a_colleague(session: Session, scene: Scene) -> None:
    said = Receiving("c" * 43, 950, {Means.CASH: 1000})
    who = manager_of(session, scene)
    receive_payment(session, scene.order.id, said, who, datetime.now(UTC))


def received(session: Session, scene: Scene) -> list[tuple[Means, int]]:
    query = select(Payment.means, Payment.captured_cents).order_by(Payment.id)
    return [tuple(row) for row in session.execute(query)]


def reached_already(session: Session, scene: Scene) -> None:
    session.get_one(Order, scene.order.id).confirm_by = None


def confirmations(session: Session, scene: Scene) -> list[str | None]:
    mine = OrderEvent.order_id == scene.order.id, OrderEvent.note == CONFIRMED
    return list(session.scalars(select(OrderEvent.note).where(*mine)))


def of_the_group(session: Session, scene: Scene) -> None:
    promotion = session.get_one(Promotion, scene.promotion.id)
    branch = scene.website.branch.restaurant.id
    promotion.restaurants.append(PromotionRestaurant(restaurant_id=branch))


def dismissed(session: Session, scene: Scene) -> None:
    """Whoever is about to post is a manager no more."""
    job = session.get_one(Employee, scene.website.account("manager").id)
    job.role = Role.CASHIER


def cashier_of(session: Session, scene: Scene) -> tuple[Any, ...]:
    # By what stays of whoever is deleted.
    known = Account.first_name.in_(("Cashier", "Zoé"))
    cashier = session.scalars(select(Account).where(known).order_by(Account.id)).first()
    assert cashier is not None
    job = cashier.employee
    return cashier.first_name, cashier.status, cashier.session_version, job.role if job else None


def staff_of(session: Session, scene: Scene) -> int:
    return session.scalars(select(func.count(Employee.account_id))).one()


def status_of(session: Session, scene: Scene) -> Status:
    return session.get_one(Order, scene.order.id).status


def choice_of(session: Session, scene: Scene) -> tuple[Status, PaymentChoice]:
    order = session.get_one(Order, scene.order.id)
    return order.status, order.payment_choice


def changing_baskets(session: Session, scene: Scene) -> int:
    mine = Basket.changes_order_id == scene.order.id
    return session.scalars(select(func.count(Basket.id)).where(mine)).one()


def refunds(session: Session, scene: Scene) -> list[int]:
    return list(session.scalars(select(Refund.amount_cents)))


def promotion_of(session: Session, scene: Scene) -> tuple[str, bool] | None:
    found = session.get(Promotion, scene.promotion.id)
    return (found.name, found.active) if found else None


def stock_of_ham(session: Session, scene: Scene) -> int:
    return scene.website.pizzeria.stock_of(session, "jambon")


def ham_is_gone(session: Session, scene: Scene) -> None:
    """The cook threw it all away."""
    left = stock_of_ham(session, scene)
    here = session.merge(scene.website.pizzeria.restaurant)
    ham = session.get_one(Ingredient, scene.ham)
    stock_up(session, here, {ham: -left}, reason=Reason.WASTE, at=datetime.now(UTC))


def threshold_of_ham(session: Session, scene: Scene) -> int:
    key = scene.website.pizzeria.restaurant.id, scene.ham
    return session.get_one(Stock, key).alert_quantity


def by_a_colleague(session: Session, scene: Scene) -> None:
    key = scene.website.pizzeria.restaurant.id, scene.ham
    session.get_one(Stock, key).alert_quantity = 5000


BEGUN = goes_on(Status.ACCEPTED, Status.PREPARING)
DELIVER = {"before": "out_for_delivery", "after": "delivered"}
EDITED = {"code": "DIX", "name": "Autre", "kind": "percentage", "percent": "5"}
EDITED |= {"product_size_id": "0", "version": "1"}
ZOE = {"first_name": "Zoé", "last_name": "Lœb", "role": "driver"}
CASES = [
    (
        Race(
            "advance_order", "driver", Status.OUT_FOR_DELIVERY, to_a_colleague, status_of, DELIVER
        ),
        Status.OUT_FOR_DELIVERY,
    ),
    (
        Race(
            "advance_order",
            "cashier",
            Status.READY,
            to_be_collected,
            status_of,
            {"before": "ready", "after": "delivered", "means": "cash", "tendered": "1"},
            Mode.TAKEAWAY,
            Means.ONLINE_CARD,
        ),
        Status.READY,
    ),
    (
        # Their page showed nothing to collect, and nobody was asked.
        Race(
            "advance_order",
            "cashier",
            Status.READY,
            to_be_collected,
            status_of,
            {"before": "ready", "after": "delivered", "due": "0"},
            Mode.TAKEAWAY,
            Means.ONLINE_CARD,
        ),
        Status.READY,
    ),
    (Race("staff_cancel_order", "cashier", Status.ACCEPTED, BEGUN, status_of, {}), "preparing"),
    (Race("cancel_order", "visitor", Status.ACCEPTED, BEGUN, status_of, {}), "preparing"),
    (Race("change_order", "visitor", Status.ACCEPTED, BEGUN, changing_baskets, {}), 0),
    (Race("staff_change_order", "cashier", Status.ACCEPTED, BEGUN, changing_baskets, {}), 0),
    (
        Race(
            "pay_on_delivery",
            "visitor",
            Status.AWAITING_PAYMENT,
            paid_online,
            choice_of,
            {"means": "cash"},
            means=Means.ONLINE_CARD,
        ),
        (Status.TO_PREPARE, PaymentChoice.ONLINE),
    ),
    (
        Race(
            "pay_give_up",
            "visitor",
            Status.AWAITING_PAYMENT,
            paid_online,
            status_of,
            {},
            means=Means.ONLINE_CARD,
        ),
        Status.TO_PREPARE,
    ),
    (
        Race(
            "till_payment",
            "cashier",
            Status.READY,
            paid_by_a_colleague,
            received,
            {"exact": "card_terminal", "due": "950", "key": "k" * 43},
            Mode.TAKEAWAY,
        ),
        [(Means.CASH, 950)],
    ),
    (
        Race(
            "refund_order",
            "manager",
            Status.DELIVERED,
            given_back,
            refunds,
            {"payment": "", "amount": "1", "reason": "froide"},
        ),
        [1200],
    ),
    (
        Race(
            "undelivered_order",
            "manager",
            Status.OUT_FOR_DELIVERY,
            goes_on(Status.OUT_FOR_DELIVERY, Status.DELIVERED),
            status_of,
            {"before": "out_for_delivery", "reason": "spoiled"},
        ),
        Status.DELIVERED,
    ),
    (
        Race("nobody_there", "driver", Status.OUT_FOR_DELIVERY, to_a_colleague, nobody_told, {}),
        None,
    ),
    (
        Race("confirm_order", "cashier", Status.TO_PREPARE, reached_already, confirmations, {}),
        [],
    ),
    (
        Race(
            "stock_ingredient",
            "manager",
            Status.TO_PREPARE,
            ham_is_gone,
            stock_of_ham,
            {"reason": "supply", "quantity": "1", "counted_in": "1000", "seen": ""},
        ),
        0,
    ),
    (
        Race(
            "stock_threshold",
            "manager",
            Status.TO_PREPARE,
            by_a_colleague,
            threshold_of_ham,
            {"quantity": "2", "counted_in": "1000", "before": "0"},
        ),
        5000,
    ),
    *(
        (Race(route, "manager", Status.TO_PREPARE, of_the_group, promotion_of, fields), kept)
        for route, fields, kept in (
            ("promotion_edit", EDITED, ("Dix", True)),
            ("promotion_edit", EDITED | {"version": "2"}, ("Dix", True)),
            ("promotion_switch", {"version": "2", "desactiver": ""}, ("Dix", True)),
            ("promotion_delete", {}, ("Dix", True)),
        )
    ),
    *(
        (
            Race(route, "manager", Status.TO_PREPARE, dismissed, cashier_of, fields),
            ("Cashier", "active", 1, Role.CASHIER),
        )
        for route, fields in (
            ("colleague", {**ZOE, "version": "1"}),
            ("colleague_password", {"version": "1"}),
            ("colleague_second_factor", {"version": "1"}),
            ("colleague_switch", {"version": "1", "desactiver": ""}),
            ("colleague_delete", {"version": "1"}),
        )
    ),
    (Race("colleague_new", "manager", Status.TO_PREPARE, dismissed, staff_of, ZOE), 9),
]

# Why nothing that anybody commits meanwhile can make a post of these go wrong.
LOCKED_BASKET = "its basket is locked when it is first looked at, and its order after it"
COUNTED = "tries are counted in the database before it answers"
NOTHING = "it decides nothing about a row"
SAFE = {
    **dict.fromkeys(
        (
            "product",
            "basket_add",
            "basket_change",
            "basket_restore",
            "promotion_apply",
            "promotion_remove",
            "checkout",
            "change_details",
            "change_confirm",
            "change_give_up",
            "repeat_order",
            "repeat_tracked",
            "till_order",
            "till_add",
            "till_line",
            "till_product",
            "till_caller",
            "till_promotion",
            "till_place",
            "till_give_up",
        ),
        LOCKED_BASKET,
    ),
    **dict.fromkeys(("sign_in", "sign_up", "forgotten_password", "find_order"), COUNTED),
    **dict.fromkeys(
        (
            "language",
            "sign_out",
            "leave_order",
            "pay_return",
            "stripe_events",
            "provider_sign_in",
            "promotion_new",
            "product_new",
        ),
        NOTHING,
    ),
    "quick_switch": "the try is counted, and the account locked, before anybody is let in",
    "second_factor": "the account is locked, then read again, before a code is looked at",
    **dict.fromkeys(("reset_password", "confirm_email"), "its link is locked when it is used"),
    **dict.fromkeys(
        (
            "stock_count",
            "stock_count_differences",
            "stock_count_give_up",
            "stock_count_ingredient",
        ),
        "the count is locked when it is used, and compared with what was shown",
    ),
    "stock_delivery": "its stocks are locked before it adds to them",
    "deliveries_tap": "its order is locked before it looks whether it has moved on",
    "deliveries_take": "each order is locked before it looks whether it is still ready",
    **dict.fromkeys(
        ("till_session", "till_movement", "till_driver", "till_close"),
        "the till is locked when it is used, and compared with what was shown",
    ),
    "give_back": "what is to be given back is judged after the order's lock, and told once",
    **dict.fromkeys(
        (
            "product_edit",
            "product_recipe",
            "product_extras",
            "product_prices",
            "product_price_drop",
            "product_price_call_off",
            "product_photo",
            "product_photo_remove",
            "unit_cost",
            "meat",
            "meat_here",
        ),
        "the catalogue is locked before it is compared with what was shown",
    ),
    "stock_sold_out": "its stock is locked before it looks how much there is",
    "undo_step": "its order is locked before it looks what the last change was",
    "stock_sold_out_undo": "its stock is locked before it looks what has moved since",
    **dict.fromkeys(
        ("opening_hours", "restaurant_details", "alcohol_sale", "company"),
        "what was seen is compared under the lock",
    ),
    **dict.fromkeys(
        ("pause", "resume", "product_sell"), "the last word counts, and the trail has each"
    ),
    **dict.fromkeys(
        ("exceptional_days", "exceptional_days_remove"), "the days are looked for under the lock"
    ),
    "company_new": "the database refuses the second of two",
    "restaurant_new": "codes and addresses are looked for under the lock",
    "erase_order": "an ended order stays ended, and its contact only goes",
}


def post_views(website) -> set[str]:
    views = website.application.registry.introspector.get_category("views")
    named = (each["introspectable"] for each in views)
    posts = {view["route_name"] for view in named if "POST" in (view["request_methods"] or ())}
    return {route for route in posts if route} | {"advance_order"}


def test_every_post_is_raced_or_has_a_reason(website):
    account = {
        view["introspectable"]["name"]
        for view in website.application.registry.introspector.get_category("routes")
        if getattr(view["introspectable"]["factory"], "__name__", "") == "own_account"
    }
    raced = {race.route for race, _ in CASES}
    assert not raced & (SAFE.keys() | account)
    assert post_views(website) - raced - account == SAFE.keys()


@pytest.fixture
def scene(website) -> Callable[[Race], Scene]:
    def make(race: Race) -> Scene:
        online = race.means is Means.ONLINE_CARD
        status = Status.TO_PREPARE if online else race.status
        order = website.order(
            status if status is not Status.DELIVERED else Status.OUT_FOR_DELIVERY,
            mode=race.mode,
        )
        with website.session() as session:
            here = website.pizzeria.restaurant
            promotion = make_promotion(session, at=[here])
            order = session.get_one(Order, order.id)
            order.status = race.status
            if race.route == "confirm_order":
                order.confirm_by = order.placed_at + timedelta(minutes=30)
            if race.route == "colleague_second_factor":
                enrolled = {"key": KEY, "last_step": 0, "enrolled_at": order.placed_at}
                id = website.account("cashier").id
                session.add(SecondFactor(account_id=id, **enrolled))
            if race.status is Status.OUT_FOR_DELIVERY:
                order.driver_id = website.account("driver").id
            if online:
                order.payment_choice, order.means = PaymentChoice.ONLINE, race.means
                order.hold_expires_at = order.placed_at
            if race.status is Status.DELIVERED:
                order.status = Status.OUT_FOR_DELIVERY
                who = Author(order.driver_id, Role.DRIVER)
                session.flush()
                hand_over(
                    session, order.id, HandOver(order.status, Means.CASH), who, order.placed_at
                )
        return Scene(website, order, promotion)

    return make


def post(scene: Scene, race: Race, meanwhile: Meanwhile | None) -> Any:
    """What is seen after the post, during which `meanwhile` is committed."""
    website, raced = scene.website, []
    browser = website.browser() if race.who == "visitor" else website.staff(race.who)
    fields = race.fields | {"csrf_token": browser.token()}
    if "payment" in fields:
        with website.session() as session:
            mine = select(Payment.id).where(Payment.order_id == scene.order.id)
            fields["payment"] = str(session.scalars(mine).one())
    if "seen" in fields:
        with website.session() as session:
            stock = find_stock(session, website.pizzeria.restaurant.id, scene.ham)
            fields["seen"] = str(list_movements(session, stock).last.id)
    if meanwhile is None and "version" in fields:
        fields["version"] = "1"

    def interfere(event: ContextFound) -> None:
        if event.request.method == "POST" and not raced:
            raced.append(event.request.matched_route.name)
            if meanwhile is not None:
                with Session(website.engine) as session, session.begin():
                    meanwhile(session, scene)

    path = website.application.routes_mapper.get_route(race.route).generate(scene.paths)
    registry = website.application.registry
    registry.registerHandler(interfere, (ContextFound,))
    try:
        browser.post(path, fields, expect_errors=True)
    finally:
        registry.unregisterHandler(interfere, (ContextFound,))
    assert raced == [race.route]
    with website.session() as session:
        return race.seen(session, scene)


@pytest.mark.parametrize(("race", "expected"), CASES)
def test_a_post_is_judged_by_what_was_committed_since_its_context_was_loaded(scene, race, expected):
    assert post(scene(race), race, race.meanwhile) == expected


@pytest.mark.parametrize(("race", "expected"), CASES)
def test_the_same_post_does_something_where_nobody_interferes(scene, race, expected):
    assert post(scene(race), race, None) != expected
