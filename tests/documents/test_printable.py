"""Whatever people type can be printed, and what a font lacks is replaced in plain sight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.documents.paper import NORMAL, Paper
from ocpizza.documents.printable import REPLACEMENT, printable

KNOWN = Paper("fr", "", "", "").known


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Œuf, crème brûlée à 3 €", "Œuf, crème brûlée à 3 €"),
        ("Ełżbieta Nuñez Ğüneş Žižková Ștefan", "Ełżbieta Nuñez Ğüneş Žižková Ștefan"),
        ("Καλημέρα Привет", "Καλημέρα Привет"),
        ("e\u0301te\u0301", "été"),
        ("une\nligne\r\n\tet deux", "une ligne  et deux".replace("  ", "   ")),
        ("日本", "□□"),
        ("😀", "□"),
        ("👨\u200d👩\u200d👧 là", "□ là"),
        ("👍🏽❤️", "□□"),
        ("🇫🇷", "□□"),
        ("‮gnp.exe", "gnp.exe"),
        ("a\u00adb\u200bc", "abc"),
        ("\x01\x02 1 / {nb}", "1 / {nb}"),
        ("\ud800", "□"),
        ("", ""),
    ],
)
def test_what_is_printed_of_what_was_typed(typed, printed):
    assert printable(typed, KNOWN) == printed


@given(st.text(max_size=200))
def test_only_what_the_fonts_have_is_printed(typed):
    printed = printable(typed, KNOWN)
    assert {ord(character) for character in printed} <= KNOWN
    # Nothing that is a sign of its own vanishes.
    if any(character.isalnum() for character in typed):
        assert printed


def test_the_replacement_can_be_printed():
    assert ord(REPLACEMENT) in KNOWN


@given(st.text(max_size=300), st.floats(min_value=10, max_value=178))
def test_a_text_is_broken_into_lines_that_fit(typed, width):
    paper = Paper("fr", "", "", "")
    (lines, _style), *_ = paper.wrap([(typed, NORMAL)], width)
    assert all(paper.get_string_width(line) <= width + 0.01 for line in lines)
    kept = "".join("".join(lines).split())
    assert kept == "".join(printable(typed, KNOWN).split())
