"""Write a message of the outbox: subject, text and HTML, in the reader's language."""

from datetime import UTC, datetime
from email.message import EmailMessage

from sqlalchemy.orm import Session

from ocpizza.documents.summary import Document, order_summary
from ocpizza.i18n import _
from ocpizza.mail.account import write_account_mail
from ocpizza.mail.compose import addressed, fill, mailbox, reader_of, refuse_strange_headers
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.list_orders import load_order
from ocpizza.settings import Settings

HEADLINES = {
    MailKind.ORDER_CONFIRMED: _("Commande ${number} confirmée"),
    MailKind.ORDER_CHANGED: _("Commande ${number} modifiée"),
    MailKind.ORDER_ACCEPTED: _("Commande ${number} prise en charge"),
    MailKind.ORDER_READY: _("Commande ${number} prête"),
    MailKind.ORDER_ON_ITS_WAY: _("Commande ${number} en livraison"),
    MailKind.ORDER_DELIVERED: _("Commande ${number} livrée"),
    MailKind.ORDER_CANCELLED: _("Commande ${number} annulée"),
}


def write_mail(
    session: Session, mail: OutgoingMail, settings: Settings, now: datetime | None = None
) -> EmailMessage | None:
    """The message that this row of the outbox stands for; a link in it counts from `now`.

    None where there is nobody to tell. Raises Unwritable.
    """
    if mail.order_id is None:
        message = write_account_mail(session, mail, settings, now or datetime.now(UTC))
    else:
        message = _write_order_mail(session, mail, mail.order_id, settings)
    if message is not None:
        refuse_strange_headers(message, mail.recipient)
    return message


def _write_order_mail(
    session: Session, mail: OutgoingMail, order_id: int, settings: Settings
) -> EmailMessage:
    reader = reader_of(mail.language)
    order = load_order(session, order_id)
    subject = reader.localizer.translate(HEADLINES[mail.kind] % {"number": order.number})
    site = settings["site.url"].rstrip("/")
    values = {
        "request": reader,
        "subject": subject,
        "kind": str(mail.kind),
        "order": order,
        "tracking_url": f"{site}/suivi/{order.tracking_token}",
        "terms_url": f"{site}/conditions-generales",
        "with_summary": mail.carries_summary,
    }
    restaurant = order.restaurant
    message = addressed(mail, settings, restaurant.name, order.contact_name, subject)
    message["Reply-To"] = mailbox(restaurant.name, restaurant.email)
    fill(message, "order", values)
    if mail.carries_summary:
        attach(message, order_summary(session, order.id, site))
    return message


def attach(message: EmailMessage, document: Document) -> None:
    """Put a document into a message."""
    message.add_attachment(
        document.content, maintype="application", subtype="pdf", filename=document.name
    )
