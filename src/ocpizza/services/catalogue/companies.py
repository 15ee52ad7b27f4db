"""The companies that sell, as the group's manager writes them down."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.db import violates_unique
from ocpizza.domain.sorting import reading_order
from ocpizza.domain.stale_version import StaleVersion, fingerprint
from ocpizza.models.legal_entity import FormerLegalEntity, LegalEntity
from ocpizza.models.order import Order
from ocpizza.models.payment import Means, Payment
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.staff_change import Subject
from ocpizza.services.catalogue.cache import renew_token
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.trail.record import Change, Facts, Signature, record_change

# What summaries and receipts say of it.
REGISTERED = ("name", "siret", "vat_number", "street", "postcode", "town", "country")
COLUMNS = {
    "registered_name": "name",
    "street": "street",
    "postcode": "postcode",
    "town": "town",
    "siret": "siret",
    "vat_number": "vat_number",
    "payment_account": "stripe_account",
}


class CodeTaken(ValueError):
    """Another company has this code."""


class SiretTaken(ValueError):
    """Another company has this SIRET."""


class AccountInUse(RuntimeError):
    """Cards were charged on the account that it has: refunds go there, too."""


def company_facts(entity: LegalEntity) -> Facts:
    """Return what is written down of a company, as the trail tells it."""
    return {name: getattr(entity, column) for name, column in COLUMNS.items()}


def list_companies(session: Session) -> list[tuple[LegalEntity, list[str]]]:
    """Return every company in order of registration, with the names of its restaurants."""
    names: dict[int, list[str]] = {}
    places = session.execute(select(Restaurant.legal_entity_id, Restaurant.name)).all()
    for row in sorted(places, key=lambda row: reading_order(row.name)):
        names.setdefault(row.legal_entity_id, []).append(row.name)
    entities = session.scalars(select(LegalEntity).order_by(LegalEntity.id))
    return [(entity, names.get(entity.id, [])) for entity in entities]


def company_names(session: Session) -> list[tuple[int, str]]:
    """Return id and name of every company, in order of registration."""
    query = select(LegalEntity.id, LegalEntity.name).order_by(LegalEntity.id)
    return [(row.id, row.name) for row in session.execute(query)]


def add_company(session: Session, code: str, facts: Facts, signed: Signature) -> LegalEntity:
    """Return a new company. Raises CodeTaken and SiretTaken."""
    values = {column: facts[name] for name, column in COLUMNS.items()}
    entity = LegalEntity(code=code, **values)
    with _unless_taken(session):
        session.add(entity)
    _record(session, signed, entity, None, {"company_code": code, **company_facts(entity)})
    return entity


def edit_company(
    session: Session, entity_id: int, seen: str, facts: Facts, signed: Signature
) -> None:
    """Write a company down as it is registered from now on; what was handed out stays as it is.

    Raises StaleVersion, SiretTaken and AccountInUse.
    """
    lock_catalogue(session)
    entity = session.scalars(
        select(LegalEntity)
        .where(LegalEntity.id == entity_id)
        .with_for_update(of=LegalEntity)
        .execution_options(populate_existing=True)
    ).one()
    before = company_facts(entity)
    if fingerprint(before) != seen:
        raise StaleVersion
    other_account = facts["payment_account"] != entity.stripe_account
    if other_account and _has_charged(session, entity_id):
        raise AccountInUse
    known = {column: getattr(entity, column) for column in REGISTERED}
    with _unless_taken(session):
        for name, column in COLUMNS.items():
            setattr(entity, column, facts[name])
        if any(getattr(entity, column) != value for column, value in known.items()):
            session.add(FormerLegalEntity(legal_entity_id=entity_id, until=signed.at, **known))
    if other_account:
        # Restaurants are kept with it.
        renew_token(session)
    _record(session, signed, entity, before, company_facts(entity))


def _has_charged(session: Session, entity_id: int) -> bool:
    online = select(Payment.id).join(Order, Order.id == Payment.order_id)
    online = online.join(Restaurant, Restaurant.id == Order.restaurant_id)
    online = online.where(
        Restaurant.legal_entity_id == entity_id, Payment.means == Means.ONLINE_CARD
    )
    return bool(session.scalar(select(exists(online))))


@contextmanager
def _unless_taken(session: Session) -> Iterator[None]:
    """Write what the block changes of a company, or nothing of it. Raises CodeTaken, SiretTaken."""
    try:
        # All of it in there: what was changed before would be written, and fail, outside.
        with session.begin_nested():
            yield
    except IntegrityError as error:
        if violates_unique(error, LegalEntity.code):
            raise CodeTaken from None
        if violates_unique(error, LegalEntity.siret):
            raise SiretTaken from None
        raise


def _record(
    session: Session,
    signed: Signature,
    entity: LegalEntity,
    before: Facts | None,
    after: Facts,
) -> None:
    record_change(session, signed, Change(Subject.LEGAL_ENTITY, before, after, None, entity.name))
