"""Companies are written down anew; what was handed out keeps what it says."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, author_of, make_staff, order_of
from ocpizza.documents.summary import order_summary
from ocpizza.domain.stale_version import StaleVersion, fingerprint
from ocpizza.models.account import Role
from ocpizza.models.legal_entity import FormerLegalEntity
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, PaymentState
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.catalogue.companies import (
    AccountInUse,
    CodeTaken,
    SiretTaken,
    add_company,
    company_facts,
    edit_company,
    list_companies,
)
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.order.summary import load_summary
from ocpizza.services.payment.counter import next_receipt
from ocpizza.services.trail.record import Signature

SITE = "https://shop.example"
NEW = {
    "registered_name": "Pizza du Port SARL",
    "street": "3 quai du Port",
    "postcode": "13002",
    "town": "Marseille",
    "siret": "73282932000074",
    "vat_number": "FR44732829320",
    "payment_account": None,
}


@pytest.fixture
def signed(session, pizzeria):
    return Signature(author_of(make_staff(session, Role.MANAGER)), NOON + timedelta(hours=2))


@pytest.fixture
def entity(pizzeria):
    return pizzeria.restaurant.legal_entity


def edit(session, entity, signed, **values):
    facts = company_facts(entity)
    edit_company(session, entity.id, fingerprint(facts), {**facts, **values}, signed)


def seller_of(session, order):
    loaded, _, _ = load_summary(session, order.id)
    return loaded.restaurant.legal_entity.as_of(loaded.revision.made_at)


def test_what_was_handed_out_before_keeps_what_it_says(session, pizzeria, entity, signed):
    before = order_of(session, pizzeria)
    handed_out = order_summary(session, before.id, SITE).content
    edit(session, entity, signed, registered_name="OC Pizza SA", street="9 rue Neuve")
    edit(session, entity, Signature(signed.author, NOON + timedelta(hours=4)), town="Lyon")
    session.expire_all()
    assert order_summary(session, before.id, SITE).content == handed_out
    between = order_of(session, pizzeria, now=NOON + timedelta(hours=3))
    after = order_of(session, pizzeria, now=NOON + timedelta(hours=5))
    told = [seller_of(session, order) for order in (before, between, after)]
    assert [(each.name, each.town) for each in told] == [
        ("OC Pizza SAS", "Paris"),
        ("OC Pizza SA", "Paris"),
        ("OC Pizza SA", "Lyon"),
    ]


def test_a_new_account_changes_nothing_that_is_said(session, entity, signed):
    edit(session, entity, signed, payment_account="acct_1A2b3C4d5E6f")
    assert entity.stripe_account == "acct_1A2b3C4d5E6f"
    assert session.scalars(select(FormerLegalEntity)).all() == []


def test_a_new_account_is_that_of_its_restaurants_at_once(session, entity, signed):
    assert {point.stripe_account for point in list_restaurants(session)} == {None}
    edit(session, entity, signed, payment_account="acct_1A2b3C4d5E6f")
    session.flush()
    assert {point.stripe_account for point in list_restaurants(session)} == {"acct_1A2b3C4d5E6f"}


def test_an_account_that_cards_were_charged_on_stays(session, pizzeria, entity, signed):
    order = order_of(session, pizzeria, status=Status.TO_PREPARE)
    session.add(
        Payment(
            order_id=order.id,
            means=Means.ONLINE_CARD,
            state=PaymentState.AUTHORISED,
            amount_cents=100,
            created_at=NOON,
        )
    )
    session.flush()
    with pytest.raises(AccountInUse):
        edit(session, entity, signed, payment_account="acct_1A2b3C4d5E6f")
    edit(session, entity, signed, town="Lyon")


def test_the_second_of_two_writes_nothing_unseen(session, entity, signed):
    seen = fingerprint(company_facts(entity))
    edit(session, entity, signed, town="Lyon")
    with pytest.raises(StaleVersion):
        edit_company(session, entity.id, seen, {**company_facts(entity), "town": "Nice"}, signed)


def test_a_receipt_meanwhile_makes_nothing_stale(session, pizzeria, entity, signed):
    seen = fingerprint(company_facts(entity))
    next_receipt(session, order_of(session, pizzeria), NOON)
    edit_company(session, entity.id, seen, {**company_facts(entity), "town": "Nice"}, signed)
    assert entity.last_receipt_number == 1


def test_a_new_company_is_listed_with_its_restaurants(session, pizzeria, signed):
    add_company(session, "port", NEW, signed)
    (_, first), (new, second) = list_companies(session)
    assert first == [pizzeria.restaurant.name]
    assert (new.name, second) == ("Pizza du Port SARL", [])


def test_code_and_siret_are_of_one_company(session, entity, signed):
    add_company(session, "port", NEW, signed)
    with pytest.raises(CodeTaken):
        add_company(session, "port", {**NEW, "siret": "60941728200025"}, signed)
    with pytest.raises(SiretTaken):
        add_company(session, "quai", NEW, signed)
    with pytest.raises(SiretTaken):
        edit(session, entity, signed, siret=NEW["siret"])


def test_the_trail_tells_it_to_the_group(session, entity, signed):
    edit(session, entity, signed, town="Lyon", payment_account="acct_1A2b3C4d5E6f")
    (change,) = session.scalars(select(StaffChange))
    assert change.restaurant_id is None
    assert change.facts_after == {"town": "Lyon", "payment_account": "acct_1A2b3C4d5E6f"}
