"""Write a message of the outbox: subject, text and HTML, in the customer's language."""

from email.headerregistry import Address
from email.message import EmailMessage
from functools import cache
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from ocpizza.i18n import _
from ocpizza.i18n.localizer import OurLocalizer, localizer
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order
from ocpizza.rendering import FILTERS, GLOBALS, TEMPLATES
from ocpizza.services.list_orders import load_order
from ocpizza.settings import Settings

TEXT, HTML = "mail/order.txt.jinja2", "mail/order.html.jinja2"
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

    localizer: OurLocalizer

    @property
    def locale_name(self) -> str:
        return self.localizer.locale_name


def write_mail(session: Session, mail: OutgoingMail, settings: Settings) -> EmailMessage:
    """The message that this row of the outbox stands for."""
    reader = Reader(localizer(mail.language))
    order = load_order(session, mail.order_id)
    subject = reader.localizer.translate(HEADLINES[mail.kind] % {"number": order.number})
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
    message = _addressed(mail, order, subject, settings["mail.sender"])
    message.set_content(templates().get_template(TEXT).render(values))
    message.add_alternative(templates().get_template(HTML).render(values), subtype="html")
    return message


def _addressed(mail: OutgoingMail, order: Order, subject: str, sender: str) -> EmailMessage:
    message, restaurant = EmailMessage(), order.restaurant
    message["From"] = Address(restaurant.name, addr_spec=sender)
    message["To"] = Address(" ".join(order.contact_name.split()), addr_spec=mail.recipient)
    message["Reply-To"] = Address(restaurant.name, addr_spec=restaurant.email)
    message["Subject"] = f"{subject} · {restaurant.name}"
    message["Date"] = mail.created_at
    # From the event, so that a copy sent after a crash is known as a copy.
    message["Message-ID"] = f"<{mail.dedupe_key}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    return message


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
    environment.globals.update(GLOBALS)
    for name in (TEXT, HTML):
        environment.get_template(name)
    return environment
