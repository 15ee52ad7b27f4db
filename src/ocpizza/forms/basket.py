"""What is typed at the basket."""

from wtforms.validators import DataRequired, InputRequired, NumberRange

from ocpizza.forms.base import BaseForm
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.details import at_most
from ocpizza.forms.given import GivenCode, GivenWhole
from ocpizza.i18n import _
from ocpizza.models.basket import MAX_QUANTITY

CODE_LENGTH = 30


class QuantityForm(BaseForm):
    """Change one line of the basket; quantity 0 removes it."""

    line = GivenWhole(validators=[InputRequired(), NumberRange(1, MAX_ID)])
    quantity = GivenWhole(
        validators=[
            InputRequired(_("Indiquez une quantité.")),
            NumberRange(0, MAX_QUANTITY, _("La quantité doit être de ${min} à ${max}.")),
        ]
    )


class PromotionCodeForm(BaseForm):
    """UC3.2: the code of a promotion, as it is kept: trimmed and in capitals."""

    code = GivenCode(validators=[DataRequired(_("Saisissez un code.")), at_most(CODE_LENGTH)])
