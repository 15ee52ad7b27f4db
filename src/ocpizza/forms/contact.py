"""Kinds of text fields: how what was typed is read, and what is refused.

`read` gives what was meant, or the text as it may be shown again where it means nothing.
"""

from wtforms import StringField, ValidationError
from wtforms.form import BaseForm

from ocpizza.domain.contact import normal_contact, normal_phone, normal_postcode
from ocpizza.domain.email_address import normal_email, normal_identifier
from ocpizza.domain.plain_text import compatible
from ocpizza.i18n import _


class MeantField(StringField):
    """A text that means something of a kind, or nothing."""

    wrong = ""

    @staticmethod
    def meaning(typed: str) -> str | None:
        return compatible(typed)

    @classmethod
    def read(cls, typed: str) -> str:
        return cls.meaning(typed) or compatible(typed)

    def pre_validate(self, form: BaseForm) -> None:
        if self.data and self.meaning(self.data) is None:
            raise ValidationError(self.wrong)


class EmailField(MeantField):
    """An e-mail address, as it is kept."""

    wrong = _("Cette adresse e-mail n’est pas valable.")

    @staticmethod
    def meaning(typed: str) -> str | None:
        return normal_email(typed)


class PostcodeField(MeantField):
    """A postcode: five digits."""

    wrong = _("Un code postal compte cinq chiffres.")

    @staticmethod
    def meaning(typed: str) -> str | None:
        return normal_postcode(typed)


class PhoneField(MeantField):
    """A phone number; shown again as it was typed, kept as `kept`."""

    wrong = _("Ce numéro de téléphone n’est pas valable.")

    @staticmethod
    def meaning(typed: str) -> str | None:
        return normal_phone(typed)

    @classmethod
    def read(cls, typed: str) -> str:
        return compatible(typed)

    @property
    def kept(self) -> str | None:
        return normal_phone(self.data)


class ContactField(MeantField):
    """A phone number or an e-mail address, to recognise somebody by."""

    @classmethod
    def read(cls, typed: str) -> str:
        return compatible(typed)

    @property
    def kept(self) -> str | None:
        return normal_contact(self.data or "")


class IdentifierField(MeantField):
    """What somebody signs in with: an e-mail address or an identifier."""

    @staticmethod
    def meaning(typed: str) -> str | None:
        return normal_identifier(typed)


class CodeField(MeantField):
    """The code of a promotion: capitals and figures, without spaces."""

    @staticmethod
    def meaning(typed: str) -> str | None:
        return compatible(typed).replace(" ", "").upper()


class NumberField(MeantField):
    """The number of an order, however it is written."""


class WordField(MeantField):
    """A word that confirms."""
