"""What people type means what they mean, in every form that holds a field of its kind.

The forms are found, not listed: a new one with a phone or a postcode is judged like the others,
and a text field of no known kind fails here until it has one.
"""

import importlib
import pkgutil
from datetime import date

import pytest
from webob.multidict import MultiDict
from wtforms import DateField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.fields.core import UnboundField

import ocpizza.forms
from domain.test_contact import NO_PHONE, NO_POSTCODE, SAME_PHONE, SAME_POSTCODE
from domain.test_email_address import REFUSED, TAKEN
from ocpizza.forms.base import BaseForm
from ocpizza.forms.company import RegisteredField
from ocpizza.forms.contact import (
    CodeField,
    ContactField,
    EmailField,
    IdentifierField,
    NumberField,
    PhoneField,
    PostcodeField,
    WordField,
)
from ocpizza.forms.fields import DayField, TypedField
from ocpizza.forms.new_restaurant import NameField
from ocpizza.forms.restaurant import PostcodesField
from ocpizza.services.order.number import normal_number

for module in pkgutil.iter_modules(ocpizza.forms.__path__):
    importlib.import_module(f"ocpizza.forms.{module.name}")


def forms(of=BaseForm) -> set[type]:
    found = {of} if of is not BaseForm else set()
    return found.union(*(forms(each) for each in of.__subclasses__()))


FIELDS = sorted(
    (
        (f"{form.__name__}.{name}", unbound)
        for form in forms()
        if form.__module__.startswith("ocpizza.")
        for name, unbound in vars(form).items()
        if isinstance(unbound, UnboundField)
    ),
    key=lambda one: one[0],
)


def of_kind(*kinds: type, exactly: bool = False):
    """Every field of these kinds, for a test that judges each."""
    found = [
        one
        for one in FIELDS
        if (one[1].field_class in kinds if exactly else issubclass(one[1].field_class, kinds))
    ]
    assert found, kinds
    return pytest.mark.parametrize(
        "field", [one[1] for one in found], ids=[one[0] for one in found]
    )


def read(field: UnboundField, typed: str):
    """The field of a form of its own, where this was typed; and whether it was taken."""
    form = type("Form", (BaseForm,), {"field": field})(MultiDict(field=typed))
    taken = form.validate()
    return form.field, taken


LINES = {
    "  12 \u00a0rue\u202f Oberkampf ": "12 rue Oberkampf",
    "12\true\x00Oberkampf": "12 rue Oberkampf",
    "12 rue\r\nOberkampf": "12 rue Oberkampf",
    "\ufeffOber\u00adkampf\u200b": "Oberkampf",
    "\u202eOberkampf\u202c": "Oberkampf",
    "e\u0301te\u0301": "été",
    "½ ² ﬁ": "½ ² ﬁ",
}


@of_kind(StringField, exactly=True)
def test_a_line_of_text_is_one_clean_line(field):
    for typed, meant in LINES.items():
        assert read(field, typed)[0].data == meant


@of_kind(TextAreaField)
def test_a_longer_text_keeps_its_lines(field):
    assert read(field, " un\r\ndeux\ttrois\x00\u202e ")[0].data == "un\ndeux trois"


@of_kind(PostcodeField)
def test_a_postcode_is_five_digits(field):
    for typed in SAME_POSTCODE:
        found, taken = read(field, typed)
        assert (found.data, taken) == ("75011", True), typed
    for typed in filter(None, NO_POSTCODE):
        found, taken = read(field, typed)
        assert not taken, typed
        assert found.errors[0] == "Un code postal compte cinq chiffres."


@of_kind(PhoneField)
def test_a_phone_is_one_that_can_be_dialled(field):
    for typed in SAME_PHONE:
        found, taken = read(field, typed)
        assert (found.kept, taken) == ("+33612345678", True), typed
    for typed in filter(None, NO_PHONE):
        found, taken = read(field, typed)
        assert not taken, typed
        assert found.errors[0] == "Ce numéro de téléphone n’est pas valable."


