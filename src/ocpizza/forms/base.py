"""The base of every form: French messages, text cleaned before anybody looks at it."""

import unicodedata

from wtforms import Form, PasswordField, RadioField, StringField


def clean(value):
    """Text in normal form, trimmed, without control characters (PostgreSQL refuses NUL)."""
    if not isinstance(value, str):
        return value
    normal = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    return "".join(c for c in normal if c == "\n" or unicodedata.category(c)[0] != "C").strip()


class BaseForm(Form):
    """A form whose text fields are cleaned."""

    class Meta:
        locales = ("fr_FR",)

        def bind_field(self, form, unbound_field, options):
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options = options | {"filters": [*unbound_field.kwargs.get("filters", ()), clean]}
            return unbound_field.bind(form=form, **options)

    @property
    def empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(field.data for field in self)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Where to go and what is wrong there, in the order of the page, the same once only."""
        first: dict[str, str] = {}
        for field in self:
            for fault in field.errors[:1]:
                first.setdefault(fault, _first_control(field))
        return [(control, fault) for fault, control in first.items()]


def _first_control(field) -> str:
    """The id of what takes the focus; a group of radio buttons is none itself."""
    return next(iter(field)).id if isinstance(field, RadioField) else field.id
