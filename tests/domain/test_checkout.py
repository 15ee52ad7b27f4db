"""A1: what somebody tells of themselves is kept in the basket until it is complete."""

import json

import pytest

from ocpizza.domain.checkout import Details
from ocpizza.domain.postal_address import Address
from ocpizza.models.vat import Mode

WHOLE = Details(
    mode=Mode.DELIVERY,
    contact_name="Stanley Martin",
    phone="+33612345678",
    email="stanley@example.org",
    street="12 rue Oberkampf",
    complement="3e étage",
    postcode="75011",
    town="Paris",
    comment="Sonner deux fois",
)


def test_what_was_kept_is_what_was_told():
    again = Details.from_json(json.loads(json.dumps(WHOLE.to_json())))
    assert again == WHOLE
    assert again.mode is Mode.DELIVERY


def test_what_is_not_of_the_details_is_left_aside():
    assert Details.from_json(WHOLE.to_json() | {"means": "cash"}) == WHOLE


@pytest.mark.parametrize("name", ["", None])
def test_without_a_name_they_are_incomplete(name):
    assert Details.from_json(WHOLE.to_json() | {"contact_name": name}) is None


@pytest.mark.parametrize("field", ["mode", "contact_name"])
def test_without_mode_or_name_they_are_incomplete(field):
    kept = {name: value for name, value in WHOLE.to_json().items() if name != field}
    assert Details.from_json(kept) is None
    assert Details.from_json({}) is None


def test_the_address_is_where_it_is_delivered():
    assert WHOLE.address == Address("12 rue Oberkampf", "75011", "Paris", "3e étage")


@pytest.mark.parametrize(
    "change",
    [{"mode": Mode.TAKEAWAY}, {"street": None}, {"postcode": ""}, {"town": None}],
)
def test_what_is_taken_away_or_incomplete_has_no_address(change):
    assert Details(**WHOLE.to_json() | change).address is None
