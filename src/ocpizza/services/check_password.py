"""C11: the account that an identifier and a password belong to."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ocpizza.domain.passwords import verify_password
from ocpizza.models.account import Account, AccountStatus


def check_password(session: Session, identifier: str, password: str) -> Account | None:
    """The active account with this identifier or e-mail (lower case), if the password is right.

    It takes as long whether or not there is one.
    """
    account = session.scalars(
        select(Account).where(or_(Account.identifier == identifier, Account.email == identifier))
    ).first()
    right = verify_password(account.password_hash if account else None, password)
    active = account is not None and account.status is AccountStatus.ACTIVE
    return account if right and active else None
