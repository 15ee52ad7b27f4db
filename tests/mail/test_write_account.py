"""The text of each mail about an account, and the links that are made when it is written."""

import hashlib
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, make_account
from ocpizza.mail.write import write_mail
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.sign_in import AccountToken
from ocpizza.services.account.notify import News, notify_account
from views.pages import words

SETTINGS = {"mail.sender": "commandes@ocpizza.fr", "site.url": "https://www.ocpizza.fr/"}
VALUES = {
    MailKind.EMAIL_CHANGED: {"new_email": "julia@new.example"},
    MailKind.IDENTITY_JOINED: {"provider": "Google"},
    MailKind.IDENTITY_REMOVED: {"provider": "Google"},
    MailKind.ACCOUNT_UNUSED: {"days": 30},
}
SAID = {
    MailKind.EMAIL_CONFIRMATION: ("Confirmez votre adresse e-mail", "Il vaut trois jours"),
    MailKind.PASSWORD_RESET: ("Choisissez un nouveau mot de passe", "Il vaut une heure"),
    MailKind.PASSWORD_CHANGED: ("Votre mot de passe a changé", "Si ce n’était pas vous"),
    MailKind.EMAIL_CHANGED: ("L’adresse e-mail de votre compte a changé", "julia@new.example"),
    MailKind.ACCOUNT_UNUSED: ("Votre compte va être effacé", "il sera effacé dans 30 jours"),
    MailKind.ACCOUNT_ERASED: ("Votre compte est effacé", "C’est notre dernier message"),
    MailKind.IDENTITY_JOINED: (
        "Un moyen de connexion a été ajouté à votre compte",
        "vous connecter à votre compte avec Google",
    ),
}
SAID[MailKind.IDENTITY_REMOVED] = (
    "Un moyen de connexion a été retiré de votre compte",
    "plus vous connecter à votre compte avec Google",
)
SAID[MailKind.SECOND_FACTOR_SET] = (
    "Votre compte demande maintenant un code",
    "après le mot de passe, un code de votre application",
)
SAID[MailKind.SECOND_FACTOR_REMOVED] = (
    "Votre compte ne demande plus de code",
    "avec le mot de passe seul",
)
LINK = {
    MailKind.EMAIL_CONFIRMATION: r"https://www\.ocpizza\.fr/compte/confirmer/([\w-]{43})\b",
    MailKind.PASSWORD_RESET: r"https://www\.ocpizza\.fr/mot-de-passe/([\w-]{43})\b",
}


def mail_of(session, kind, **values) -> OutgoingMail:
    account = make_account(session, email="julia@example.org", **values)
    notify_account(session, account, News(kind, VALUES.get(kind, {})), NOON)
    session.flush()
    return session.scalars(select(OutgoingMail)).one()


def parts(message) -> tuple[str, str]:
    return tuple(message.get_body(kind).get_content() for kind in ("plain", "html"))


@pytest.mark.parametrize("kind", SAID)
def test_every_mail_about_an_account_has_its_words(session, kind):
    message = write_mail(session, mail_of(session, kind), SETTINGS, NOON)
    subject, said = SAID[kind]
    assert message["Subject"] == f"{subject} · OC Pizza"
    assert message["To"] == "Julia Moreau <julia@example.org>"
    assert message["From"] == "OC Pizza <commandes@ocpizza.fr>"
    for part in parts(message):
        assert said in words(part)
        assert "Bonjour Julia," in words(part)


@pytest.mark.parametrize("kind", LINK)
def test_a_link_works_from_when_it_is_sent_and_only_its_digest_is_kept(session, kind):
    later = NOON + timedelta(hours=5)
    mail = mail_of(session, kind)
    text, html = parts(write_mail(session, mail, SETTINGS, later))
    token = re.search(LINK[kind], text)[1]
    assert re.search(LINK[kind], html)[1] == token
    session.flush()
    kept = session.scalars(select(AccountToken)).one()
    assert (kept.sha256, kept.email, kept.used_at) == (
        hashlib.sha256(token.encode()).hexdigest(),
        mail.recipient,
        None,
    )
    assert kept.expires_at > later
    assert token not in str(mail.values)


def test_a_name_cannot_break_out_of_the_page_or_the_headers(session):
    mail = mail_of(session, MailKind.PASSWORD_CHANGED, last_name="<b>\nBcc: all@example.org")
    message = write_mail(session, mail, SETTINGS, NOON)
    assert message["Bcc"] is None
    assert "<b>" not in parts(message)[1]


def test_an_owner_is_told_where_an_old_password_went(session):
    account = make_account(session, email="julia@example.org")
    values = {"provider": "Google", "password_removed": True}
    notify_account(session, account, News(MailKind.IDENTITY_JOINED, values), NOON)
    session.flush()
    mail = session.scalars(select(OutgoingMail)).one()
    for part in parts(write_mail(session, mail, SETTINGS, NOON)):
        assert "le mot de passe d’avant et les autres moyens de connexion" in words(part)
