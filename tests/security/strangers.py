"""People whom nobody who tries may learn anything of, and what must never be seen of them.

Whatever may be missing in the database is missing in some of their rows.
"""

import re
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from factories import (
    author_of,
    make_account,
    make_basket,
    make_promotion,
    make_staff,
    order_of,
    the_pizzeria,
)
from ocpizza.models.account import AccountAddress, AddressUse, Role
from ocpizza.models.card import SavedCard
from ocpizza.models.order import Order, Source
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.sign_in import AccountToken, ExternalIdentity
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change

PHONE, EMAIL = "+33699887766", "zenobie@secret.example"
STREET, NAME = "77 impasse Cachée", "Inconnue"


@dataclass
class Strangers:
    """What opens something of theirs, by the field that it might be sent in, and what is secret."""

    of: dict[str, list[str]]
    secrets: set[str]
    before: list[Any] = field(default_factory=list)

    def seen_in(self, answer: Any, sent: Any = ()) -> set[str]:
        """What an answer shows of them, but for what was just sent."""
        typed = _plain(" ".join(map(str, sent)))
        shown = _plain(_whole(answer))
        return {secret for secret in self.secrets if secret in shown and secret not in typed}


def settle_strangers(session: Session) -> Strangers:
    """Orders of every kind, accounts, baskets, cards, links and a promotion of somebody else's."""
    pizzeria, now = the_pizzeria(session), datetime.now(UTC)
    cashier = author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))
    account = make_account(session, email=EMAIL, first_name="Zénobie", last_name=NAME, phone=PHONE)
    bare = make_account(session, email=None, first_name="Zoé", last_name=NAME)
    bare.password_hash = None
    told = {"contact_name": f"Zénobie {NAME}", "phone": PHONE, "email": EMAIL, "street": STREET}
    orders = [
        order_of(session, pizzeria, now=now, author=author_of(account), **told),
        order_of(session, pizzeria, now=now, **told),
        order_of(session, pizzeria, now=now, source=Source.PHONE, author=cashier, **told),
        order_of(
            session,
            pizzeria,
            now=now,
            source=Source.COUNTER,
            author=cashier,
            mode=Mode.EAT_IN,
            **told | {"phone": None, "email": None},
        ),
    ]
    changed = start_change(session, orders[1].id, now)
    total = review_basket(session, changed, now).quote.total_cents
    change = Change(changed.checkout_key, total)
    change_order(session, changed.token, change, author_of(account), now)
    unnamed = [order.id for order in orders[2:]]
    session.execute(update(Order).where(Order.id.in_(unnamed)).values(checkout_key=None))
    baskets = [make_basket(session, pizzeria, now=now), start_change(session, orders[2].id, now)]
    baskets[0].details = baskets[0].details | told
    mine = {"account_id": account.id}
    home = {"use": AddressUse.DELIVERY, "street": STREET, "postcode": "75011", "town": "Paris"}
    card = {"stripe_payment_method_id": "pm_1", "brand": "visa", "last4": "9876", "saved_at": now}
    rows = [
        SavedCard(**mine, **card),
        ExternalIdentity(**mine, provider="google", subject="zenobie-1", linked_at=now),
        AccountAddress(**mine, **home),
        AccountToken(**mine, sha256="f" * 64, purpose="new_password", email=None, expires_at=now),
    ]
    promotion = make_promotion(session, "SECRETE", at=[pizzeria.restaurant], listed=False)
    session.add_all(rows)
    session.flush()
    session.expire_all()
    made = (*orders, *baskets, *session.scalars(select(OrderRevision)))
    keys = [each.checkout_key for each in made if each.checkout_key]
    tokens = [order.tracking_token for order in orders]
    opens = [*(basket.token for basket in baskets), account.password_hash, "f" * 64]
    numbers = [order.number for order in orders]
    return Strangers(
        of={
            "key": [*keys, *tokens, *opens],
            "number": numbers,
            "contact": [PHONE, EMAIL],
            "identifier": [EMAIL],
            "phone": [PHONE],
            "email": [EMAIL],
            "code": [promotion.code],
            "line": [str(baskets[0].lines[0].id)],
            "card": [str(rows[0].id)],
            "identity": [str(rows[1].id)],
            "suite": [f"/suivi/{token}" for token in tokens],
            "csrf_token": [*keys, *tokens, *opens],
        },
        secrets={
            *map(_plain, (*keys, *tokens, *opens, *numbers, EMAIL, STREET, NAME)),
            PHONE.removeprefix("+33"),
        },
        before=[_row(session, each) for each in (*made, account, bare, promotion, *rows)],
    )


def untouched(session: Session, strangers: Strangers) -> bool:
    """Whether every row of theirs is as it was."""
    return all(_row(session, one) == (one, columns) for one, columns in strangers.before)


def _row(session: Session, one: Any) -> tuple[Any, Any]:
    """A row as the database has it now."""
    table = type(one).__table__
    mine = [column == value for column, value in zip(table.primary_key, _key(one), strict=True)]
    return one, session.execute(select(*table.columns).where(*mine)).one_or_none()


def _key(one: Any) -> tuple[Any, ...]:
    return inspect(one).identity


def _whole(answer: Any) -> str:
    """Body, redirect and whatever the answer has the browser keep, decoded."""
    cookies = answer.headers.getall("Set-Cookie")
    return "\n".join([answer.text, answer.headers.get("Location", ""), *map(_kept, cookies)])


def _kept(cookie: str) -> str:
    value = cookie.partition("=")[2].partition(";")[0].strip('"')
    try:
        inside = b64decode(value + "=" * (-len(value) % 4), altchars=b"-_")
    except ValueError:
        return cookie
    return cookie + inside.decode(errors="replace")


def _plain(text: str) -> str:
    """Without what is between digits or words: a phone number is one however it is written."""
    return re.sub(r"[\s\u202f\xa0.]|%20", "", text)
