"""B2, B5: an order as its page shows it is the order that everybody else reads."""

from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from databases import counted_statements
from factories import author_of, make_account, make_promotion, order_of
from ocpizza.domain.selection import Selection
from ocpizza.models.order_status import Status
from ocpizza.services.order.queries import load_order
from ocpizza.services.order.read_shown import read_shown
from ocpizza.services.order.shown import ShownIngredient


def assert_the_same(shown: Any, kept: Any) -> None:
    """All that is shown is what the order has, under the same names."""
    if isinstance(shown, list):
        for one, other in zip(shown, kept, strict=True):
            assert_the_same(one, other)
        return
    names = [one.name for one in fields(shown)] if is_dataclass(shown) else shown._fields
    for name in names:
        one, other = getattr(shown, name), getattr(kept, name)
        if isinstance(shown, ShownIngredient) and name == "allergens":
            assert set(filter(None, (one or "").split(","))) == {each.allergen for each in other}
        elif isinstance(one, list) or is_dataclass(one) or hasattr(one, "_fields"):
            assert_the_same(one, other)
        else:
            assert (type(one), one) == (type(other), other), name


@pytest.mark.parametrize("status", [Status.TO_PREPARE, Status.READY, Status.DELIVERED])
def test_an_order_is_shown_by_one_statement_as_it_is(session, pizzeria, status):
    julia = make_account(session, first_name="Julia")
    promotion = make_promotion(session)
    halves = pizzeria.select("margherita").parts + pizzeria.select("regina").parts
    lines = [
        (Selection(halves), 1),
        (pizzeria.select("regina", without=["champignons"], extras=["oeuf"]), 2),
        (pizzeria.select("cola"), 3),
    ]
    order = order_of(
        session, pizzeria, lines, author=author_of(julia), promotion=promotion, status=status
    )
    session.flush()
    session.expunge_all()
    with counted_statements(session.connection()) as statements:
        shown = read_shown(session, order.id)
    assert len(statements) == 1
    kept = load_order(session, order.id)
    assert_the_same(shown, kept)
    derived = ("total_cents", "due_cents", "excess_cents", "changeable", "reached")
    assert [getattr(shown, name) for name in derived] == [getattr(kept, name) for name in derived]
    assert shown.revision.vat_by_rate == kept.revision.vat_by_rate
    told = [(line.name, line.allergens) for line in kept.revision.lines]
    assert [(line.name, line.allergens) for line in shown.revision.lines] == told


def test_a_guest_without_a_promotion_is_shown_neither(session, pizzeria):
    order = order_of(session, pizzeria)
    session.flush()
    shown = read_shown(session, order.id)
    assert shown.account is None
    assert shown.revision.promotion is None
