"""Restaurants as the shop needs them: open, and delivering where the customer lives."""

from databases import counted_statements
from factories import NOON, make_restaurant
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.storefront import storefront_by_id, storefront_by_slug


def found_by_slug(session, slug):
    shop = storefront_by_slug(session, slug)
    return shop and shop.point


def found_by_id(session, restaurant_id):
    shop = storefront_by_id(session, restaurant_id)
    return shop and shop.point


def slugs(points) -> list[str]:
    return [point.slug for point in points]


def test_a_restaurant_is_found_by_slug_and_by_id(session):
    restaurant = make_restaurant(session, slug="paris-republique", postcodes=["75010", "75011"])
    for found in (
        found_by_slug(session, "paris-republique"),
        found_by_id(session, restaurant.id),
    ):
        assert (found.id, found.name) == (restaurant.id, restaurant.name)
        assert found.postcodes == {"75010", "75011"}
        assert len(found.openings) == 7
        assert found.closes_at(NOON) is not None
    assert found_by_slug(session, "lyon") is None
    assert found_by_id(session, restaurant.id + 1) is None


def test_a_restaurant_that_closed_down_is_not_found(session):
    restaurant = make_restaurant(session, active=False)
    assert found_by_slug(session, restaurant.slug) is None
    assert found_by_id(session, restaurant.id) is None
    assert list_restaurants(session) == ()


def test_restaurants_come_by_name(session):
    make_restaurant(session, code="city_001", name="Z")
    make_restaurant(session, code="city_002", name="A")
    assert slugs(list_restaurants(session)) == ["city-002", "city-001"]


def test_a_restaurant_delivers_to_its_postcodes_if_it_delivers_at_all(session):
    make_restaurant(session, code="city_001", postcodes=["75010", "75011"])
    make_restaurant(session, code="city_002", postcodes=["75011"], delivers=False)
    assert found_by_slug(session, "city-001").delivers_to("75011")
    assert not found_by_slug(session, "city-001").delivers_to("13001")
    assert not found_by_slug(session, "city-002").delivers_to("75011")


def test_a_restaurant_without_hours_or_postcodes_has_none(session):
    make_restaurant(session, hours=[], postcodes=[])
    (found,) = list_restaurants(session)
    assert (found.openings, found.postcodes) == ((), frozenset())
    assert (found.closes_at(NOON), found.opens_at(NOON)) == (None, None)


def test_all_restaurants_are_two_statements_and_one_once_they_are_known(session):
    for number in range(3):
        make_restaurant(session, code=f"city_{number}")
    for expected in (2, 1):
        with counted_statements(session.connection()) as statements:
            list_restaurants(session)
        assert len(statements) == expected
