"""Links sent by e-mail: only the SHA-256 of their token is kept, each is used once and expires."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from ocpizza.models.account import Account, AccountToken


class Purpose(StrEnum):
    """What a link lets its holder do."""

    CONFIRM_EMAIL = "confirm_email"
    NEW_PASSWORD = "new_password"  # noqa: S105  (a name)


LIFETIME = {
    Purpose.CONFIRM_EMAIL: timedelta(days=3),
    Purpose.NEW_PASSWORD: timedelta(hours=1),
}


def issue_link(
    session: Session, account: Account, purpose: Purpose, email: str, now: datetime
) -> str:
    """The token (43 characters) of a new link that is sent to `email`."""
    token = secrets.token_urlsafe(32)
    session.add(
        AccountToken(
            sha256=digest(token),
            account_id=account.id,
            purpose=purpose,
            email=email,
            expires_at=now + LIFETIME[purpose],
        )
    )
    return token


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
