"""The text of each mail, in French, with what the law asks for (L221-13)."""

import pytest
from sqlalchemy import select

from documents.pdfs import text_of as pdf_text
from factories import NOON, order_of
from ocpizza.domain.author import Author
from ocpizza.mail.write import write_mail
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order.cancel import Ending, cancel_order
from views.pages import words

EMAIL = "julia@example.org"
SAID = {
    MailKind.ORDER_CONFIRMED: ("reçue", "Merci pour votre commande."),
    MailKind.ORDER_ACCEPTED: ("acceptée", "a accepté votre commande."),
    MailKind.ORDER_READY: (
        "prête, le livreur va partir",
        "Votre commande est prête, le livreur va partir.",
    ),
    MailKind.ORDER_ON_ITS_WAY: ("en route", "Votre commande est en route."),
    MailKind.ORDER_DELIVERED: ("livrée, bon appétit", "Votre commande est livrée. Bon appétit !"),
}


def mails(session):
    session.flush()
    return session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()


def written(session, mail, settings):
    return write_mail(session, mail, settings | {"site.url": "https://www.ocpizza.fr"})


def text_of(message) -> str:
    return words(message.get_body("plain").get_content())


def html_of(message) -> str:
    return message.get_body("html").get_content()


@pytest.fixture
def settings():
    return {"mail.sender": "commandes@ocpizza.fr"}


def test_the_summary_goes_with_what_says_the_contents_and_with_nothing_else(
    session, pizzeria, settings
):
    order = order_of(session, pizzeria, email=EMAIL, status=Status.DELIVERED)
    confirmation, *news = [written(session, mail, settings) for mail in mails(session)]
    (file,) = confirmation.iter_attachments()
    assert file.get_content_type() == "application/pdf"
    assert file.get_filename() == f"commande-{order.number}.pdf"
    assert f"Commande {order.number}" in pdf_text(file.get_content())
    assert [list(one.iter_attachments()) for one in news] == [[]] * 4


def test_every_status_that_customers_are_told_of_has_its_words(session, pizzeria, settings):
    order = order_of(session, pizzeria, email=EMAIL, status=Status.DELIVERED)
    sent = mails(session)
    assert [mail.kind for mail in sent] == list(SAID)
    for mail in sent:
        message = written(session, mail, settings)
        headline, said = SAID[mail.kind]
        assert message["Subject"] == (
            f"Commande {order.number} {headline} · {pizzeria.restaurant.name}"
        )
        assert said in text_of(message)
        assert said in words(html_of(message))
        assert f"https://www.ocpizza.fr/suivi/{order.tracking_token}" in text_of(message)


def test_the_confirmation_holds_the_whole_contract(session, pizzeria, settings):
    choice = pizzeria.select("regina", without=["jambon"], extras=["oeuf"])
    order_of(session, pizzeria, [(choice, 2), (pizzeria.select("cola"), 1)], email=EMAIL)
    message = written(session, mails(session)[0], settings)
    for said in (
        "2 × Regina, Classique 31 cm : 25,00 €",
        "sans jambon",
        "+ œuf",
        "Livraison : 2,50 €",
        "Total TTC : 30,30 €",
        "dont TVA 5,5 % :",
        "À régler au livreur · 30,30 €",
        "Espèces, au livreur",
        "Bonjour Stanley,",
        "12 rue Oberkampf, 75011 Paris",
        "Conditions générales de vente : https://www.ocpizza.fr/conditions-generales",
    ):
        assert said in text_of(message)
    for said in ("2 × Regina", "sans jambon", "30,30 €", "Allergènes : Gluten, Œufs, Lait"):
        assert said in words(html_of(message))


def test_what_is_fetched_says_where(session, pizzeria, settings):
    order_of(session, pizzeria, mode=Mode.TAKEAWAY, email=EMAIL)
    text = text_of(written(session, mails(session)[0], settings))
    assert f"À retirer chez {pizzeria.restaurant.name}" in text
    assert "au comptoir" in text


def test_a_cancellation_says_why(session, pizzeria, settings):
    order = order_of(session, pizzeria, email=EMAIL)
    cancel_order(session, order.id, Author(None, Role.CASHIER), NOON, Ending(note="Plus de four"))
    text = text_of(written(session, mails(session)[-1], settings))
    assert "Votre commande est annulée. Plus de four Rien à payer" in text


def test_what_people_typed_cannot_break_out_of_the_page_or_the_headers(session, pizzeria, settings):
    name, street = "O’Neil\nBcc: all@example.org & co", "12 rue <b>"
    order_of(session, pizzeria, email=EMAIL, contact_name=name, street=street, comment="<script>")
    message = written(session, mails(session)[0], settings)
    assert message["Bcc"] is None
    assert "<b>" not in html_of(message)
    assert "12 rue <b>" in message.get_body("plain").get_content()


def test_a_copy_is_known_as_a_copy(session, pizzeria, settings):
    order_of(session, pizzeria, email=EMAIL)
    (mail,) = mails(session)
    first, second = (written(session, mail, settings) for _ in range(2))
    assert first["Message-ID"] == second["Message-ID"] != ""
