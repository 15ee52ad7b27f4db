"""Write a message of the outbox: subject, text and HTML, in the reader's language."""

from datetime import UTC, datetime
from email.message import EmailMessage

from sqlalchemy.orm import Session

from ocpizza.documents.summary import Document, order_summary
from ocpizza.domain.expectation import expectation_of
from ocpizza.i18n import _
from ocpizza.mail.account import write_account_mail
from ocpizza.mail.compose import addressed, fill, mailbox, reader_of, refuse_strange_headers
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.vat import Mode
from ocpizza.order_words import expected_words
from ocpizza.services.order.queries import load_order
from ocpizza.settings import Settings

HEADLINES = {
    MailKind.ORDER_CONFIRMED: _("Commande ${number} reçue"),
    MailKind.ORDER_CHANGED: _("Commande ${number} modifiée"),
    MailKind.ORDER_ACCEPTED: _("Commande ${number} acceptée"),
    MailKind.ORDER_READY: _("Commande ${number} prête, vous pouvez venir la chercher"),
    MailKind.ORDER_ON_ITS_WAY: _("Commande ${number} en route"),
    MailKind.ORDER_DELIVERED: _("Commande ${number} retirée, bon appétit"),
    MailKind.ORDER_CANCELLED: _("Commande ${number} annulée"),
}
WHEN_DELIVERED = {
    MailKind.ORDER_READY: _("Commande ${number} prête, le livreur va partir"),
    MailKind.ORDER_DELIVERED: _("Commande ${number} livrée, bon appétit"),
}


def write_mail(
    session: Session, mail: OutgoingMail, settings: Settings, now: datetime | None = None
) -> EmailMessage | None:
    """Return the message that this row of the outbox stands for; a link in it counts from `now`.

    None where there is nobody to tell. Raises Unwritable.
    """
    now = now or datetime.now(UTC)
    if mail.order_id is None:
        message = write_account_mail(session, mail, settings, now)
    else:
        message = _write_order_mail(session, mail, mail.order_id, settings, now)
    if message is not None:
        refuse_strange_headers(message, mail.recipient)
    return message


def _write_order_mail(
    session: Session, mail: OutgoingMail, order_id: int, settings: Settings, now: datetime
) -> EmailMessage:
    reader = reader_of(mail.language)
    order = load_order(session, order_id)
    subject = reader.localizer.translate(_headline(mail, order) % {"number": order.number})
    site = settings["site.url"].rstrip("/")
    values = {
        "request": reader,
        "subject": subject,
        "kind": str(mail.kind),
        "order": order,
        "tracking_url": f"{site}/suivi/{order.tracking_token}",
        "terms_url": f"{site}/conditions-generales",
        "with_summary": mail.carries_summary,
        "expected": _expected(order, now),
    }
    restaurant = order.restaurant
    message = addressed(mail, settings, restaurant.name, order.contact_name, subject)
    message["Reply-To"] = mailbox(restaurant.name, restaurant.email)
    fill(message, "order", values)
    if mail.carries_summary:
        attach(message, order_summary(session, order.id, site))
    return message


def _headline(mail: OutgoingMail, order: Order) -> str:
    delivered = order.mode is Mode.DELIVERY
    texts = HEADLINES | WHEN_DELIVERED if delivered else HEADLINES
    return texts[mail.kind]


def _expected(order: Order, now: datetime) -> str | None:
    """Return when to expect it.

    What has happened is told by the mail itself, which is read later.
    """
    expected = expectation_of(order, now)
    if expected is None or expected.over:
        return None
    return expected_words(expected, order.status, order.mode, now)


def attach(message: EmailMessage, document: Document) -> None:
    """Put a document into a message."""
    message.add_attachment(
        document.content, maintype="application", subtype="pdf", filename=document.name
    )
