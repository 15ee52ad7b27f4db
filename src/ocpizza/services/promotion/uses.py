"""UC3.2: an order uses a promotion, keeps it when it is changed, gives it back when cancelled."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.promotion import Terms, Verdict
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.promotion import Promotion, PromotionUse
from ocpizza.services.promotion.terms import benefit_of, lock_promotion


def use_promotion(
    session: Session, verdict: Verdict, order_id: int, account_id: int, now: datetime
) -> None:
    """Count a promotion that holds as used by an order; the caller has it locked."""
    terms, benefit = verdict.terms, verdict.terms.benefit
    _count(session, terms.id, 1, verdict.discount_cents)
    session.add(
        PromotionUse(
            order_id=order_id,
            promotion_id=terms.id,
            account_id=account_id,
            ordinal=1 + _uses(session, terms.id, account_id),
            kind=benefit.kind,
            percent=benefit.percent,
            amount_cents=benefit.amount_cents,
            product_size_id=benefit.product_size_id,
            minimum_cents=benefit.minimum_cents,
            discount_cents=verdict.discount_cents,
            used_at=now,
        )
    )
    session.flush()


def agreed_promotion(session: Session, revision: OrderRevision) -> Terms | None:
    """Return what an order's promotion gave on its day; its conditions were fulfilled then."""
    if revision.promotion is None:
        return None
    use = session.get_one(PromotionUse, revision.order_id, populate_existing=True)
    promotion = revision.promotion
    return Terms(
        id=promotion.id,
        code=promotion.code,
        name=promotion.name,
        name_en=promotion.name_en,
        benefit=benefit_of(use),
    )


def revise_promotion_use(session: Session, order_id: int, verdict: Verdict | None) -> None:
    """Bring the use of an order up to date with its new contents, or give it back."""
    if verdict is None:
        return
    if not verdict.holds:
        give_promotion_back(session, order_id)
        return
    # Before its uses, as whoever gives one back: they may have to renumber this one.
    lock_promotion(session, verdict.terms.id)
    _give(session, order_id, verdict.discount_cents)


def lock_used_promotion(session: Session, order_id: int) -> None:
    """Lock the promotion that an order uses, if any, before stock as everywhere."""
    used = select(PromotionUse.promotion_id).where(PromotionUse.order_id == order_id)
    if (promotion_id := session.scalar(used)) is not None:
        lock_promotion(session, promotion_id)


def update_promotion_use(session: Session, revision: OrderRevision) -> None:
    """Bring the use of an order up to date with a revision that becomes the current one.

    The caller has locked the promotion (`lock_used_promotion`).
    """
    if revision.promotion_id is None:
        give_promotion_back(session, revision.order_id)
        return
    _give(session, revision.order_id, revision.discount_cents)


def _give(session: Session, order_id: int, discount_cents: Cents) -> None:
    use = session.get_one(PromotionUse, order_id, populate_existing=True)
    _count(session, use.promotion_id, 0, discount_cents - use.discount_cents)
    use.discount_cents = discount_cents
    session.flush()


def give_promotion_back(session: Session, order_id: int) -> None:
    """Forget that an order, locked by the caller, used a promotion, if it did."""
    used = select(PromotionUse.promotion_id).where(PromotionUse.order_id == order_id)
    promotion_id = session.scalar(used)
    if promotion_id is None:
        return
    # Before its uses: the last one may be renumbered, and it is another order's.
    lock_promotion(session, promotion_id)
    gone = session.execute(
        delete(PromotionUse)
        .where(PromotionUse.order_id == order_id)
        .returning(PromotionUse.account_id, PromotionUse.ordinal, PromotionUse.discount_cents)
    ).one()
    last = 1 + _uses(session, promotion_id, gone.account_id)
    session.execute(
        update(PromotionUse)
        .where(
            PromotionUse.promotion_id == promotion_id,
            PromotionUse.account_id == gone.account_id,
            PromotionUse.ordinal == last,
        )
        .values(ordinal=gone.ordinal)
    )
    _count(session, promotion_id, -1, -gone.discount_cents)


def _uses(session: Session, promotion_id: int, account_id: int) -> int:
    query = select(func.count()).where(
        PromotionUse.promotion_id == promotion_id, PromotionUse.account_id == account_id
    )
    return session.scalars(query).one()


def _count(session: Session, promotion_id: int, by: int, cents: Cents) -> None:
    # Not a change of the promotion itself: whoever edits it meanwhile may go on.
    session.execute(
        update(Promotion)
        .where(Promotion.id == promotion_id)
        .values(times_used=Promotion.times_used + by, given_cents=Promotion.given_cents + cents)
        .execution_options(synchronize_session="fetch")
    )
