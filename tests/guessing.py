"""A whole try at a password, as the sign-in page makes it, in one transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from factories import NOON
from ocpizza.domain.passwords import verify_password
from ocpizza.models.account import Account
from ocpizza.services.account.sign_in_attempts import begin_attempt, end_attempt

AT_HOME = "192.0.2.7"


def check_password(
    session: Session,
    identifier: str,
    password: str,
    *,
    address: str = AT_HOME,
    now: datetime = NOON,
) -> Account | None:
    """The account that an identifier and a password open, None if they do not."""
    attempt = begin_attempt(session, identifier, address, now)
    right = verify_password(attempt.password_hash, password)
    found = end_attempt(session, attempt, right=right)
    session.flush()
    return found
