"""UC7.1: a member of staff as managers describe them."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, NumberRange, Optional

from ocpizza.domain.identifiers import IDENTIFIER
from ocpizza.forms.base import BaseForm, FormData, Validators
from ocpizza.forms.choice import MAX_ID
from ocpizza.forms.choices import choice
from ocpizza.forms.contact import IdentifierField
from ocpizza.forms.details import at_most
from ocpizza.forms.fields import WholeField
from ocpizza.forms.given import GivenText
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.account import Role

JOBS = (Role.CASHIER, Role.PIZZAIOLO, Role.DRIVER, Role.MANAGER)
GROUP = 0


class ColleagueForm(BaseForm):
    """Who they are, what they do and where; the restaurant is asked of the group's managers."""

    first_name = GivenText(validators=[DataRequired(_("Indiquez le prénom.")), at_most(100)])
    last_name = GivenText(validators=[DataRequired(_("Indiquez le nom.")), at_most(100)])
    identifier = IdentifierField(validators=[at_most(100)])
    role = RadioField(choices=[choice(job.value, label(job)) for job in JOBS])
    restaurant = SelectField(coerce=int)
    version = WholeField(validators=[Optional(), NumberRange(1, MAX_ID)])

    def __init__(
        self,
        formdata: FormData | None,
        restaurants: Sequence[tuple[int, str]] | None,
        data: dict[str, Any] | None = None,
    ) -> None:
        """`restaurants` are those to choose from, None where there is no choice."""
        super().__init__(formdata, data=data)
        if restaurants is None:
            del self.restaurant
            return
        everywhere = choice(GROUP, _("Tout le groupe"))
        self.restaurant.choices = [*(choice(id, name) for id, name in restaurants), everywhere]

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        typed = self.identifier.data
        if typed and not self.identifier.errors and not IDENTIFIER.fullmatch(typed):
            self.refuse(self.identifier, _("Un identifiant n’a ni espace ni @."))
        if not self.role.data or self.role.errors:
            self.role.errors = [_("Choisissez ce que fait cette personne.")]
        place = self._fields.get("restaurant")
        if place is not None and place.data == GROUP and self.role.data != Role.MANAGER:
            self.refuse(place, _("Seul un responsable peut travailler pour tout le groupe."))
        return valid and not self.errors
