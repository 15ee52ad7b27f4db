"""What a recipe costs, takes and brings: exact, and rounded once."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.recipe import Amount, added, allergens_of, cost_of, feasible, taken
from ocpizza.models.ingredient import Allergen

AMOUNTS = st.lists(
    st.builds(Amount, st.integers(1, 9), st.integers(1, 100_000), st.booleans()),
    min_size=1,
    max_size=8,
    unique_by=lambda amount: amount.ingredient_id,
)
FACTORS = st.integers(1, 400)


@given(AMOUNTS, FACTORS, st.dictionaries(st.integers(1, 9), st.integers(0, 10**8)))
def test_a_cost_is_the_sum_of_what_is_taken_to_the_nearest_cent(amounts, factor, costs):
    cost = cost_of(amounts, factor, costs)
    exact = sum(
        Fraction(taken(each.quantity, factor) * costs.get(each.ingredient_id, 0), 1000)
        for each in amounts
    )
    assert abs(cost.cents - exact) <= Fraction(1, 2)
    assert set(cost.unknown) == {each.ingredient_id for each in amounts} - costs.keys()


@given(AMOUNTS, FACTORS, st.dictionaries(st.integers(1, 9), st.integers(0, 10**7)))
def test_as_many_can_be_made_as_the_stock_holds_and_not_one_more(amounts, factor, stock):
    number = feasible(amounts, factor, stock)
    takes = {each.ingredient_id: taken(each.quantity, factor) for each in amounts}
    assert all(stock.get(id, 0) >= number * quantity for id, quantity in takes.items())
    assert any(stock.get(id, 0) < (number + 1) * quantity for id, quantity in takes.items())


@given(st.integers(1, 10**6), FACTORS)
def test_what_a_size_takes_is_rounded_up(quantity, factor):
    assert 0 <= taken(quantity, factor) - Fraction(quantity * factor, 100) < 1


def test_a_cent_a_kilogram_is_a_thousandth_of_a_cent_a_gram():
    flour = Amount(1, 160, False)
    assert cost_of([flour], 100, {1: 85}).cents == 14  # 160 g at 0.85 €/kg: 13.6 cents
    assert cost_of([Amount(2, 2, True)], 100, {2: 22_000}).cents == 44


def test_allergens_gained_and_lost_are_in_the_order_of_the_regulation():
    known = {1: [Allergen.MILK, Allergen.GLUTEN], 2: [Allergen.EGGS]}
    before = allergens_of([Amount(1, 1, True)], known)
    after = allergens_of([Amount(2, 1, True)], known)
    assert before == [Allergen.GLUTEN, Allergen.MILK]
    assert (added(before, after), added(after, before)) == ([Allergen.EGGS], before)
