"""What every message is made of: a reader's language, the templates, a text and an HTML part."""

from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from functools import cache
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ocpizza.domain.plain_text import greeting_name, header_text, phrase
from ocpizza.i18n.localizer import OurLocalizer, localizer
from ocpizza.models.mail import OutgoingMail
from ocpizza.rendering import FILTERS, GLOBALS, TEMPLATES
from ocpizza.settings import Settings


class Unwritable(Exception):
    """No message can ever be made of this row of the outbox."""


class Reader(NamedTuple):
    """Stands for the request in the filters that templates share with pages."""

    localizer: OurLocalizer

    @property
    def locale_name(self) -> str:
        return self.localizer.locale_name


def reader_of(language: str) -> Reader:
    """Return a reader of this language."""
    return Reader(localizer(language))


def addressed(
    mail: OutgoingMail, settings: Settings, sender: str, recipient: str, subject: str
) -> EmailMessage:
    """Return a message with its headers and nothing in it yet.

    `sender` and `recipient` are names.
    """
    address = settings["mail.sender"]
    message = EmailMessage()
    message["From"] = mailbox(sender, address)
    message["To"] = mailbox(greeting_name(recipient), mail.recipient)
    message["Subject"] = header_text(f"{subject} · {sender}")
    message["Date"] = mail.created_at
    # From the event, so that a copy sent after a crash is known as a copy.
    message["Message-ID"] = f"<{mail.dedupe_key}@{address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    return message


def mailbox(name: str, address: str) -> Address:
    """Return the address of somebody to write to or from. Raises Unwritable."""
    try:
        return Address(phrase(name), addr_spec=address)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise Unwritable("an address that cannot be written") from error


def refuse_strange_headers(message: EmailMessage, recipient: str) -> None:
    """Raises Unwritable unless what leaves has our headers and this recipient, and no others."""
    sent = BytesHeaderParser(policy=SMTP).parsebytes(message.as_bytes(policy=SMTP))
    to = [one.addr_spec for header in sent.get_all("To", ()) for one in header.addresses]
    if sent.keys() != message.keys() or to != [recipient]:
        raise Unwritable("a header that is not ours")


def fill(message: EmailMessage, template: str, values: dict[str, Any]) -> None:
    """Write both parts of a message from `mail/<template>.txt.jinja2` and `.html.jinja2`."""
    text, html = (f"mail/{template}.{kind}.jinja2" for kind in ("txt", "html"))
    message.set_content(templates().get_template(text).render(values))
    message.add_alternative(templates().get_template(html).render(values), subtype="html")


@cache
def templates() -> Environment:
    """Return the templates of mail, taken into memory: an upgrade may replace their files."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html.jinja2"]),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)
    for path in (TEMPLATES / "mail").glob("*.jinja2"):
        environment.get_template(f"mail/{path.name}")
    return environment
