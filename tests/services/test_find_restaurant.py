"""Restaurants as the shop needs them: open, and delivering where the customer lives."""

from databases import counted_statements
from factories import NOON, make_restaurant
from ocpizza.services.find_restaurant import find_by_id, find_by_slug, list_restaurants


def slugs(points) -> list[str]:
    return [point.restaurant.slug for point in points]


def test_a_restaurant_is_found_by_slug_and_by_id(session):
    restaurant = make_restaurant(session, slug="paris-republique", postcodes=["75010", "75011"])
    for found in (
        find_by_slug(session, "paris-republique"),
        find_by_id(session, restaurant.id),
    ):
        assert found.restaurant is restaurant
        assert found.postcodes == {"75010", "75011"}
        assert len(found.openings) == 7
        assert found.closes_at(NOON) is not None
    assert find_by_slug(session, "lyon") is None
    assert find_by_id(session, restaurant.id + 1) is None


def test_a_restaurant_that_closed_down_is_not_found(session):
    restaurant = make_restaurant(session, active=False)
    assert find_by_slug(session, restaurant.slug) is None
    assert find_by_id(session, restaurant.id) is None
    assert list_restaurants(session) == []


def test_restaurants_come_by_name(session):
    make_restaurant(session, code="city_001", name="Z")
    make_restaurant(session, code="city_002", name="A")
    assert slugs(list_restaurants(session)) == ["city-002", "city-001"]


def test_a_postcode_finds_who_delivers_there(session):
    make_restaurant(session, code="city_001", postcodes=["75010", "75011"])
    make_restaurant(session, code="city_002", postcodes=["75011"], delivers=False)
    make_restaurant(session, code="city_003", postcodes=["44000"])
    assert slugs(list_restaurants(session, "75011")) == ["city-001"]
    assert slugs(list_restaurants(session, "13001")) == []
    assert not find_by_slug(session, "city-002").delivers_to("75011")


def test_a_restaurant_without_hours_or_postcodes_has_none(session):
    make_restaurant(session, hours=[], postcodes=[])
    (found,) = list_restaurants(session)
    assert (found.openings, found.postcodes) == ((), frozenset())
    assert (found.closes_at(NOON), found.opens_at(NOON)) == (None, None)


def test_all_restaurants_are_one_statement(session):
    for number in range(3):
        make_restaurant(session, code=f"city_{number}")
    with counted_statements(session.connection()) as statements:
        list_restaurants(session)
    assert len(statements) == 1
