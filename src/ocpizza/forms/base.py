"""The base of every form: messages to be translated, text cleaned before anybody looks at it."""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from markupsafe import Markup, escape
from translationstring import TranslationString
from webob.multidict import MultiDict
from wtforms import Field, Form, FormField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm as WTForm
from wtforms.meta import DefaultMeta
from wtforms.widgets import Input

from ocpizza.domain.plain_text import clean, one_line
from ocpizza.i18n.localizer import WTFORMS
from ocpizza.i18n.texts import counted

if TYPE_CHECKING:
    from _typeshed import SupportsItems

QUOTE = '"'
Bound = TypeVar("Bound", bound=Field)
FormData = MultiDict[str, str]
# What a form's `validate` may be given for single fields.
Validators = Mapping[str, Sequence[Any]]


def _read(kind: type[StringField], value: object) -> object:
    """Return what was typed into a field, as that kind of field takes it."""
    if not isinstance(value, str):
        return value
    if issubclass(kind, TextAreaField):
        return clean(value)
    return getattr(kind, "read", one_line)(value)


class LaterTranslations:
    """What WTForms says by itself, to be translated by whoever shows it, like our own messages."""

    def gettext(self, message: str) -> TranslationString:
        return TranslationString(message, domain=WTFORMS)

    def ngettext(self, singular: str, plural: str, number: int) -> TranslationString:
        return counted(singular, plural, number, WTFORMS, {})


LATER = LaterTranslations()
WITH_BOUNDS = ("number", "range", "date", "datetime-local", "month", "time", "week")


def attributes(**told: Any) -> Markup:
    """Return the attributes of an element, as WTForms writes them in ten times the time."""
    written = []
    for key, value in sorted(told.items()):
        name = key.rstrip("_")
        if name.startswith(("data_", "aria_")):
            name = name.replace("_", "-")
        if value is True:
            written.append(name)
        elif value is not False:
            written.append(f'{name}="{str(escape(value)).replace(QUOTE, "&quot;")}"')
    return Markup(" ".join(written))  # noqa: S704  (values are escaped)


# Widgets have it as an attribute, for others to replace it.
Input.html_params = staticmethod(attributes)  # type: ignore[method-assign]


class BaseForm(Form):
    """A form whose text fields are cleaned, each as its kind is read (`forms/contact`)."""

    class Meta(DefaultMeta):
        def get_translations(self, _form: WTForm) -> LaterTranslations:
            return LATER

        def render_field(self, field: Field, render_kw: "SupportsItems[str, Any]") -> Markup:
            """Without what HTML does not know of an input of this type."""
            told = dict(render_kw.items())
            kind = told.get("type", getattr(field.widget, "input_type", "text"))
            if kind not in WITH_BOUNDS:
                told = {"min": False, "max": False} | told
            if kind == "hidden":
                told = {"required": False} | told
            return super().render_field(field, told)

        def bind_field(
            self,
            form: WTForm,
            unbound_field: "UnboundField[Bound]",
            options: MutableMapping[str, Any],
        ) -> Bound:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options = {
                    **options,
                    "filters": [
                        *unbound_field.kwargs.get("filters", ()),
                        lambda value: _read(kind, value),
                    ],
                }
            return unbound_field.bind(form=form, **options)

    @staticmethod
    def refuse(field: Field, message: str) -> None:
        """Say that what is in a field will not do."""
        field.errors = [*field.errors, message]

    @property
    def empty(self) -> bool:
        """Whether nothing was filled in."""
        return not any(field.data for field in self)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Where to go and what is wrong there, in the order of the page, the same once only."""
        first: dict[str, str] = {}
        for field in self:
            if isinstance(field, FormField):
                for control, fault in field.form.faults:
                    first.setdefault(fault, control)
                continue
            for fault in field.errors[:1]:
                first.setdefault(fault, _first_control(field))
        return [(control, fault) for fault, control in first.items()]


def _first_control(field: Field) -> str:
    """Return the id of what takes the focus; a group of radio buttons is none itself."""
    return next(iter(field)).id if isinstance(field, RadioField) else field.id
