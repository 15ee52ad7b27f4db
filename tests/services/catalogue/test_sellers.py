"""Who sells: each company with the restaurants that are open for business."""

from factories import make_legal_entity, make_restaurant
from ocpizza.services.catalogue.sellers import list_sellers, publisher_of


def test_companies_come_as_they_were_registered_and_restaurants_by_name(session):
    second, first = (make_legal_entity(session, code=code) for code in ("zeta", "alpha"))
    for code, owner, name in (
        ("city_004", first, "Bastille"),
        ("city_001", first, "Voltaire"),
        ("city_002", first, "Étoile"),
        ("city_003", second, "Montparnasse"),
    ):
        make_restaurant(session, code=code, legal_entity=owner, name=name)
    found = {
        company.code: [one.name for one in places]
        for company, places in list_sellers(session).items()
    }
    assert list(found.items()) == [
        ("zeta", ["Montparnasse"]),
        ("alpha", ["Bastille", "Étoile", "Voltaire"]),
    ]


def test_a_restaurant_that_is_closed_for_good_is_not_listed(session):
    company = make_legal_entity(session)
    open_one = make_restaurant(session, code="city_001", legal_entity=company)
    make_restaurant(session, code="city_002", legal_entity=company, active=False)
    assert list_sellers(session) == {company: [open_one]}


def test_the_publisher_is_who_the_settings_name_or_the_first(session):
    first, second = (make_legal_entity(session, code=code) for code in ("zeta", "alpha"))
    assert publisher_of(session, "alpha") is second
    assert publisher_of(session, "") is publisher_of(session, "nobody") is first
