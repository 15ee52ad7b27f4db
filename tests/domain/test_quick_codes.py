"""Four digits that are guessed first are not taken."""

from datetime import date

import pytest

from ocpizza.domain.quick_codes import WeakQuickCode, refuse_weak_code

BORN = date(1986, 3, 14)


@pytest.mark.parametrize(
    "code",
    [
        *("0000", "1111", "1234", "4321", "0123", "7890", "9876", "1212", "2580"),
        *("1403", "0314", "1986", "1486", "0386", "8603"),
        *("", "123", "12345", "12a4", "١٢٣٤", "４７２５", "47 25", "-472", "4725\n"),
    ],
)
def test_what_is_guessed_first_or_no_four_digits_is_refused(code):
    with pytest.raises(WeakQuickCode):
        refuse_weak_code(code, BORN)


@pytest.mark.parametrize("code", ["4725", "0912", "1400"])
def test_others_are_taken(code):
    refuse_weak_code(code, BORN)
    refuse_weak_code(code, None)
