"""What `ocpizza check` recomputes of promotions: every use is an order's, counted and numbered."""

from collections.abc import Callable, Iterator
from itertools import chain

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ocpizza.db import in_blocks
from ocpizza.models.order import Order
from ocpizza.models.order_revision import OrderRevision, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.promotion import Promotion, PromotionUse

Problems = Iterator[str]


def promotions_count_their_uses(session: Session) -> Problems:
    query = (
        select(Promotion.code, Promotion.times_used, func.count(PromotionUse.order_id))
        .outerjoin(PromotionUse, PromotionUse.promotion_id == Promotion.id)
        .group_by(Promotion.id, Promotion.code, Promotion.times_used)
        .having(Promotion.times_used != func.count(PromotionUse.order_id))
    )
    for code, counted, uses in session.execute(query):
        yield f"promotion {code} counts {counted} uses and has {uses}"


def promotions_count_what_they_gave(session: Session) -> Problems:
    given = func.coalesce(func.sum(PromotionUse.discount_cents), 0)
    query = (
        select(Promotion.code, Promotion.given_cents, given)
        .outerjoin(PromotionUse, PromotionUse.promotion_id == Promotion.id)
        .group_by(Promotion.id, Promotion.code, Promotion.given_cents)
        .having(Promotion.given_cents != given)
    )
    for code, counted, uses in session.execute(query):
        yield f"promotion {code} counts {counted} cents given, its uses say {uses}"


def orders_use_the_promotions_that_they_name(session: Session) -> Problems:
    """Whatever is not cancelled uses what its current revision names, and for its discount."""
    said = (
        select(OrderRevision.order_id, OrderRevision.promotion_id, OrderRevision.discount_cents)
        .join(Order, Order.id == OrderRevision.order_id)
        .where(
            OrderRevision.state == RevisionState.CURRENT,
            OrderRevision.promotion_id.is_not(None),
            Order.status != Status.CANCELLED,
        )
        .subquery()
    )
    used = select(
        PromotionUse.order_id, PromotionUse.promotion_id, PromotionUse.discount_cents
    ).subquery()
    same = and_(*(said.c[name] == used.c[name] for name in said.c.keys()))  # noqa: SIM118
    unused = select(said).outerjoin(used, same).where(used.c.order_id.is_(None))
    unsaid = select(used).outerjoin(said, same).where(said.c.order_id.is_(None))
    odd: dict[int, list[tuple[int, int] | None]] = {}
    for place, query in enumerate((unused, unsaid)):
        for order_id, promotion_id, discount_cents in session.execute(query):
            odd.setdefault(order_id, [None, None])[place] = (promotion_id, discount_cents)
    for order_id, (names, uses) in sorted(odd.items()):
        yield f"order {order_id} names promotion and discount {names}, its use says {uses}"


def nothing_is_taken_off_without_a_promotion(session: Session) -> Problems:
    query = select(OrderRevision).where(
        OrderRevision.promotion_id.is_(None), OrderRevision.discount_cents != 0
    )
    for revision in chain.from_iterable(in_blocks(session, query, OrderRevision.id)):
        yield (
            f"revision {revision.number} of order {revision.order_id}: discount "
            f"{revision.discount_cents} without a promotion"
        )


def uses_are_numbered_without_a_gap(session: Session) -> Problems:
    """From 1 per customer: the numbers are what bounds them."""
    query = (
        select(
            PromotionUse.promotion_id,
            PromotionUse.account_id,
            func.count().label("uses"),
            func.max(PromotionUse.ordinal).label("last"),
        )
        .group_by(PromotionUse.promotion_id, PromotionUse.account_id)
        .having(func.count() != func.max(PromotionUse.ordinal))
    )
    for row in session.execute(query):
        yield (
            f"account {row.account_id} has {row.uses} uses of promotion {row.promotion_id}, "
            f"the last one is number {row.last}"
        )


PROMOTION_RULES: tuple[Callable[[Session], Problems], ...] = (
    promotions_count_their_uses,
    promotions_count_what_they_gave,
    orders_use_the_promotions_that_they_name,
    nothing_is_taken_off_without_a_promotion,
    uses_are_numbered_without_a_gap,
)
