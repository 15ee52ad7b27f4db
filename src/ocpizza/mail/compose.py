"""What every message is made of: a reader's language, the templates, a text and an HTML part."""

from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pyramid.i18n import Localizer, make_localizer

import ocpizza
from ocpizza.domain.contact import national_phone
from ocpizza.rendering import FILTERS, TEMPLATES, gettext

LOCALE = Path(ocpizza.__file__).parent / "locale"


class Reader(NamedTuple):
    """Stands for the request in the filters that templates share with pages."""

    localizer: Localizer
    locale_name: str


def reader_of(language: str) -> Reader:
    """A reader of this language."""
    return Reader(make_localizer(language, [str(LOCALE)]), language)


def fill(message: EmailMessage, template: str, values: dict[str, Any]) -> None:
    """Write both parts of a message from `mail/<template>.txt.jinja2` and `.html.jinja2`."""
    text, html = (f"mail/{template}.{kind}.jinja2" for kind in ("txt", "html"))
    message.set_content(templates().get_template(text).render(values))
    message.add_alternative(templates().get_template(html).render(values), subtype="html")


@cache
def templates() -> Environment:
    """The templates of mail, taken into memory: an upgrade may replace their files."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html.jinja2"]),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update({"_": gettext, "national_phone": national_phone})
    for path in (TEMPLATES / "mail").glob("*.jinja2"):
        environment.get_template(f"mail/{path.name}")
    return environment
