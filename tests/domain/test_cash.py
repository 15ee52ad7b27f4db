"""A drawer that is counted by coin and note."""

from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.cash import VALUES, worth


@given(st.dictionaries(st.sampled_from(VALUES), st.integers(0, 10_000)))
def test_what_is_counted_is_worth_every_piece(pieces):
    one_by_one = (value for value, count in pieces.items() for _ in range(count))
    assert worth(pieces) == sum(one_by_one)


def test_every_sum_can_be_counted():
    for cents in range(1, 1000):
        left, pieces = cents, {}
        for value in VALUES:
            pieces[value], left = divmod(left, value)
        assert worth(pieces) == cents
        assert left == 0
