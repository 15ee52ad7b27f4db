"""Phone numbers as typed, kept and shown."""

import pytest

from ocpizza.domain.contact import national_phone, normal_phone


@pytest.mark.parametrize(
    "typed", ["0612345678", "06 12 34 56 78", "06.12.34.56.78", "+33612345678", "0033 6 12345678"]
)
def test_a_french_number_is_kept_the_same_however_it_is_typed(typed):
    assert normal_phone(typed) == "+33612345678"


@pytest.mark.parametrize("typed", ["", None, "pizza", "12", "06 12 34 56", "06123456789012345"])
def test_what_is_no_number_is_not_kept(typed):
    assert normal_phone(typed) is None


@pytest.mark.parametrize(
    ("kept", "shown"),
    [("+33612345678", "06 12 34 56 78"), ("+3225123456", "+32 2 512 34 56"), (None, ""), ("", "")],
)
def test_french_numbers_are_shown_as_one_dials_them(kept, shown):
    assert national_phone(kept) == shown
