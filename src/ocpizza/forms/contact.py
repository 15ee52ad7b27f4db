"""Checks of phones and e-mail addresses."""

import re

from wtforms import ValidationError

from ocpizza.domain.contact import normal_phone
from ocpizza.i18n import _

# What browsers accept in <input type=email> (HTML, « valid e-mail address »), with a dot required.
EMAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)


def lower(value):
    """An e-mail address or identifier as kept."""
    return value.lower() if isinstance(value, str) else value


def check_phone(_form, field) -> None:
    if field.data and normal_phone(field.data) is None:
        raise ValidationError(_("Ce numéro de téléphone n’est pas valable."))


def check_email(_form, field) -> None:
    if field.data and not EMAIL.fullmatch(field.data):
        raise ValidationError(_("Cette adresse e-mail n’est pas valable."))
