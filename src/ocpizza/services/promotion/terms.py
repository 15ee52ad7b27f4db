"""UC3.2: promotions with their conditions, and what they ask of a customer."""

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, selectinload

from ocpizza.domain.benefit import Benefit
from ocpizza.domain.promotion import Customer, Terms
from ocpizza.domain.sorting import reading_order
from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.promotion import Gives, Promotion, PromotionUse


def terms_of_code(session: Session, code: str) -> Terms | None:
    """Return the promotion with this code, kept from being deleted until the end of the
    transaction.
    """
    query = _promotions().where(Promotion.code == code)
    # Whoever orders with it meanwhile need not wait: only its key is held.
    found = session.scalars(query.with_for_update(read=True, key_share=True)).one_or_none()
    return terms_of(found) if found else None


def terms_by_id(session: Session, promotion_id: int) -> Terms:
    return terms_of(session.scalars(_promotions().where(Promotion.id == promotion_id)).one())


def lock_promotion(session: Session, promotion_id: int) -> Promotion:
    """Return the promotion as it is now, locked until the end of the transaction.

    After the order's row and before stock, as everywhere.
    """
    query = _promotions().where(Promotion.id == promotion_id)
    return session.scalars(query.with_for_update(key_share=True)).one()


def listed_terms(session: Session) -> list[Terms]:
    """Return the active promotions that customers are shown, by name."""
    query = _promotions().where(Promotion.active, Promotion.listed)
    found = [terms_of(promotion) for promotion in session.scalars(query)]
    return sorted(found, key=lambda terms: reading_order(terms.name))


def read_customer(
    session: Session, account_id: int | None, *, lock: bool = False
) -> Customer | None:
    """Return what promotions ask of a customer, None without an active account.

    With `lock` their orders with promotions come one after the other, so that a first order is one.
    """
    if account_id is None:
        return None
    active = select(Account.birthday).where(
        Account.id == account_id, Account.status == AccountStatus.ACTIVE
    )
    if lock:
        active = active.with_for_update(key_share=True)
    account = session.execute(active).one_or_none()
    if account is None:
        return None
    # In statements of their own: they see what was committed while the lock was waited for.
    ordered = exists().where(Order.account_id == account_id, Order.status != Status.CANCELLED)
    uses = (
        select(PromotionUse.promotion_id, func.count())
        .where(PromotionUse.account_id == account_id)
        .group_by(PromotionUse.promotion_id)
    )
    used = {row[0]: row[1] for row in session.execute(uses)}
    return Customer(
        # What a colleague took down for them with a promotion is in nobody's account.
        has_ordered=bool(used) or bool(session.scalar(select(ordered))),
        birthday=account.birthday,
        uses=used,
    )


def terms_of(promotion: Promotion) -> Terms:
    """Return a promotion as the domain knows it."""
    return Terms(
        id=promotion.id,
        code=promotion.code,
        name=promotion.name,
        name_en=promotion.name_en,
        benefit=benefit_of(promotion),
        starts_at=promotion.starts_at,
        ends_at=promotion.ends_at,
        weekday_mask=promotion.weekday_mask,
        from_minute=promotion.from_minute,
        to_minute=promotion.to_minute,
        first_order_only=promotion.first_order_only,
        birthday_only=promotion.birthday_only,
        per_customer_limit=promotion.per_customer_limit,
        total_limit=promotion.total_limit,
        times_used=promotion.times_used,
        active=promotion.active,
        restaurant_ids=frozenset(place.restaurant_id for place in promotion.restaurants),
    )


def benefit_of(row: Gives) -> Benefit:
    """Return what a promotion gives, or gave when an order used it."""
    return Benefit(
        kind=row.kind,
        percent=row.percent,
        amount_cents=row.amount_cents,
        product_size_id=row.product_size_id,
        minimum_cents=row.minimum_cents,
    )


def _promotions() -> Select[Promotion]:
    return (
        select(Promotion)
        .options(selectinload(Promotion.restaurants))
        .execution_options(populate_existing=True)
    )
