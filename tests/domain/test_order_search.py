"""UC6.1: an order is found by whom it is for, however one writes it."""

import pytest

from ocpizza.domain.order_search import Sought

JULIA = ("Júlia Lefèvre", "+33612345678", "julia@example.org")


@pytest.mark.parametrize(
    "typed",
    [
        "julia", "LEFEVRE", "Lefèvre", "ia lef", "example.org", "678", "45 67 8", "06 12 34 56 78",
        "06.12.34.56.78", "+33 6 12 34 56 78", "0033612345678", "(06) 12-34-56-78",
    ],
)  # fmt: skip
def test_it_is_found(typed):
    assert Sought.of(typed).fits(*JULIA)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("4005", True),
        ("024005", True),
        ("60102 4005", True),
        ("06 01 02 40 05", True),
        ("+33 (0)6 01 02 40 05", True),
        ("0304", False),
        ("601 02 03", False),
    ],
)
def test_a_nought_inside_of_a_number_is_one_of_its_digits(typed, found):
    assert Sought.of(typed).fits("Soki", "+33601024005", None) is found


def test_numbers_of_other_countries_are_found():
    assert Sought.of("+44 20 7946 0958").fits("Hervé", "+442079460958", None)


@pytest.mark.parametrize("typed", ["marc", "679", "1234", "julia lefevre x", "+33 7 12 34 56 78"])
def test_another_is_not(typed):
    assert not Sought.of(typed).fits(*JULIA)


def test_two_digits_are_no_telephone_number_but_may_be_a_name():
    assert not Sought.of("78").fits(*JULIA)
    assert Sought.of("78").fits("Table 78", None, None)


def test_what_is_no_letter_is_nobodys():
    assert not Sought.of("\u0301").fits(*JULIA)


def test_who_left_neither_phone_nor_mail_has_only_a_name():
    assert Sought.of("marc").fits("Marc", None, None)
    assert not Sought.of("612").fits("Marc", None, None)
