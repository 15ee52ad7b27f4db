"""Leave no way in to whoever made an account with an address that he never showed to be his."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ocpizza.models.account import Account, AccountToken, ExternalIdentity
from ocpizza.models.mail import OutgoingMail


def turn_others_out(session: Session, account: Account) -> None:
    """Leave no way in to whoever made the account: he never showed that the address is his.

    He may have registered a stranger's address and waited for him: his password, sessions, other
    identities and links end, also links whose mail has not been sent.
    """
    account.password_hash = None
    account.session_version += 1
    for kind in (ExternalIdentity, AccountToken):
        session.execute(delete(kind).where(kind.account_id == account.id))
    waiting = (OutgoingMail.account_id == account.id, OutgoingMail.sent_at.is_(None))
    session.execute(delete(OutgoingMail).where(*waiting))
