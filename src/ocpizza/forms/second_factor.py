"""What is typed beside a password."""

from wtforms.validators import DataRequired

from ocpizza.forms.base import BaseForm
from ocpizza.forms.details import at_most
from ocpizza.forms.given import GivenCode
from ocpizza.i18n import _


class SecondFactorForm(BaseForm):
    """C11: a code of the application, or a recovery code."""

    code = GivenCode(validators=[DataRequired(_("Indiquez le code.")), at_most(40)])
