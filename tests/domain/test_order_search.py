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


@pytest.mark.parametrize("typed", ["marc", "679", "1234", "julia lefevre x", "+33 7 12 34 56 78"])
def test_another_is_not(typed):
    assert not Sought.of(typed).fits(*JULIA)


def test_two_digits_are_no_telephone_number_but_may_be_a_name():
    assert not Sought.of("78").fits(*JULIA)
    assert Sought.of("78").fits("Table 78", None, None)


def test_who_left_neither_phone_nor_mail_has_only_a_name():
    assert Sought.of("marc").fits("Marc", None, None)
    assert not Sought.of("612").fits("Marc", None, None)
