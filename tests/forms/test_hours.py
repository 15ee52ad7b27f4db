"""Hours as managers type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webob.multidict import MultiDict

from ocpizza.domain.hours import Opening, Span, in_order
from ocpizza.forms.hours import HoursForm, SpansField

LUNCH, EVENING = Span(690, 840), Span(1080, 1500)
spans = st.lists(st.tuples(st.integers(360, 1799), st.integers(361, 1800)), max_size=6)


def read(monday: str) -> HoursForm:
    return HoursForm(MultiDict(monday_hours=monday))


@pytest.mark.parametrize(
    "typed",
    [
        "11:30-14:00, 18:00-1:00",
        "11h30-14h et 18h-1h",
        "18 h – 1 h ; 11 h 30 – 14 h",
        "de 11:30 à 14:00, de 18:00 à 01:00",
        "11.30-14/18-1",
        "11:30 to 14 and 18 to 1",
    ],
)
def test_people_write_hours_in_many_ways(typed):
    form = read(typed)
    assert form.validate()
    assert form.openings == [Opening(0, *LUNCH), Opening(0, *EVENING)]


@pytest.mark.parametrize("typed", ["", " ", "fermé", "Fermée", "closed", "—"])
def test_a_day_without_hours_is_closed(typed):
    form = read(typed)
    assert form.validate()
    assert form.openings == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("6:00-6:00", Span(360, 1800)),
        ("18-minuit", Span(1080, 1440)),
        ("midi-24:00", Span(720, 1440)),
        ("22:00-0:30", Span(1320, 1470)),
        ("0:30-6:00", Span(1470, 1800)),
        ("11-14, 14-22", Span(660, 1320)),
    ],
)
def test_a_day_goes_from_six_to_six(typed, found):
    form = read(typed)
    assert form.validate()
    assert form.openings == [Opening(0, *found)]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("18-20, 19-21", "Deux plages se recouvrent."),
        ("20-18", "La fin vient avant le début."),
        ("18-18", "La fin vient avant le début."),
        ("25-26", "Indiquez des heures comme"),
        ("18:60-20", "Indiquez des heures comme"),
        ("le soir", "Indiquez des heures comme"),
        ("18-20-22", "Indiquez des heures comme"),
        (",", "Indiquez des heures comme"),
        (", ".join(f"{hour}:00-{hour}:30" for hour in range(8, 15)), "Indiquez des heures comme"),
    ],
)
def test_what_cannot_be_is_said_and_shown_again(typed, message):
    form = read(typed)
    assert not form.validate()
    assert str(form.monday_hours.errors[0]).startswith(message)
    assert form.monday_hours._value() == typed


@given(spans)
def test_what_is_shown_is_read_again_as_it_was(typed):
    written = in_order(Span(*each) for each in typed if each[0] < each[1]) or ()
    shown = SpansField.write(written)
    assert (SpansField.parse(shown) or ()) == written
