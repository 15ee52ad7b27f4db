"""Fields that must be filled in: once their form is valid, there is something in them."""

from wtforms import HiddenField, PasswordField, StringField

from ocpizza.forms.contact import CodeField, ContactField, EmailField, IdentifierField, NumberField
from ocpizza.forms.fields import EurosField, WholeField


class GivenWhole(WholeField):
    data: int


class GivenHidden(HiddenField):
    data: str


class GivenText(StringField):
    data: str


class GivenPassword(PasswordField):
    data: str


class GivenEmail(EmailField):
    data: str


class GivenIdentifier(IdentifierField):
    data: str


class GivenContact(ContactField):
    data: str


class GivenNumber(NumberField):
    data: str


class GivenCode(CodeField):
    data: str


class GivenEuros(EurosField):
    data: int
