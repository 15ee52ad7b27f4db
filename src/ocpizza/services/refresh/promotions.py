"""Promotions, as another database has them; how often each was used is this shop's own count."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ocpizza.models.promotion import Promotion
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.promotion.edit import (
    Draft,
    create_promotion,
    edit_promotion,
    switch_promotion,
)
from ocpizza.services.promotion.terms import lock_promotion
from ocpizza.services.refresh.content import PromotionContent
from ocpizza.services.refresh.own import size_ids


def refresh_promotions(
    session: Session, wanted: Mapping[str, PromotionContent], code: str, there: Collection[str]
) -> int:
    """Bring a restaurant's own promotions in line, and those that are nobody's own.

    Those of a single other restaurant wait for its turn. `there` are the restaurants of the other
    database: what is of none of them is this one's alone. Returns how many changed.
    """
    places = dict(session.execute(select(Restaurant.code, Restaurant.id)).all())
    names = {id: name for name, id in places.items()}
    sizes = size_ids(session)
    query = select(Promotion).options(selectinload(Promotion.restaurants))
    known = {row.code: row for row in session.scalars(query.order_by(Promotion.id))}
    changed, here = 0, set()
    for name, content in wanted.items():
        at = content.restaurants & places.keys()
        if content.restaurants and not at:
            # It would hold everywhere.
            continue
        here.add(name)
        if not _is_ours(content.restaurants, code):
            continue
        values = content.values | {
            "product_size_id": sizes[content.gives] if content.gives else None
        }
        draft = Draft(values, sorted(places[each] for each in at))
        changed += _put(session, known.get(name), draft)
    for name in known.keys() - here:
        at = frozenset(names[place.restaurant_id] for place in known[name].restaurants)
        if known[name].active and _is_ours(at, code) and not (at and at.isdisjoint(there)):
            switch_promotion(session, known[name].id, known[name].version, False, None)
            changed += 1
    return changed


def _is_ours(restaurants: frozenset[str], code: str) -> bool:
    return len(restaurants) != 1 or code in restaurants


def _put(session: Session, row: Promotion | None, draft: Draft) -> bool:
    if row is None:
        create_promotion(session, draft)
        return True
    if _alike(row, draft):
        return False
    # Whoever orders with it meanwhile has counted their use by now.
    row = lock_promotion(session, row.id)
    if _alike(row, draft):
        return False
    allowed = draft.values | {"total_limit": _limit(row, draft.values["total_limit"])}
    edit_promotion(session, row.id, row.version, Draft(allowed, draft.restaurant_ids), None)
    return True


def _alike(row: Promotion, draft: Draft) -> bool:
    values: dict[str, Any] = draft.values
    wanted = values | {"total_limit": _limit(row, values["total_limit"])}
    same = all(getattr(row, name) == value for name, value in wanted.items())
    return same and {at.restaurant_id for at in row.restaurants} == set(draft.restaurant_ids)


def _limit(row: Promotion, limit: int | None) -> int | None:
    """A limit that is passed already here lets nobody use it any more."""
    return None if limit is None else max(limit, row.times_used)
