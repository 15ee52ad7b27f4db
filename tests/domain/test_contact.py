"""Phone numbers and postcodes as typed, kept and shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.contact import (
    national_phone,
    normal_contact,
    normal_phone,
    normal_postcode,
)

SAME_PHONE = [
    "0612345678",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "06-12-34-56-78",
    "06/12/34/56/78",
    "06\u00a012\u00a034\u00a056\u00a078",
    "06\u202f12\u202f34\u202f56\u202f78",
    "06\u201112\u201134\u201156\u201178",
    "０６１２３４５６７８",
    "+33612345678",
    "+33 6 12 34 56 78",
    "+33 (0)6 12 34 56 78",
    "+33\u202f(0)6\u202f12\u202f34\u202f56\u202f78",
    "0033 6 12345678",
    "0033(0)612345678",
    "\u202a+33 6 12 34 56 78\u202c",
    " 0612345678\t",
]
NO_PHONE = [
    "",
    None,
    "pizza",
    "12",
    "112",
    "3631",
    "06 12 34 56",
    "061234567",
    "06123456789",
    "06123456789012345",
    "+33 6 12 34 56",
    "+33 6 12 34 56 78 90",
    "0012345678",
    "+262 692 12",
    "06 12 34 56 78 06 12 34 56 78",
]
SAME_POSTCODE = [
    "75011",
    " 75011 ",
    "75 011",
    "75\u00a0011",
    "75\u202f011",
    "75.011",
    "７５０１１",
    "75\u200b011",
    "F-75011",
    "f 75011",
    "FR-75011",
    "FR75011",
    "F\u201175011",
    "75011 CEDEX",
    "75011 CEDEX 08",
    "75011 cedex",
    "75011 Paris",
]
NO_POSTCODE = [
    "",
    None,
    "7501",
    "750111",
    "75 0111",
    "2A004",
    "D-75011",
    "Paris",
    "75011 2",
    "٧٥٠١١",
]


@pytest.mark.parametrize("typed", SAME_PHONE)
def test_a_french_number_is_kept_the_same_however_it_is_typed(typed):
    assert normal_phone(typed) == normal_contact(typed) == "+33612345678"


@pytest.mark.parametrize("typed", NO_PHONE)
def test_what_is_no_number_is_not_kept(typed):
    assert normal_phone(typed) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0262 12 34 56", "+262262123456"),
        ("0692 12 34 56", "+262692123456"),
        ("0639 12 34 56", "+262639123456"),
        ("06 39 98 12 34", "+33639981234"),
        ("+262 692 12 34 56", "+262692123456"),
        ("00262692123456", "+262692123456"),
        ("0590 12 34 56", "+590590123456"),
        ("+590 690 12 34 56", "+590690123456"),
        ("0596 12 34 56", "+596596123456"),
        ("0694 20 20 20", "+594694202020"),
        ("+687 12 34 56", "+687123456"),
        ("+32 470 12 34 56", "+32470123456"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0700000000", "+33700000000"),
        ("01 00 00 00 00", "+33100000000"),
        ("01 42 34 56 78", "+33142345678"),
        ("09 99 99 99 99", "+33999999999"),
        ("0800 123 456", "+33800123456"),
    ],
)
def test_numbers_from_overseas_and_abroad_are_kept(typed, kept):
    assert normal_phone(typed) == kept
    assert normal_phone(kept) == kept
    assert normal_phone(national_phone(kept)) == kept


@given(st.text("0123456789+ ().-", max_size=20))
def test_a_number_that_is_kept_stays_the_same(typed):
    kept = normal_phone(typed)
    assert normal_phone(kept) == kept
    assert normal_phone(national_phone(kept)) == kept


@pytest.mark.parametrize(
    ("kept", "shown"),
    [("+33612345678", "06 12 34 56 78"), ("+3225123456", "+32 2 512 34 56"), (None, ""), ("", "")],
)
def test_french_numbers_are_shown_as_one_dials_them(kept, shown):
    assert national_phone(kept) == shown


@pytest.mark.parametrize("typed", SAME_POSTCODE)
def test_a_postcode_is_the_same_however_it_is_typed(typed):
    assert normal_postcode(typed) == "75011"


@pytest.mark.parametrize("typed", NO_POSTCODE)
def test_what_has_not_five_digits_is_no_postcode(typed):
    assert normal_postcode(typed) is None


@pytest.mark.parametrize(
    ("begins", "code"),
    [
        *((start, 262) for start in ("0262", "0263", "0269", "0639", "0692", "0693")),
        *((start, 590) for start in ("0590", "0690", "0691")),
        *((start, 594) for start in ("0594", "0694")),
        *((start, 596) for start in ("0596", "0696", "0697")),
        *((start, 33) for start in ("0261", "0264", "0589", "0591", "0638", "0695", "0698")),
    ],
)
def test_each_territory_has_its_code_and_its_neighbours_in_the_plan_have_not(begins, code):
    assert normal_phone(f"{begins}201234") == f"+{code}{begins[1:]}201234"
