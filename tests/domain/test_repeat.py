"""UC3.1: the same again, with today's menu, prices and stock; it says what is different."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from menus import CHEESE, EGG, HAM, drink, menu, product
from ocpizza.domain.item import shortages
from ocpizza.domain.menu import Component, Extra, MenuProduct
from ocpizza.domain.repeat import OrderedLine, repeat
from ocpizza.domain.selection import Part, Selection

PLENTY = dict.fromkeys(range(1, 10), 10**6)
PIZZA = product()
INGREDIENTS = {2: CHEESE, 3: HAM, 4: EGG}


def line(size_id: int = 12, quantity: int = 1, *, cents: int = 950, **options) -> OrderedLine:
    selection = Selection.of(size_id, **options)
    return OrderedLine("Pizza 1", "Classique", quantity, cents, selection, INGREDIENTS)


def again(*lines: OrderedLine, on=(PIZZA,), stock=PLENTY):
    return repeat(lines, menu(*on, stock=stock))


def test_what_has_not_changed_is_the_same():
    found = again(line(quantity=2), line(13, cents=1490, without=[HAM.id]))
    assert found.changes == []
    assert found.then_cents == found.now_cents == 2 * 950 + 1490
    assert found.wanted == {
        Selection.of(12).text: 2,
        Selection.of(13, [HAM.id]).text: 1,
    }


def test_todays_price_is_told_per_line_and_in_all():
    dearer = replace_sizes(product(), 100)
    found = again(line(quantity=3), on=[dearer])
    assert [one.dearer_by_cents for one in found.changes] == [100]
    assert (found.then_cents, found.now_cents) == (2850, 3150)


def test_a_product_that_is_gone_is_told_and_left_out():
    found = again(line(), line(22), on=[product()])
    assert [one.item for one in found.changes] == [None]
    assert found.wanted == {Selection.of(12).text: 1}


def test_a_half_that_is_gone_takes_the_whole_pizza_with_it():
    halves = Selection((Part(12), Part(22)))
    ordered = OrderedLine("Pizza 1 / Pizza 2", "Classique", 1, 950, halves, {})
    assert again(ordered, on=[product(), product(2)]).wanted == {halves.text: 1}
    assert again(ordered, on=[product()]).wanted == {}


def test_an_extra_that_is_not_offered_any_more_is_told_and_left_out():
    found = again(line(extras=[EGG.id]), on=[product(extras=())])
    (changed,) = found.changes
    assert changed.lost_extras == (EGG,)
    assert found.wanted == {Selection.of(12).text: 1}


def test_an_extra_that_has_run_out_is_left_out_and_the_pizza_stays():
    found = again(line(extras=[EGG.id], cents=1050), stock=PLENTY | {EGG.id: 0})
    (changed,) = found.changes
    assert (changed.lost_extras, changed.quantity, changed.dearer_by_cents) == ((EGG,), 1, -100)


def test_what_cannot_be_left_out_any_more_is_said():
    fixed = product(composition=(Component(CHEESE, 120, removable=False),))
    found = again(line(without=[CHEESE.id]), on=[fixed])
    (changed,) = found.changes
    assert changed.forced == (CHEESE,)
    assert found.wanted == {Selection.of(12).text: 1}


def test_what_is_not_on_it_any_more_needs_not_be_left_out():
    plain = product(composition=(Component(CHEESE, 120, removable=True),))
    found = again(line(without=[HAM.id]), on=[plain])
    assert found.changes == []
    assert found.wanted == {Selection.of(12).text: 1}


def test_fewer_are_left():
    found = again(line(quantity=5), stock=PLENTY | {HAM.id: 61 * 2})
    (changed,) = found.changes
    assert (changed.ordered.quantity, changed.quantity) == (5, 2)
    assert (found.then_cents, found.now_cents) == (5 * 950, 2 * 950)


def test_what_is_not_on_sale_is_unavailable():
    found = again(line(), on=[product(available=False)])
    assert [one.quantity for one in found.changes] == [0]
    assert found.wanted == {}


def test_what_cannot_be_had_today_is_not_called_dearer():
    dearer = replace_sizes(product(available=False), 100)
    assert [one.dearer_by_cents for one in again(line(), line(22), on=[dearer]).changes] == [0, 0]


def test_an_extra_that_is_still_there_is_not_told():
    assert again(line(extras=[EGG.id], cents=1050)).changes == []


def test_lines_that_have_become_the_same_are_one_and_no_more_than_a_basket_holds():
    plain = product(extras=())
    found = again(line(quantity=40), line(quantity=40, extras=[EGG.id]), on=[plain])
    assert found.wanted == {Selection.of(12).text: 50}


OPTIONS = st.sets(st.sampled_from([CHEESE.id, HAM.id]))
LINES = st.lists(
    st.builds(
        lambda size, quantity, without, extra: line(
            size, quantity, without=without, extras=[EGG.id] if extra else []
        ),
        st.sampled_from([11, 12, 13, 22, 91]),
        st.integers(1, 50),
        OPTIONS,
        st.booleans(),
    ),
    max_size=5,
)
STOCK = st.fixed_dictionaries({id: st.integers(0, 2000) for id in (1, 2, 3, 4, 9)})
PRODUCTS = st.sampled_from(
    [(product(),), (product(extras=()), drink()), (product(available=False), product(2), drink())]
)


@given(LINES, PRODUCTS, STOCK)
def test_what_is_put_into_the_basket_can_be_made_and_is_never_more_than_was_ordered(
    lines, products, stock
):
    today = menu(*products, stock=stock)
    found = repeat(lines, today)
    there = [(one.item, one.quantity) for one in found.lines if one.item and one.quantity]
    assert shortages(there, stock) == []
    assert [one.ordered for one in found.lines] == lines
    assert all(0 <= one.quantity <= one.ordered.quantity for one in found.lines)
    assert sum(item.unit_price_cents * number for item, number in there) == found.now_cents
    assert not found.changes or any(not one.same for one in found.lines)


def replace_sizes(one: MenuProduct, cents: int) -> MenuProduct:
    sizes = tuple(replace(size, price_cents=size.price_cents + cents) for size in one.sizes)
    return replace(one, sizes=sizes)


def test_the_price_of_an_extra_counts_in_what_one_costs_today():
    dear = product(extras=(Extra(EGG, 1, 300),))
    (changed,) = again(line(extras=[EGG.id], cents=1050), on=[dear]).changes
    assert changed.dearer_by_cents == 200
