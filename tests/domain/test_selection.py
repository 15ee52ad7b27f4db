"""A choice has one text, and the text gives the choice back."""

from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.selection import Part, Selection

ids = st.integers(1, 2**31 - 1)
some = st.lists(ids, max_size=5)


@given(ids, some, some)
def test_the_text_of_a_selection_gives_it_back(size_id, without, extras):
    selection = Selection.of(size_id, without, extras)
    assert Selection.parse(selection.text) == selection


@given(st.lists(st.builds(Part, ids, some.map(tuple), some.map(tuple)), min_size=1, max_size=2))
def test_two_halves_survive_the_round_trip_too(parts):
    selection = Selection(tuple(parts))
    assert Selection.parse(selection.text) == selection


@given(ids, some, some, st.randoms())
def test_the_same_choice_always_has_the_same_text(size_id, without, extras, random):
    text = Selection.of(size_id, without, extras).text
    random.shuffle(without)
    random.shuffle(extras)
    assert Selection.of(size_id, without + without, extras + extras).text == text


def test_the_text_is_short_enough_to_be_kept():
    most = [2**31 - 1 - number for number in range(30)]
    assert len(Selection.of(1, most, most).text) <= 1000


def test_the_text_is_compact_json():
    assert Selection.of(7, {3, 1}, [2]).text == "[[7,[1,3],[2]]]"
