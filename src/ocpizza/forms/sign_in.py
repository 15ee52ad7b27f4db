"""What is typed to sign in."""

from wtforms.validators import DataRequired, Length

from ocpizza.domain.passwords import MAX_LENGTH
from ocpizza.forms.base import BaseForm
from ocpizza.forms.given import GivenIdentifier, GivenPassword


class SignInForm(BaseForm):
    """C11: e-mail or identifier, and password."""

    identifier = GivenIdentifier(validators=[DataRequired(), Length(max=254)])
    password = GivenPassword(validators=[DataRequired(), Length(max=MAX_LENGTH)])
