"""Write a message of the outbox: subject, text and HTML, in the customer's language."""

from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pyramid.i18n import Localizer, make_localizer

import ocpizza
from ocpizza.domain.contact import national_phone
from ocpizza.i18n import _
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.rendering import FILTERS, TEMPLATES, gettext
from ocpizza.services.list_orders import load_order
from ocpizza.settings import Settings

LOCALE = Path(ocpizza.__file__).parent / "locale"
HEADLINES = {
    MailKind.ORDER_CONFIRMED: _("Commande ${number} confirmée"),
    MailKind.ORDER_CHANGED: _("Commande ${number} modifiée"),
    MailKind.ORDER_ACCEPTED: _("Commande ${number} prise en charge"),
    MailKind.ORDER_READY: _("Commande ${number} prête"),
    MailKind.ORDER_ON_ITS_WAY: _("Commande ${number} en livraison"),
    MailKind.ORDER_DELIVERED: _("Commande ${number} livrée"),
    MailKind.ORDER_CANCELLED: _("Commande ${number} annulée"),
}
WITH_SUMMARY = (MailKind.ORDER_CONFIRMED, MailKind.ORDER_CHANGED)


class Reader(NamedTuple):
    """Stands for the request in the filters that templates share with pages."""

    localizer: Localizer
    locale_name: str


def write_mail(session: Any, mail: OutgoingMail, settings: Settings) -> EmailMessage:
    """The message that this row of the outbox stands for.

    Its Message-ID comes from the event, so that a copy sent after a crash is known as a copy.
    """
    reader = Reader(make_localizer(mail.language, [str(LOCALE)]), mail.language)
    order = load_order(session, mail.order_id)
    headline = HEADLINES[mail.kind] % {"number": order.number}
    subject = reader.localizer.translate(headline)
    site = settings["site.url"].rstrip("/")
    values = {
        "request": reader,
        "subject": subject,
        "kind": str(mail.kind),
        "order": order,
        "tracking_url": f"{site}/suivi/{order.tracking_token}",
        "terms_url": f"{site}/conditions-generales",
        "with_summary": mail.kind in WITH_SUMMARY,
    }
    message = EmailMessage()
    message["From"] = Address(order.restaurant.name, addr_spec=settings["mail.sender"])
    message["To"] = Address(" ".join(order.contact_name.split()), addr_spec=mail.recipient)
    message["Reply-To"] = Address(order.restaurant.name, addr_spec=order.restaurant.email)
    message["Subject"] = f"{subject} · {order.restaurant.name}"
    message["Date"] = mail.created_at
    message["Message-ID"] = f"<{mail.dedupe_key}@{settings['mail.sender'].partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_environment().get_template("mail/order.txt.jinja2").render(values))
    html = _environment().get_template("mail/order.html.jinja2").render(values)
    message.add_alternative(html, subtype="html")
    return message


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html.jinja2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update({"_": gettext, "national_phone": national_phone})
    return environment