@of_kind(EmailField)
def test_an_address_is_one_that_can_be_written_to(field):
    for typed, kept in TAKEN.items():
        found, taken = read(field, typed)
        assert taken is (kept is not None), typed
        assert found.data == kept or not taken
    for typed in filter(None, REFUSED):
        found, taken = read(field, typed)
        assert not taken, typed
        assert found.errors[0] == "Cette adresse e-mail n’est pas valable."


@of_kind(ContactField)
def test_a_contact_is_a_phone_or_an_address(field):
    for typed in SAME_PHONE:
        assert read(field, typed)[0].kept == "+33612345678"
    for typed, kept in TAKEN.items():
        assert read(field, typed)[0].kept == kept


@of_kind(IdentifierField)
def test_an_identifier_is_an_address_or_a_name(field):
    for typed, kept in TAKEN.items():
        if kept:
            assert read(field, typed)[0].data == kept
    for typed in ("Direction", " direction\u00a0", "ｄｉｒｅｃｔｉｏｎ", "dir\u200bection"):
        assert read(field, typed)[0].data == "direction"


@of_kind(CodeField)
def test_the_code_of_a_promotion_is_capitals_and_figures(field):
    for typed in ("DIX10", " dix10 ", "dix\u00a010", "ｄｉｘ１０", "DIX 10", "dix\u200b10\t"):
        assert read(field, typed)[0].data == "DIX10"


@of_kind(NumberField)
def test_the_number_of_an_order_is_the_same_however_it_is_written(field):
    typed = (
        "K7QM-2F9X",
        "k7qm2f9x",
        " k7qm 2f9x\u00a0",
        "K7QM–2F9X",
        "Ｋ７ＱＭ２Ｆ９Ｘ",
        "K7QM‑2F9X",
    )
    for each in typed:
        assert normal_number(read(field, each)[0].data) == "K7QM-2F9X"


@of_kind(WordField)
def test_the_word_that_confirms_is_the_same_in_any_width(field):
    assert (
        read(field, " effacer\u00a0")[0].data == read(field, "ｅｆｆａｃｅｒ")[0].data == "effacer"
    )


@of_kind(DateField)
def test_a_day_is_read_as_people_write_it(field):
    assert field.field_class is DayField
    for typed in (
        "1986-03-04",
        "04/03/1986",
        " 4/3/1986 ",
        "4.3.1986",
        "04-03-1986",
        "０４/０３/1986",
    ):
        assert read(field, typed)[0].data == date(1986, 3, 4), typed


KINDS = (
    ContactField,
    CodeField,
    EmailField,
    IdentifierField,
    NumberField,
    PhoneField,
    PostcodeField,
    PostcodesField,
    NameField,
    RegisteredField,
    WordField,
    TypedField,
    TextAreaField,
    PasswordField,
    HiddenField,
)
NAMED = {
    "postcode": PostcodeField,
    "phone": PhoneField,
    "email": EmailField,
    "contact": ContactField,
    "identifier": IdentifierField,
    "code": CodeField,
    "number": NumberField,
    "birthday": DayField,
}
PLAIN = {
    "street",
    "complement",
    "town",
    "first_name",
    "last_name",
    "contact_name",
    "name",
    "name_en",
    "shown_name",
    "registered_name",
    "closing_note",
    "reason",
    "note",
    "entry",
    "why",
    "qui",
}


@pytest.mark.parametrize(("name", "field"), FIELDS, ids=[name for name, _ in FIELDS])
def test_every_text_field_has_a_kind(name, field):
    short = name.partition(".")[2]
    kind = field.field_class
    if short in NAMED:
        assert issubclass(kind, NAMED[short])
    elif issubclass(kind, StringField) and not issubclass(kind, KINDS):
        assert short in PLAIN
