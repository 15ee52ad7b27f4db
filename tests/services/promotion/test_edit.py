"""UC3.2: what a manager does to one promotion leaves every other as it is."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from factories import (
    author_of,
    make_account,
    make_basket,
    make_branch,
    make_promotion,
    order_of,
)
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.basket import Basket
from ocpizza.models.promotion import Promotion, PromotionRestaurant
from ocpizza.services.promotion.edit import (
    CodeTaken,
    Draft,
    NotManaged,
    PromotionUsed,
    create_promotion,
    delete_promotion,
    edit_promotion,
    switch_promotion,
)


@pytest.fixture
def branch(session, pizzeria):
    return make_branch(session, pizzeria, code="city-002")


@pytest.fixture
def here(session, pizzeria):
    """A promotion of one restaurant, in a basket."""
    return promote(session, pizzeria, "ICI")


@pytest.fixture
def elsewhere(session, branch):
    return promote(session, branch, "LABAS")


def promote(session, at, code: str) -> Promotion:
    promotion = make_promotion(session, code=code, at=[at.restaurant])
    make_basket(session, at).promotion_id = promotion.id
    session.flush()
    return promotion


def ordered(session, pizzeria, promotion: Promotion) -> None:
    """Have somebody order with it."""
    customer = make_account(session, email="julia@example.org")
    order_of(session, pizzeria, promotion=promotion, author=author_of(customer))


def known(session) -> list[tuple[str, int, bool]]:
    session.flush()
    rows = session.execute(
        select(Promotion.code, PromotionRestaurant.restaurant_id, Promotion.active)
        .outerjoin(PromotionRestaurant)
        .order_by(Promotion.code)
    )
    return [tuple(row) for row in rows]


def in_baskets(session) -> list[int | None]:
    session.flush()
    return list(session.scalars(select(Basket.promotion_id).order_by(Basket.id)))


def draft_of(promotion: Promotion, **values) -> Draft:
    columns = {column.key for column in Promotion.__table__.columns} - {
        "id",
        "version",
        "times_used",
    }
    kept = {name: getattr(promotion, name) for name in columns}
    return Draft(kept | values, [place.restaurant_id for place in promotion.restaurants])


def test_one_that_goes_leaves_the_others_with_their_restaurants_and_baskets(
    session, here, elsewhere, branch
):
    delete_promotion(session, here.id, None)
    session.expire_all()
    assert known(session) == [("LABAS", branch.restaurant.id, True)]
    assert in_baskets(session) == [None, elsewhere.id]


def test_one_that_an_order_has_stays_in_baskets_too(session, pizzeria, here):
    ordered(session, pizzeria, here)
    with pytest.raises(PromotionUsed):
        delete_promotion(session, here.id, None)
    assert in_baskets(session)[0] == here.id


def test_one_of_another_restaurant_is_not_to_be_touched(session, pizzeria, branch, elsewhere):
    mine, before = pizzeria.restaurant.id, known(session)
    for act in (
        lambda: delete_promotion(session, elsewhere.id, mine),
        lambda: switch_promotion(session, elsewhere.id, elsewhere.version, False, mine),
        lambda: edit_promotion(
            session, elsewhere.id, elsewhere.version, draft_of(elsewhere, name="Autre"), mine
        ),
    ):
        with pytest.raises(NotManaged):
            act()
    assert known(session) == before
    assert in_baskets(session) == [elsewhere.id]


def test_an_old_version_switches_and_writes_nothing(session, here):
    old = here.version
    edit_promotion(session, here.id, old, draft_of(here, name="Autre"), None)
    session.flush()
    assert here.version == old + 1
    with pytest.raises(StaleVersion):
        switch_promotion(session, here.id, old, False, None)
    with pytest.raises(StaleVersion):
        edit_promotion(session, here.id, old, draft_of(here, name="Encore"), None)
    assert (here.name, here.active) == ("Autre", True)


def test_switching_is_written_at_once_and_only_for_it(session, here, elsewhere):
    switch_promotion(session, here.id, here.version, False, None)
    assert [(code, active) for code, _, active in known(session)] == [
        ("ICI", False),
        ("LABAS", True),
    ]


def test_a_code_that_is_taken_leaves_both_as_they_were(session, here, elsewhere):
    before = known(session)
    with pytest.raises(CodeTaken):
        edit_promotion(session, here.id, here.version, draft_of(here, code="LABAS"), None)
    with pytest.raises(CodeTaken):
        create_promotion(session, draft_of(elsewhere))
    session.expire_all()
    assert known(session) == before


def test_the_code_of_one_that_an_order_has_stays(session, pizzeria, here):
    ordered(session, pizzeria, here)
    with pytest.raises(PromotionUsed):
        edit_promotion(session, here.id, here.version, draft_of(here, code="AUTRE"), None)
    edit_promotion(session, here.id, here.version, draft_of(here, name="Autre"), None)
    assert (here.code, here.name) == ("ICI", "Autre")


def test_what_the_database_refuses_for_another_reason_is_no_code_that_is_taken(session, here):
    with pytest.raises(IntegrityError, match="percent_range"):
        create_promotion(session, draft_of(here, code="NEUF", percent=101))
    assert [code for code, *_ in known(session)] == ["ICI"]
