"""What forms make of typed text, without a server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webob.multidict import MultiDict, NoVars

from ocpizza.forms.base import clean
from ocpizza.forms.contact import EMAIL
from ocpizza.forms.shop import AddForm, FindOrderForm, SignInForm
from ocpizza.forms.staff import AdvanceForm


@given(st.text())
def test_clean_text_has_no_control_characters_and_is_clean_already(text):
    cleaned = clean(text)
    assert "\x00" not in cleaned
    assert cleaned == cleaned.strip()
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Stanley  ", "Stanley"),
        ("e\u0301te\u0301", "été"),
        ("a\r\nb", "a\nb"),
        ("a\x00b\x1b", "ab"),
        ("\u200b\u202e", ""),
        ("🍕", "🍕"),
        (None, None),
    ],
)
def test_text_is_cleaned_as_one_expects(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("email", "right"),
    [
        ("a@b.fr", True),
        ("first.last+tag@sub.example.org", True),
        ("a@b", False),
        ("a@-b.fr", False),
        ("a@b-.fr", False),
        ("@b.fr", False),
        ("a@", False),
        ("a@b..fr", False),
        ("a b@c.fr", False),
        ("a@b.fr\nbcc: c@d.fr", False),
    ],
)
def test_emails_are_those_that_browsers_accept(email, right):
    assert bool(EMAIL.fullmatch(email)) is right


@pytest.mark.parametrize(
    "ids", [["x"], ["-1"], ["1.0"], ["²"], ["9" * 11], ["0" * 11 + "9" * 5000]]
)
def test_ids_that_are_none_are_said_to_be_unknown(ids):
    fields = [("size", "1"), ("quantity", "1"), *(("extra", each) for each in ids)]
    form = AddForm(MultiDict(fields))
    assert not form.validate()
    assert form.errors["extra"] == ["Cette option n’existe pas."]


def test_ids_are_numbers_and_may_be_many():
    form = AddForm(MultiDict([("size", "1"), ("quantity", "2"), ("extra", "5"), ("extra", "7")]))
    assert form.validate()
    assert (form.extra.data, form.without.data) == ([5, 7], [])


@pytest.mark.parametrize("form", [AddForm, FindOrderForm, SignInForm, AdvanceForm])
def test_a_form_without_anything_is_invalid(form):
    assert not form(MultiDict()).validate()
    assert not form(NoVars("not a form")).validate()


@pytest.mark.parametrize("after", ["cancelled", "not_delivered", "", "nonsense"])
def test_only_a_status_ahead_can_be_asked_for(after):
    assert not AdvanceForm(MultiDict(before="ready", after=after)).validate()
