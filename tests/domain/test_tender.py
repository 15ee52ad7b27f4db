"""B32: whatever is given of whichever means, what is due is received to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.tender import Part, TooLittle, TooMuch, share_out
from ocpizza.models.payment import Means

CASH, CARD, VOUCHER = Means.CASH, Means.CARD_TERMINAL, Means.MEAL_VOUCHER
DUE = st.integers(min_value=1, max_value=10_000)
SUMS = st.integers(min_value=0, max_value=10_000)
HANDED = st.dictionaries(st.sampled_from([CASH, CARD, VOUCHER, Means.OTHER]), SUMS)


@given(due=DUE, handed=HANDED, partly=st.booleans())
def test_no_cent_is_lost_or_received_twice(due, handed, partly):
    try:
        parts = share_out(due, handed, partly=partly)
    except (TooLittle, TooMuch):
        return
    received = sum(part.cents for part in parts)
    assert received == min(due, sum(handed.values()))
    assert partly or received == due
    for part in parts:
        assert part.cents > 0
        # Change is given of cash alone, and never the whole of it.
        assert part.tendered_cents == handed[part.means]
        assert part.means is CASH or part.cents == part.tendered_cents


@given(due=DUE, handed=HANDED)
def test_it_is_refused_only_for_a_reason(due, handed):
    others = sum(cents for means, cents in handed.items() if means is not CASH)
    cash = handed.get(CASH, 0)
    try:
        share_out(due, handed, partly=False)
    except TooLittle:
        assert others + cash < due
    except TooMuch:
        assert others > due or (others == due and cash)
    else:
        assert others <= due <= others + cash


@pytest.mark.parametrize(
    ("handed", "parts"),
    [
        ({CASH: 5000}, [Part(CASH, 2650, 5000)]),
        ({CASH: 2000, VOUCHER: 1100}, [Part(VOUCHER, 1100, 1100), Part(CASH, 1550, 2000)]),
        ({CARD: 2650, CASH: 0}, [Part(CARD, 2650, 2650)]),
    ],
)
def test_cash_makes_up_for_what_the_others_leave(handed, parts):
    assert share_out(2650, handed, partly=False) == parts


def test_no_change_is_given_on_a_titre_restaurant():
    with pytest.raises(TooMuch) as refused:
        share_out(2650, {VOUCHER: 3300}, partly=False)
    assert (refused.value.means, refused.value.most_cents) == (VOUCHER, 2650)


def test_a_part_may_be_paid_now_and_the_rest_later():
    assert share_out(2650, {CARD: 1000}, partly=True) == [Part(CARD, 1000, 1000)]
    with pytest.raises(TooLittle):
        share_out(2650, {}, partly=True)
