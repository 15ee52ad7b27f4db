"""Write a message about an account; its link is made now, so that its token is kept nowhere."""

from datetime import datetime
from email.message import EmailMessage

from sqlalchemy.orm import Session

from ocpizza.domain.first_name import first_name
from ocpizza.domain.plain_text import greeting_name
from ocpizza.i18n import _
from ocpizza.mail.compose import addressed, fill, reader_of
from ocpizza.models.account import Account
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.account.links import Purpose, issue_link
from ocpizza.services.account.password import find_owner
from ocpizza.settings import Settings

SENDER = "OC Pizza"
HEADLINES = {
    MailKind.EMAIL_CONFIRMATION: _("Confirmez votre adresse e-mail"),
    MailKind.PASSWORD_RESET: _("Choisissez un nouveau mot de passe"),
    MailKind.PASSWORD_CHANGED: _("Votre mot de passe a changé"),
    MailKind.EMAIL_CHANGED: _("L’adresse e-mail de votre compte a changé"),
    MailKind.ACCOUNT_UNUSED: _("Votre compte va être effacé"),
    MailKind.ACCOUNT_ERASED: _("Votre compte est effacé"),
    MailKind.IDENTITY_JOINED: _("Un moyen de connexion a été ajouté à votre compte"),
    MailKind.IDENTITY_REMOVED: _("Un moyen de connexion a été retiré de votre compte"),
    MailKind.SECOND_FACTOR_SET: _("Votre compte demande maintenant un code"),
    MailKind.SECOND_FACTOR_REMOVED: _("Votre compte ne demande plus de code"),
}
LINKS = {
    MailKind.EMAIL_CONFIRMATION: (Purpose.CONFIRM_EMAIL, "/compte/confirmer/"),
    MailKind.PASSWORD_RESET: (Purpose.NEW_PASSWORD, "/mot-de-passe/"),
}


def write_account_mail(
    session: Session, mail: OutgoingMail, settings: Settings, now: datetime
) -> EmailMessage | None:
    """Return the message about an account that this row of the outbox stands for, sent at `now`.

    None where there is nobody to tell: a forgotten password of an address that no account has.
    """
    account = mail.account or find_owner(session, mail.recipient)
    if account is None:
        return None
    reader = reader_of(mail.language if mail.account else account.language)
    subject = reader.localizer.translate(HEADLINES[mail.kind])
    site = settings["site.url"].rstrip("/")
    values = {
        "request": reader,
        "subject": subject,
        "kind": str(mail.kind),
        "account": account,
        "name": first_name(greeting_name(account.full_name), account.first_name),
        "link": _link(session, mail, account, site, now),
        "forgotten_url": f"{site}/mot-de-passe-oublie",
        "data_url": f"{site}/compte/donnees",
        "site": site,
        **mail.values,
    }
    message = addressed(mail, settings, SENDER, account.full_name, subject)
    fill(message, "account", values)
    return message


def _link(session: Session, mail: OutgoingMail, account: Account, site: str, now: datetime) -> str:
    if mail.kind not in LINKS:
        return ""
    purpose, path = LINKS[mail.kind]
    return site + path + issue_link(session, account, purpose, mail.recipient, now)
