"""Who orders at a restaurant of the demo: people with and without an account, who come again."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from ocpizza.domain.promotion import Customer
from ocpizza.models.account import Account
from ocpizza.operations.demo_data import read_rows
from ocpizza.operations.demo_weeks.house import House, Place

PEOPLE, WITH_ACCOUNT = 70, 0.2
# Numbers that ARCEP keeps for fiction: 06 39 98 and four digits.
FICTION, FIRST_NUMBER = "+3363998", 1000


@dataclass(eq=False)
class Person:
    """Somebody who orders, and what promotions ask of them."""

    name: str
    phone: str
    email: str | None
    street: str
    complement: str | None
    place: Place
    account_id: int | None = None
    received: bool = False
    known: Customer = field(default_factory=lambda: Customer(has_ordered=False))


def make_crowd(
    session: Session, house: House, since: datetime, chance: Random, people: int
) -> list[Person]:
    """Return the people of a restaurant; some have an account, confirmed when the weeks began."""
    (names,) = read_rows("crowd", "crowd")
    known = int(WITH_ACCOUNT * people)
    first = FIRST_NUMBER + house.rank * people
    crowd = [
        _person(house, names, first + number, chance, told=number < known)
        for number in range(people)
    ]
    accounts = [_account(person, since) for person in crowd[:known]]
    session.add_all(accounts)
    session.flush()
    for person, account in zip(crowd, accounts, strict=False):
        person.account_id = account.id
    return crowd


def _person(
    house: House, names: dict[str, list[str]], digits: int, chance: Random, *, told: bool
) -> Person:
    first, last = chance.choice(names["first_names"]), chance.choice(names["last_names"])
    told = told or chance.random() < 0.6
    return Person(
        name=f"{first} {last}",
        phone=f"{FICTION}{digits}",
        email=f"client{digits}@client.example" if told else None,
        street=f"{chance.randrange(1, 120)} {chance.choice(names['streets'])}",
        complement=chance.choice(names["complements"]) or None,
        place=chance.choice(house.places),
    )


def _account(person: Person, since: datetime) -> Account:
    first_name, last_name = person.name.split(" ", 1)
    return Account(
        email=person.email,
        first_name=first_name,
        last_name=last_name,
        phone=person.phone,
        created_at=since,
        email_verified_at=since,
        last_seen_at=since,
    )
