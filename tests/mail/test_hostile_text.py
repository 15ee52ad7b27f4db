"""Whatever people type: a mail has our headers, one recipient, our parts, and the text as typed.

Judged by the bytes that a real server receives, read again: the standard library decodes what
looks like an encoded word (RFC 2047) wherever it meets it.
"""

import base64
import email
import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from documents.pdfs import text_of as pdf_text
from factories import NOON, author_of, make_account, make_promotion, order_of
from ocpizza.domain.plain_text import header_text, phrase, unlinked
from ocpizza.mail.compose import Unwritable
from ocpizza.mail.mailer import SmtpMailer
from ocpizza.mail.write import write_mail
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.account.notify import News, notify_account
from views.pages import words

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])
EMAIL = "julia@example.org"
SETTINGS = {"mail.sender": "commandes@ocpizza.fr", "site.url": "https://www.ocpizza.fr"}
OURS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Reply-To"]
CONTENT = ["MIME-Version", "Content-Type"]


def encoded(text: str, way: str) -> str:
    if way == "b":
        return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="
    return f"=?utf-8?q?{''.join(f'={byte:02X}' for byte in text.encode())}?="


PAYLOADS = [
    "A\r\nBcc: all@example.org\r\n\r\n<h1>our body</h1>",
    'A" <all@example.org>, "B',
    "A <all@example.org>, B",
    "\n\n--===============\nContent-Type: text/html\n\n",
]
HOSTILE = [*PAYLOADS, *(encoded(text, way) for text in PAYLOADS for way in "bq")]
PIECES = [
    *HOSTILE,
    "=?",
    "?=",
    "=?utf-8?q?",
    ",",
    ";",
    '"',
    "\\",
    "(",
    ")",
    "<",
    ">",
    "é",
    " ",
    "ß",
]
# A mail with its document takes long enough without making a failure smaller.
quickly = settings(max_examples=40, phases=(Phase.explicit, Phase.reuse, Phase.generate))
anything = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
).map(lambda pieces: "".join(pieces).replace("\x00", ""))


def read_again(message):
    return email.message_from_bytes(
        message.as_bytes(policy=email.policy.SMTP), policy=email.policy.default
    )


def letters(text: str) -> str:
    """Without spaces: where a header is folded, some versions of the library put one more."""
    return "".join(text.split())


def seen(message) -> tuple:
    """Headers, recipients and types of the parts of a message."""
    to = [one.addr_spec for one in message["To"].addresses]
    return sorted(message.keys()), to, [part.get_content_type() for part in message.walk()]


def of_order() -> tuple:
    parts = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html"]
    return sorted([*OURS, *CONTENT]), [EMAIL], [*parts, "application/pdf"]


@pytest.fixture
def mail(session, pizzeria):
    """The confirmation of an order with everything that people type in it."""
    author, promotion = author_of(make_account(session)), make_promotion(session)
    order_of(session, pizzeria, email=EMAIL, author=author, promotion=promotion)
    session.flush()
    session.expire_all()
    return session.scalars(select(OutgoingMail)).one()


FIELDS = {"name": 100, "street": 200, "town": 100, "comment": 500, "code": 30, "restaurant": 100}


@quickly
@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, anything)))
def test_a_mail_about_an_order_is_what_we_made_of_it(session, mail, typed):
    order, revision = mail.order, mail.order.revision
    typed = {name: text[: FIELDS[name]] for name, text in typed.items()}
    with session.no_autoflush:
        order.contact_name, order.restaurant.name = typed["name"], typed["restaurant"]
        revision.street = revision.complement = typed["street"]
        revision.town, revision.comment = typed["town"], typed["comment"]
        revision.promotion.code = typed["code"]
        again = read_again(write_mail(session, mail, SETTINGS))
    assert seen(again) == of_order()
    for header in ("From", "Reply-To"):
        (one,) = again[header].addresses
        assert letters(one.display_name) == letters(phrase(typed["restaurant"]))
        assert one.addr_spec in (SETTINGS["mail.sender"], order.restaurant.email)
    subject = letters(header_text(f"reçue · {typed['restaurant']}"))
    assert letters(again["Subject"]).endswith(subject)
    body = words(again.get_body("plain").get_content())
    for literal in (unlinked(typed["street"]), unlinked(typed["town"]), typed["code"]):
        assert words(literal) in body


@quickly
@given(first=anything, last=anything)
def test_a_mail_about_an_account_is_what_we_made_of_it(session, first, last):
    account = make_account(session, email=EMAIL)
    notify_account(session, account, News(MailKind.EMAIL_CONFIRMATION), NOON)
    session.flush()
    account_mail = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    with session.no_autoflush:
        account.first_name, account.last_name = first[:100], last[:100]
        again = read_again(write_mail(session, account_mail, SETTINGS, NOON))
        account.first_name = account.last_name = ""
    session.delete(account_mail)
    account.email = None
    expected = ["multipart/alternative", "text/plain", "text/html"]
    assert seen(again) == (sorted([*OURS[:-1], *CONTENT]), [EMAIL], expected)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_server_receives_is_for_one_person(session, mail, mail_settings, mailbox, name):
    mail.order.contact_name = name
    mail.order.restaurant.name = name
    SmtpMailer(mail_settings).send(write_mail(session, mail, SETTINGS))
    (envelope,) = mailbox.received
    again = email.message_from_bytes(envelope.content, policy=email.policy.default)
    del again["X-Peer"]
    assert envelope.rcpt_tos == [EMAIL]
    assert seen(again) == of_order()
    assert again["To"] == EMAIL


@pytest.mark.parametrize("link", ["www.exemple.fr", "moi@exemple.fr", "http://exemple.fr/x"])
def test_no_link_of_a_strangers_goes_to_anybody(session, mail, link):
    order = mail.order
    order.contact_name = f"Julia {link}"
    order.revision.street = order.revision.complement = order.revision.town = link
    order.revision.comment = link
    message = write_mail(session, mail, SETTINGS)
    (file,) = message.iter_attachments()
    parts = [message.get_body(kind).get_content() for kind in ("plain", "html")]
    for said in (*parts, pdf_text(file.get_content()), str(message["To"])):
        assert link not in said
    assert "Bonjour,\n\nMerci pour votre commande." in parts[0]


class Careless(EmailMessage):
    """A standard library that writes a header of a stranger's."""

    def as_bytes(self, *arguments, **options) -> bytes:
        sent = super().as_bytes(*arguments, **options)
        return sent.replace(b"Subject:", b"Bcc: all@example.org\r\nSubject:", 1)


def test_what_python_let_through_does_not_leave(session, mail, monkeypatch):
    """The last guard, whatever the standard library of the day does."""
    monkeypatch.setattr("ocpizza.mail.compose.EmailMessage", Careless)
    with pytest.raises(Unwritable, match="a header that is not ours"):
        write_mail(session, mail, SETTINGS)
