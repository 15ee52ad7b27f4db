"""Forms about personal data: erasing an account, or the person in an order."""

from wtforms import PasswordField, ValidationError
from wtforms.validators import DataRequired, Length

from ocpizza.domain.passwords import MAX_LENGTH
from ocpizza.forms.base import BaseForm
from ocpizza.forms.contact import WordField
from ocpizza.forms.given import GivenContact
from ocpizza.i18n import _

# Typed, not ticked: it cannot be undone. One word for each language of the page.
CONFIRMATIONS = ("EFFACER", "ERASE")


class EraseAccountForm(BaseForm):
    """The password, where the account has one, and the word that confirms."""

    password = PasswordField(validators=[Length(max=MAX_LENGTH)])
    confirmation = WordField(validators=[DataRequired(_("Le champ est vide"))])

    def validate_confirmation(self, field: WordField) -> None:
        if (field.data or "").upper() not in CONFIRMATIONS:
            raise ValidationError(_("Tapez EFFACER pour confirmer."))


class EraseOrderForm(BaseForm):
    """The phone or e-mail given on the order."""

    contact = GivenContact(validators=[DataRequired(_("Le champ est vide")), Length(max=254)])
