"""What text from people becomes on its way into rows, headers and mail to somebody else."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.plain_text import (
    clean,
    compatible,
    greeting_name,
    header_text,
    linkless_name,
    one_line,
    unlinked,
)

LINKS = [
    "http://exemple.fr",
    "https://a",
    "www.exemple.fr",
    "exemple.fr",
    "Gagnez sur exemple.fr/lots",
    "moi@exemple.fr",
    "moi @exemple",
    "ｗｗｗ．exemple．ｆｒ",
    "exemple。fr",
    "exemple․com",
    "пример.рф",
]
NAMES = [
    "Julia Moreau",
    "Jean-Luc O’Neil",
    "Jean\u2011Luc O\u02bcNeil",
    "a" * 60,
    "J.-P. d'Arc",
    "Mme de la Tour",
    "José Ñuñez",
    "王小明",
    "नमस्ते",
    "Nguyễn Thị Ánh",
]


@given(st.text())
def test_clean_text_has_no_control_characters_and_is_clean_already(text):
    cleaned = clean(text)
    assert {unicodedata.category(sign)[0] for sign in cleaned.replace("\n", "")} <= set("LMNPSZ")
    assert cleaned == cleaned.strip()
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Stanley  ", "Stanley"),
        ("e\u0301te\u0301", "été"),
        ("a\r\nb", "a\nb"),
        ("12\true", "12 rue"),
        ("a\x00b\x1b", "a b"),
        ("a\x85b\x7fc", "a b c"),
        ("\ufeffOber\u00adkampf", "Oberkampf"),
        ("\u200b\u202e", ""),
        ("gnp\u202eexe", "gnpexe"),
        ("\ud800", ""),
        ("🍕", "🍕"),
    ],
)
def test_text_is_cleaned_as_one_expects(typed, kept):
    assert clean(typed) == kept


@given(st.text())
def test_one_line_is_one(text):
    line = one_line(text)
    assert line.split(" ") == line.split() or not line
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("７５０１１", "75011"),
        ("75\u00a0011", "75 011"),
        ("06\u202f12‑34–56", "06 12-34-56"),
        ("moi＠exemple．fr", "moi@exemple.fr"),
    ],
)
def test_compatible_forms_are_made_plain(typed, meant):
    assert compatible(typed) == meant


@given(st.text() | st.text("=?ub8\n\r\u200b", max_size=20))
def test_no_encoded_word_is_left_in_a_header(text):
    header = header_text(text)
    assert "=?" not in header
    assert header.split(" ") == header.split() or not header
    assert header_text(header) == header


@pytest.mark.parametrize("name", NAMES)
def test_people_are_greeted_by_name(name):
    assert greeting_name(f" {name}\n") == linkless_name(name) == name


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("around", ["{}", "Julia {}", "{} Julia", "=?utf-8?q?{}?="])
def test_a_name_that_holds_a_link_or_an_address_names_nobody(link, around):
    name = around.format(link)
    assert greeting_name(name) == linkless_name(name) == ""


@pytest.mark.parametrize("name", ["appelez le 0899 12 34 56", "100 %", "<b>", "=?x", "a" * 61, ""])
def test_what_is_hardly_a_name_greets_nobody(name):
    assert greeting_name(name) == ""


@pytest.mark.parametrize("link", LINKS)
def test_a_link_is_none_any_more(link):
    assert linkless_name(unlinked(link)) != ""


@given(st.text())
def test_unlinked_text_says_the_same(text):
    unlinked_text = unlinked(text)
    assert unlinked(unlinked_text) == unlinked_text


@pytest.mark.parametrize("text", ["3.50 €", "18:30", "Bât. B / 3, n° 2.1", "12 rue d’Austerlitz"])
def test_what_is_no_link_stays_as_it_is(text):
    assert unlinked(text) == text
