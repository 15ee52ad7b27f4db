"""What finds an order."""

from wtforms.validators import DataRequired, Length

from ocpizza.forms.base import BaseForm
from ocpizza.forms.given import GivenContact, GivenNumber
from ocpizza.i18n import _

# Of an order's number, however it is written.
MAX_TYPED = 40


class FindOrderForm(BaseForm):
    """B5: an order by its number and the phone or e-mail given on it."""

    number = GivenNumber(validators=[DataRequired(_("Le champ est vide")), Length(max=MAX_TYPED)])
    contact = GivenContact(validators=[DataRequired(_("Le champ est vide")), Length(max=254)])


class FindOrderByNumberForm(BaseForm):
    """B5 for the staff: the number alone."""

    number = GivenNumber(validators=[DataRequired(_("Le champ est vide")), Length(max=MAX_TYPED)])
