"""A photo of a product, as it is uploaded."""

from wtforms import FileField, HiddenField
from wtforms.validators import Length

from ocpizza.domain.photo import MAX_BYTES
from ocpizza.forms.base import BaseForm, Validators
from ocpizza.i18n import _

NONE = _("Choisissez une photo.")
EMPTY = _("Ce fichier est vide : choisissez une photo.")
TOO_HEAVY = _(
    "Ce fichier pèse plus de ${most} Mo : choisissez une photo plus légère.",
    mapping={"most": MAX_BYTES // 10**6},
)


class PhotoForm(BaseForm):
    """A file, and the photo that the page showed (its digest, or nothing)."""

    photo = FileField()
    shown = HiddenField(validators=[Length(max=64)], default="")
    # What was uploaded, once it was found to be something.
    content = b""

    def validate(self, extra_validators: Validators | None = None) -> bool:
        valid = super().validate(extra_validators)
        file = getattr(self.photo.data, "file", None)
        # One byte more than may be tells that there are too many.
        self.content = file.read(MAX_BYTES + 1) if file else b""
        if file is None or not (self.photo.data.filename or self.content):
            self.refuse(self.photo, NONE)
        elif not self.content:
            self.refuse(self.photo, EMPTY)
        elif len(self.content) > MAX_BYTES:
            self.refuse(self.photo, TOO_HEAVY)
        return valid and not self.errors
