"""What forms make of typed text, without a server."""

import pytest
from webob.multidict import MultiDict, NoVars

from ocpizza.forms.choice import AddForm
from ocpizza.forms.order import FindOrderForm
from ocpizza.forms.sign_in import SignInForm
from ocpizza.forms.staff import AdvanceForm


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
