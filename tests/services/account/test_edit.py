"""A1: what an account knows, changed by its owner and used for their orders."""

from dataclasses import replace
from datetime import date

import pytest

from factories import make_account
from ocpizza.domain.postal_address import Address
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import AddressUse
from ocpizza.services.account.addresses import save_address, saved_address
from ocpizza.services.account.edit import Profile, edit_account, known_details, read_profile
from ocpizza.services.account.sign_in_sessions import sign_out_everywhere

HOME = Address("12 rue Oberkampf", "75011", "Paris", "3e étage")
OFFICE = Address("1 place Bellecour", "69002", "Lyon")
PROFILE = Profile("Julia", "Petit", "+33612345678", date(1986, 3, 4), "en", HOME, OFFICE)


@pytest.fixture
def julia(session):
    return make_account(session, email="julia@example.org")


def test_everything_may_be_changed_and_taken_away_again(session, julia):
    edit_account(session, julia, julia.version, PROFILE)
    session.flush()
    assert read_profile(session, julia) == PROFILE
    less = replace(PROFILE, phone=None, birthday=None, delivery=None, billing=HOME)
    edit_account(session, julia, julia.version, less)
    session.flush()
    assert read_profile(session, julia) == less


@pytest.mark.parametrize(
    "change",
    [{"phone": None}, {"delivery": OFFICE}, {"delivery": None}, {"billing": None}],
    ids=str,
)
def test_what_was_changed_meanwhile_is_not_overwritten(session, julia, change):
    edit_account(session, julia, julia.version, PROFILE)
    session.flush()
    shown = julia.version
    edit_account(session, julia, shown, replace(PROFILE, **change))
    session.flush()
    with pytest.raises(StaleVersion):
        edit_account(session, julia, shown, PROFILE)
    assert read_profile(session, julia) == replace(PROFILE, **change)


def test_saving_without_a_change_is_no_change(session, julia):
    edit_account(session, julia, julia.version, PROFILE)
    session.flush()
    shown = julia.version
    edit_account(session, julia, shown, PROFILE)
    session.flush()
    assert julia.version == shown


def test_an_order_begins_with_what_the_account_knows(session, julia):
    edit_account(session, julia, julia.version, PROFILE)
    session.flush()
    assert known_details(session, julia.id) == {
        "contact_name": "Julia Petit",
        "phone": "+33612345678",
        "email": "julia@example.org",
        "street": "12 rue Oberkampf",
        "complement": "3e étage",
        "postcode": "75011",
        "town": "Paris",
    }


def test_an_account_without_an_address_knows_none(session, julia):
    assert "street" not in known_details(session, julia.id)


def test_one_address_is_kept_for_each_use(session, julia):
    for address in (HOME, OFFICE):
        save_address(session, julia, AddressUse.DELIVERY, address)
        session.flush()
    assert saved_address(session, julia.id, AddressUse.DELIVERY) == OFFICE
    assert saved_address(session, julia.id, AddressUse.BILLING) is None


def test_signing_out_everywhere_ends_every_session(session, julia):
    before = julia.session_version
    sign_out_everywhere(session, julia)
    assert julia.session_version == before + 1
