"""What staff say of the device they work at, and the digits they take their place by."""

from typing import Any

from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired, Regexp, ValidationError

from ocpizza.domain.quick_codes import CODE, WeakQuickCode, refuse_weak_code
from ocpizza.forms.base import BaseForm, FormData
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.given import GivenPassword, GivenWhole
from ocpizza.i18n import _
from ocpizza.models.account import Account

SHARED, PERSONAL = "partage", "personnel"
KINDS = [
    choice(SHARED, _("Cet appareil est partagé")),
    choice(PERSONAL, _("C’est mon téléphone")),
]
FOUR_DIGITS = _("Tapez quatre chiffres.")
GUESSED = _(
    "Ce code est trop facile à deviner : évitez les suites, les chiffres répétés et votre date de "
    "naissance."
)


class DeviceForm(BaseForm):
    """Whether others use the device, too."""

    kind = RadioField(choices=KINDS, validators=[InputRequired(_("Choisissez."))])


class QuickCodeForm(BaseForm):
    """Four digits that somebody chooses."""

    digits = GivenPassword(
        validators=[DataRequired(FOUR_DIGITS), Regexp(CODE.pattern + "$", message=FOUR_DIGITS)]
    )

    def __init__(self, formdata: FormData | None, account: Account) -> None:
        super().__init__(formdata)
        self._birthday = account.birthday

    def validate_digits(self, field: Any) -> None:
        try:
            refuse_weak_code(field.data or "", self._birthday)
        except WeakQuickCode:
            raise ValidationError(GUESSED) from None


class QuickSwitchForm(BaseForm):
    """Who takes their place, and their digits."""

    person = GivenWhole(validators=[InputRequired(_("Choisissez votre prénom."))])
    digits = GivenPassword(
        validators=[DataRequired(FOUR_DIGITS), Regexp(CODE.pattern + "$", message=FOUR_DIGITS)]
    )

    @property
    def account_id(self) -> int:
        return self.person.data if 0 < self.person.data <= MAX_ID else 0
