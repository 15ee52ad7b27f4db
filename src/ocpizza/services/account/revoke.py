"""Leave no way in to whoever made an account with an address never shown to be theirs."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ocpizza.models.account import Account, AccountAddress
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.sign_in import AccountToken, ExternalIdentity
from ocpizza.services.account.sign_in_sessions import sign_out_everywhere
from ocpizza.services.payment.stripe_customer import leave_stripe


def revoke_access(session: Session, account: Account, now: datetime) -> None:
    """Make a locked account its address's owner's alone, whoever made it.

    They may have registered a stranger's address and waited. What lets them in ends: password,
    sessions, identities, links, also links whose mail has not been sent. So does what would make
    the owner act for them unawares: addresses and phone, which fill in the owner's next order,
    birthday and cards. The name stays, for somebody is greeted by it and may change it; so do
    orders placed meanwhile, for what they used of promotions is used.
    """
    account.password_hash = account.phone = account.birthday = None
    sign_out_everywhere(session, account)
    for kind in (ExternalIdentity, AccountToken, AccountAddress):
        session.execute(delete(kind).where(kind.account_id == account.id))
    waiting = (OutgoingMail.account_id == account.id, OutgoingMail.sent_at.is_(None))
    session.execute(delete(OutgoingMail).where(*waiting))
    leave_stripe(session, account, now)
