"""SIRET and VAT numbers check themselves; an account at Stripe is no key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.registration import (
    normal_account,
    normal_siret,
    normal_vat_number,
    same_company,
)

SIRET, VAT = "73282932000074", "FR44732829320"


@pytest.mark.parametrize("typed", [SIRET, "732 829 320 00074", "732.829.320-00074"])
def test_a_siret_is_read_however_it_is_spaced(typed):
    assert normal_siret(typed) == SIRET


@pytest.mark.parametrize(
    "typed", ["", "732829320", SIRET + "0", "7328293200007X", "00000000000001", "acct_1"]
)
def test_what_is_no_siret_is_none(typed):
    assert normal_siret(typed) is None


@given(st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_seen(place, by):
    digit = (int(SIRET[place]) + by) % 10
    assert normal_siret(f"{SIRET[:place]}{digit}{SIRET[place + 1 :]}") is None


@pytest.mark.parametrize("typed", [VAT, "fr 44 732 829 320"])
def test_a_vat_number_is_read_however_it_is_spaced(typed):
    assert normal_vat_number(typed) == VAT


@pytest.mark.parametrize("typed", ["", "FR45732829320", "44732829320", "DE44732829320", VAT + "1"])
def test_a_vat_number_has_its_key(typed):
    assert normal_vat_number(typed) is None


def test_both_are_of_one_company():
    assert same_company(SIRET, VAT)
    assert not same_company("60941728200025", VAT)


@pytest.mark.parametrize("typed", ["acct_1A2b3C4d5E6f", " acct_1A2b3C4d5E6f "])
def test_an_account_has_its_own_form(typed):
    assert normal_account(typed) == "acct_1A2b3C4d5E6f"


@pytest.mark.parametrize("typed", ["sk_live_abcdef123456", "pk_live_abcdef123456", "acct_", "acct"])
def test_a_key_is_no_account(typed):
    assert normal_account(typed) is None
