"""What is in the open house: accounts, promotions, links that were sent, orders of every kind."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Engine, delete
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
from ocpizza.models.account import Account, AccountAddress, AddressUse, ExternalIdentity, Role
from ocpizza.models.promotion import Promotion
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.account_links import Purpose, issue_link
from ocpizza.services.cancel_order import cancel_order
from ocpizza.services.erase_orders import erase_orders
from ocpizza.services.list_history import PAGE
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


def _join(session: Session, account: Account, provider: str, now: datetime) -> None:
    known = {"subject": f"{provider}-{account.id}", "email": account.email, "linked_at": now}
    session.add(ExternalIdentity(account_id=account.id, provider=provider, **known))


def furnish(house: "OpenHouse") -> None:
    """Promotions, orders, links; the one without a password has lost it."""
    with house.website.session() as session:
        _make_promotions(session, house.website.pizzeria)
    _place_orders(house)
    _place_regular_orders(house)
    _end_orders(house)
    now = datetime.now(UTC)
    house.website.staff("passwordless")
    with house.website.session() as session:
        account = session.merge(house.website.account("passwordless"))
        account.password_hash, account.erasure_announced_at = None, now
        regular = session.merge(house.website.account("regular"))
        for route, purpose in {
            "reset_password": Purpose.NEW_PASSWORD,
            "confirm_email": Purpose.CONFIRM_EMAIL,
        }.items():
            house.links[route] = issue_link(session, regular, purpose, LONG, now)


def _make_promotions(session: Session, pizzeria: Pizzeria) -> None:
    """One in each state that the list shows, and of each kind."""
    session.execute(delete(Promotion))
    now, here = datetime.now(UTC), {"at": [pizzeria.restaurant]}
    make_promotion(session, name="Dix pour cent pour tout le monde, tous les jours")
    autumn = {"name": "La rentrée", "weekday_mask": 0b11111, "starts_at": now - DAY}
    make_promotion(session, "ETE", **here, name="L’été", ends_at=now - DAY)
    make_promotion(session, "NOEL", **here, name="Noël", starts_at=now + DAY, total_limit=100)
    make_promotion(session, "VIEUX", **here, name="Vieille", active=False, first_order_only=True)
    make_promotion(
        session, "RENTREE", **here, **autumn | {"weekday_mask": 127}, amount_cents=350,
        minimum_cents=1500, per_customer_limit=3, ends_at=now + 30 * DAY,
    )
    make_promotion(
        session, "COLA", **here, name="Un cola offert", listed=False,
        product_size_id=pizzeria.size("cola-33cl").id, from_minute=660, to_minute=900,
        weekday_mask=0b0010101, birthday_only=True,
    )


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
        "erased": house.order(Status.DELIVERED, comment=COMMENT),
    }


def _place_regular_orders(house: "OpenHouse") -> None:
    """More orders of one customer than a page shows; not all of the last can be had again."""
    with house.website.session() as session:
        regular = author_of(session.merge(house.website.account("regular")))
        ten = session.query(Promotion).filter_by(code="DIX").one()
    mine = {"author": regular, "mode": Mode.TAKEAWAY}
    branch = house.website.branch
    for hours in range(PAGE, 0, -1):
        house.order(Status.DELIVERED, minutes_ago=hours * HOUR, **mine)
    house.orders["reduced"] = house.order(minutes_ago=30, author=regular, promotion=ten)
    house.order(Status.DELIVERED, at=branch, lines=rich_lines(branch), **mine)
    eggs, colas = (branch.ingredients[code] for code in ("oeuf", "cola-33cl"))
    with house.website.session() as session:
        left = {one: -branch.stock_of(session, one.code) for one in (eggs, colas)}
        stock_up(session, branch.restaurant, left)


def _end_orders(house: "OpenHouse") -> None:
    now = datetime.now(UTC)
    with house.website.session() as session:
        cashier = author_of(session.merge(house.website.account("cashier")))
        cancel_order(session, house.orders["cancelled"].id, cashier, now, "Le four est en panne.")
        erase_orders(session, [house.orders["erased"].id], now)
