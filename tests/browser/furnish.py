"""What is in the open house: accounts, promotions, links that were sent, orders of every kind."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from factories import (
    Lines,
    Pizzeria,
    author_of,
    make_account,
    make_promotion,
    make_staff,
    stock_up,
    the_pizzeria,
)
from ocpizza.domain.hours import business_day
from ocpizza.models.account import Account, AccountAddress, AddressUse, Role
from ocpizza.models.card import SavedCard
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.order_status import Status, UndeliveredReason
from ocpizza.models.payment import Means
from ocpizza.models.promotion import Promotion
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.sign_in import ExternalIdentity
from ocpizza.models.staff_change import Subject
from ocpizza.models.stock import Reason
from ocpizza.models.vat import Mode
from ocpizza.services.account.links import Purpose, issue_link
from ocpizza.services.catalogue.pause import pause_online_orders
from ocpizza.services.order.cancel import Ending, cancel_order
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.order.not_delivered import Undelivered, end_undelivered, note_nobody
from ocpizza.services.order.own_orders import PAGE
from ocpizza.services.payment.counter import Tender, record_payment
from ocpizza.services.privacy.erase_orders import erase_orders
from ocpizza.services.settlement.receive_payment import Receiving, receive_payment
from ocpizza.services.stock.change import StockChange, change_stock
from ocpizza.services.stock.count import Counted, begin_count, count_stock
from ocpizza.services.stock.movements import list_movements
from ocpizza.services.stock.queries import list_stocks
from ocpizza.services.till.close import Counted as CountedCash
from ocpizza.services.till.close import close_till
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.move import Moved, move_cash
from ocpizza.services.till.session import find_till, open_till
from ocpizza.services.trail import search as trail
from ocpizza.services.trail.record import Change, Signature, record_change
from uploads import photo, show
from views.website import Chain

if TYPE_CHECKING:
    from browser.open_house import OpenHouse

JOBS = (Role.CASHIER, Role.PIZZAIOLO, Role.DRIVER, Role.MANAGER)
HOUR = 60
DAY = timedelta(days=1)
COMMENT = "Sonnez chez Mme Vandenberghe, deuxième cour. " + "Merci" * 30
LONG = "marie-antoinette.de-la-rochefoucauld-montmorency@courrier.example.org"


def make_chain(session: Session, engine: Engine) -> Chain:
    """The demo chain with somebody of every role, and three customers."""
    pizzeria = the_pizzeria(session)
    identifiers = {
        "direction": "la.direction",
        "customer": "cliente@example.org",
        "regular": LONG,
        "passwordless": "sans@example.org",
    }
    make_staff(session, Role.MANAGER, identifier="la.direction")
    for role in JOBS:
        identifiers[role] = f"{role}.ici"
        make_staff(session, role, pizzeria.restaurant, identifier=identifiers[role])
    # Nobody of `PEOPLE`: what becomes of them is looked at.
    identifiers["trainee"] = "stagiaire.ici"
    make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant, identifier=identifiers["trainee"])
    make_account(session, email=identifiers["customer"])
    now = datetime.now(UTC)
    _make_regular(session, identifiers["regular"], now)
    _join(session, make_account(session, email=identifiers["passwordless"]), "facebook", now)
    return Chain(engine.url, pizzeria, the_pizzeria(session, "city_002"), identifiers)


def _make_regular(session: Session, email: str, now: datetime) -> None:
    """Somebody who told everything and can sign in in three ways."""
    account = make_account(
        session,
        email=email,
        email_verified_at=now,
        phone="+33612345678",
        birthday=date(1990, 5, 17),
    )
    home = {"street": "12 rue Oberkampf", "postcode": "75011", "town": "Paris"}
    for use in AddressUse:
        values = home | {"account_id": account.id, "use": use, "complement": "Escalier B"}
        session.add(AccountAddress(**values))
    for provider in ("google", "facebook"):
        _join(session, account, provider, now)
    for brand, last4 in (("visa", "4242"), ("amex", "0005"), ("unknown", "1234")):
        card = {"stripe_payment_method_id": f"pm_{brand}", "brand": brand, "last4": last4}
        session.add(SavedCard(account_id=account.id, saved_at=now, **card))


def _join(session: Session, account: Account, provider: str, now: datetime) -> None:
    known = {"subject": f"{provider}-{account.id}", "email": account.email, "linked_at": now}
    session.add(ExternalIdentity(account_id=account.id, provider=provider, **known))


def furnish(house: "OpenHouse") -> None:
    """Promotions, orders, links; the one without a password has lost it."""
    manager = house.website.account("manager")
    with house.website.session() as session:
        _make_promotions(session, house.website.pizzeria)
        show(session, house.website.pizzeria.products["tartufo"], photo(1200, 900))
        _close_days(session, house.website.pizzeria.restaurant, datetime.now(UTC))
        _pause(session, house.website.branch.restaurant.id)
        _change_promotions(session, house.website.pizzeria.restaurant, manager)
    _place_orders(house)
    _place_regular_orders(house)
    _end_orders(house)
    _send_links(house)
    _lose_password(house)
    _count_some_stock(house)
    _close_a_till(house)
    _move_some_cash(house)


def _pause(session: Session, restaurant_id: int) -> None:
    """The other restaurant has no oven."""
    now = datetime.now(UTC)
    reason, signed = "Four en panne, le réparateur arrive", Signature(None, now)
    pause_online_orders(session, restaurant_id, now + timedelta(hours=1), reason, signed)


def _send_links(house: "OpenHouse") -> None:
    purposes = {"reset_password": Purpose.NEW_PASSWORD, "confirm_email": Purpose.CONFIRM_EMAIL}
    regular = house.website.account("regular")
    with house.website.session() as session:
        for route, purpose in purposes.items():
            house.links[route] = issue_link(session, regular, purpose, LONG, datetime.now(UTC))


def _lose_password(house: "OpenHouse") -> None:
    """Somebody who comes by Facebook only, and has not come for long."""
    house.website.staff("passwordless")  # the way in by a password, as long as there is one
    account = house.website.account("passwordless")
    with house.website.session() as session:
        account = session.merge(account)
        account.password_hash, account.erasure_announced_at = None, datetime.now(UTC)


def _make_promotions(session: Session, pizzeria: Pizzeria) -> None:
    """One in each state that the list shows, and of each kind."""
    now, here = datetime.now(UTC), {"at": [pizzeria.restaurant]}
    make_promotion(session, name="Dix pour cent pour tout le monde, tous les jours")
    make_promotion(session, "ETE", **here, name="L’été", ends_at=now - DAY)
    make_promotion(session, "NOEL", **here, name="Noël", starts_at=now + DAY, total_limit=100)
    make_promotion(session, "VIEUX", **here, name="Vieille", active=False, first_order_only=True)
    month = {"starts_at": now - DAY, "ends_at": now + 30 * DAY}
    gift = {"amount_cents": 350, "minimum_cents": 1500, "per_customer_limit": 3}
    make_promotion(session, "RENTREE", **here, **month, **gift, name="La rentrée")
    free = {"product_size_id": pizzeria.size("cola-33cl").id, "birthday_only": True}
    lunch = {"from_minute": 660, "to_minute": 900, "weekday_mask": 0b0010101}
    make_promotion(session, "COLA", **here, **free, **lunch, name="Un cola", listed=False)


def _close_days(session: Session, restaurant: Restaurant, now: datetime) -> None:
    """Two months, Mondays without an order."""
    for ago in range(1, 62):
        day = business_day(now) - ago * DAY
        orders = day.weekday() * 7
        session.add(
            ClosedDay(
                restaurant_id=restaurant.id,
                day=day,
                orders=orders,
                turnover_cents=orders * 1985,
                vat_cents=orders * 181,
                refunded_cents=950 if day.weekday() == 5 else 0,
                cancelled=day.weekday() // 3,
                timed_orders=orders,
                waited_seconds=orders * 1830,
                closed_at=now,
            )
        )


def _change_promotions(session: Session, restaurant: Restaurant, manager: Account) -> None:
    """More than a page of the audit trail holds: added, changed, deleted."""
    author, now = author_of(session.merge(manager)), datetime.now(UTC)
    facts = {"name": "La rentrée", "percent": 10, "starts_at": now, "weekdays": [0, 4]}
    changed = facts | {"name": "La grande rentrée des étudiants", "percent": 15, "weekdays": []}
    steps = [(None, facts), (facts, changed), (changed, None)]
    for number in range(trail.PAGE + 3):
        before, after = steps[number % 3]
        change = Change(Subject.PROMOTION, before, after, restaurant.id, "RENTREE")
        record_change(session, Signature(author, now - number * DAY), change)


def rich_lines(pizzeria: Pizzeria) -> Lines:
    """Two pizzas with options and a drink: more than the least that is delivered."""
    pizza = pizzeria.select("regina", without=["jambon-blanc"], extras=["oeuf"])
    return [(pizza, 2), (pizzeria.select("cola-33cl"), 1)]


def _place_orders(house: "OpenHouse") -> None:
    """One order of each kind that some page shows differently."""
    house.orders = {
        "new": house.order(comment=COMMENT, email="stanley@example.org"),
        "late": house.order(minutes_ago=HOUR),
        "soon": house.order(Status.ACCEPTED, minutes_ago=25),
        "preparing": house.order(Status.PREPARING),
        "ready": house.order(Status.READY, comment=COMMENT),
        "counter": house.order(Status.READY, mode=Mode.TAKEAWAY),
        "on_its_way": house.order(Status.OUT_FOR_DELIVERY, comment=COMMENT),
        "delivered": house.order(Status.DELIVERED),
        "cancelled": house.order(),
        "undelivered": house.order(Status.OUT_FOR_DELIVERY),
        "unpaid": house.order(Status.AWAITING_PAYMENT, means=Means.ONLINE_CARD),
        "paid": house.order(Status.READY, mode=Mode.TAKEAWAY, minutes_ago=1),
        "paid_in_advance": house.order(mode=Mode.TAKEAWAY, minutes_ago=2),
        "given_back_later": house.order(mode=Mode.TAKEAWAY, minutes_ago=3),
        "erased": house.order(Status.DELIVERED, comment=COMMENT),
        "tapped": house.order(minutes_ago=2),
        "to_call": house.order(contact_name="Julia Moreau", email="julia@example.org"),
    }
    with house.website.session() as session:
        # Both wait as long as anybody may look at them.
        session.merge(house.orders["unpaid"]).hold_expires_at = datetime.now(UTC) + DAY
        session.merge(house.orders["to_call"]).confirm_by = datetime.now(UTC) + DAY


def _place_regular_orders(house: "OpenHouse") -> None:
    """More orders of one customer than a page shows; not all of the last can be had again."""
    with house.website.session() as session:
        regular = author_of(session.merge(house.website.account("regular")))
        ten = session.scalars(select(Promotion).where(Promotion.code == "DIX")).one()
    mine = {"author": regular, "mode": Mode.TAKEAWAY}
    for hours in range(PAGE, 0, -1):
        house.order(Status.DELIVERED, minutes_ago=hours * HOUR, **mine)
    house.orders["reduced"] = house.order(minutes_ago=30, author=regular, promotion=ten)
    pizzeria = house.website.pizzeria
    dessert = [(pizzeria.select("panna-cotta"), 1), (pizzeria.select("limonade-33cl"), 3)]
    house.order(Status.DELIVERED, lines=rich_lines(pizzeria) + dessert, **mine)
    with house.website.session() as session:
        gone, scarce = (_made_of(pizzeria, slug) for slug in ("panna-cotta", "limonade-33cl"))
        left = {gone: 0, scarce: 2}
        moves = {one: left[one] - pizzeria.stock_of(session, one.code) for one in left}
        stock_up(session, pizzeria.restaurant, moves)


def _count_some_stock(house: "OpenHouse") -> None:
    """A count that goes on: one of each kind of difference, one that was corrected since."""
    now = datetime.now(UTC)
    pizzeria = house.website.pizzeria
    with house.website.session() as session:
        manager = house.website.account("manager").id
        here = pizzeria.restaurant.id
        begin_count(session, here, manager, now)
        stocks = sorted(list_stocks(session, here), key=lambda stock: stock.ingredient_id)
        for stock, counted in zip(stocks[:4], (2, 10_000_000, stocks[2].quantity, 5), strict=True):
            count_stock(session, stock, Counted(counted, None), manager, now)
        seen = list_movements(session, stocks[3]).last.id
        # A little less: there is enough of it for whoever orders here.
        left = stocks[3].quantity - 7
        change_stock(
            session, stocks[3], StockChange(Reason.CORRECTION, left, "", seen), manager, now
        )


def _close_a_till(house: "OpenHouse") -> None:
    """With what was paid and given back in it, change that was bought, and three euros missing."""
    now, here = datetime.now(UTC), house.website.pizzeria.restaurant.id
    with house.website.session() as session:
        cashier = author_of(session.merge(house.website.account("cashier")))
        till = find_till(session, here)
        move_cash(session, till, Moved(5300, "Monnaie de la banque", "z" * 43), cashier, now)
        expected = drawer_of(session, till).expected_cents
        pieces = {5000: 1, 1: expected - 5300}
        close_till(session, till, CountedCash(pieces, expected, "Erreur de rendu"), cashier, now)
        open_till(session, here, 0, cashier, now)


def _move_some_cash(house: "OpenHouse") -> None:
    """A till with some movements and a driver who has something to bring; one that is closed."""
    now, order = datetime.now(UTC), house.order(Status.OUT_FOR_DELIVERY, minutes_ago=5)
    people = [house.website.account(role) for role in ("driver", "cashier")]
    with house.website.session() as session:
        driver, cashier = (author_of(session.merge(one)) for one in people)
        handed = HandOver(Status.OUT_FOR_DELIVERY, Means.CASH)
        hand_over(session, order.id, handed, driver, now)
        till = find_till(session, order.restaurant_id)
        for cents, note in ((5000, "Monnaie de la banque"), (-1240, "Farine, on en manquait")):
            move_cash(session, till, Moved(cents, note, note.ljust(43, "-")), cashier, now)
        last = session.scalars(select(Restaurant).where(Restaurant.code == "city_005")).one()
        other = find_till(session, last.id)
        expected = drawer_of(session, other).expected_cents
        close_till(session, other, CountedCash({1: expected}, expected), cashier, now)


def _made_of(pizzeria: Pizzeria, slug: str) -> Ingredient:
    return pizzeria.products[slug].composition[0].ingredient


def _end_orders(house: "OpenHouse") -> None:
    now, manager = datetime.now(UTC), house.website.account("manager")
    with house.website.session() as session:
        cashier = author_of(session.merge(house.website.account("cashier")))
        cancel_order(
            session,
            house.orders["cancelled"].id,
            cashier,
            now,
            Ending(note="Le four est en panne."),
        )
        manager = author_of(session.merge(manager))
        note_nobody(session, house.orders["on_its_way"].id, manager, now)
        undelivered = house.orders["undelivered"]
        on_its_way = Status.OUT_FOR_DELIVERY
        ending = Undelivered(on_its_way, UndeliveredReason.NOBODY_THERE, "Trois appels.")
        end_undelivered(session, undelivered.id, ending, manager, now)
        paid = session.merge(house.orders["paid"])
        record_payment(session, paid, Tender(Means.CASH), cashier.account_id, now)
        for name in ("paid_in_advance", "given_back_later"):
            order = session.merge(house.orders[name])
            due = order.total_cents
            given = {Means.MEAL_VOUCHER: 600, Means.CASH: due}
            said = Receiving(name.ljust(43, "-"), due, given)
            receive_payment(session, order.id, said, cashier, now)
        cancel_order(session, house.orders["given_back_later"].id, cashier, now)
        erase_orders(session, [house.orders["erased"].id], now)
