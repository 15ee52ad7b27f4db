"""Where and when a restaurant sells."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.domain.hours import Opening, Span
from ocpizza.domain.identity import new_challenge
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.models.vat import Mode

# A Monday in winter, an hour before Paris.
MONDAY = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)


def restaurant(**values) -> PointOfSale:
    texts = dict.fromkeys(
        ("code", "slug", "name", "street", "postcode", "town", "phone", "email"), ""
    )
    numbers = dict.fromkeys(
        (
            "id",
            "delivery_fee_cents",
            "minimum_order_cents",
            "preparation_minutes",
            "delivery_minutes",
        ),
        0,
    )
    known = {"delivers": True, "openings": (), "postcodes": frozenset({"75011"})}
    return PointOfSale(**texts | numbers | known | values)


@pytest.mark.parametrize(
    ("delivers", "postcode", "expected"),
    [(True, "75011", True), (True, "75012", False), (False, "75011", False)],
)
def test_it_delivers_to_its_postcodes_if_it_delivers(delivers, postcode, expected):
    assert restaurant(delivers=delivers).delivers_to(postcode) is expected


@pytest.mark.parametrize(
    ("delivers", "modes"),
    [(True, (Mode.DELIVERY, Mode.TAKEAWAY)), (False, (Mode.TAKEAWAY,))],
)
def test_one_may_always_fetch_what_one_orders_and_have_it_where_it_delivers(delivers, modes):
    assert restaurant(delivers=delivers).modes == modes


def test_it_promises_what_it_takes_to_prepare_and_to_drive():
    slow = restaurant(preparation_minutes=20, delivery_minutes=25)
    assert slow.promised_at(Mode.DELIVERY, MONDAY) == datetime(2026, 1, 5, 11, 45, tzinfo=UTC)
    assert slow.promised_at(Mode.TAKEAWAY, MONDAY) == datetime(2026, 1, 5, 11, 20, tzinfo=UTC)


def test_one_may_order_while_it_is_open_and_not_paused():
    hour = timedelta(hours=1)
    noon_to_three = restaurant(openings=(Opening(0, 12 * 60, 15 * 60),))
    assert noon_to_three.takes_orders(MONDAY)
    assert not noon_to_three.takes_orders(MONDAY - hour)
    paused = replace(noon_to_three, paused_until=MONDAY + hour)
    assert not paused.takes_orders(MONDAY)
    assert paused.takes_orders(MONDAY + hour)


@pytest.mark.parametrize(
    ("hour", "sold"), [(7, False), (8, True), (11, True), (20, True), (21, False)]
)
def test_alcohol_is_sold_in_its_hours_only(hour, sold):
    # From 09:00 to 22:00 in Paris, an hour later.
    licensed = restaurant(sells_alcohol=True, alcohol_hours=Span(9 * 60, 22 * 60))
    assert licensed.sells_alcohol_at(MONDAY.replace(hour=hour)) is sold


def test_without_hours_alcohol_is_sold_whenever_it_is_open_and_without_a_licence_never():
    assert restaurant(sells_alcohol=True).sells_alcohol_at(MONDAY)
    assert not restaurant().sells_alcohol_at(MONDAY)
    assert not restaurant(alcohol_hours=Span(360, 1800)).sells_alcohol_at(MONDAY)


def test_it_closes_while_it_is_open_and_opens_while_it_is_closed():
    noon_to_three = restaurant(openings=(Opening(0, 12 * 60, 15 * 60),))
    assert noon_to_three.closes_at(MONDAY) == datetime(2026, 1, 5, 14, 0, tzinfo=UTC)
    early = MONDAY.replace(hour=9)
    assert noon_to_three.closes_at(early) is None
    assert noon_to_three.opens_at(early) == MONDAY
    assert restaurant().opens_at(MONDAY) is None


def test_nobody_guesses_what_a_provider_is_asked_with():
    challenges = [new_challenge() for _ in range(3)]
    secrets = {text for each in challenges for text in (each.state, each.code_verifier)}
    assert len(secrets) == 6
    assert {len(text) for text in secrets} == {43}
