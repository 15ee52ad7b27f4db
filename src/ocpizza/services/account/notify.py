"""Put news of an account into the outbox, in the transaction that makes them."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.mail import MailKind, OutgoingMail


def notify_account(
    session: Session,
    account: Account,
    kind: MailKind,
    now: datetime,
    values: dict[str, Any] | None = None,
    event: str = "",
    *,
    recipient: str | None = None,
) -> None:
    """Have a mail sent to the account's address, or to `recipient`, in the account's language.

    `values` are what its text needs beside the account. `event` names what may be told only once
    (told again, the database refuses it: IntegrityError); without one the time tells two apart.
    """
    address = recipient or account.email
    if not address:
        return
    session.add(
        OutgoingMail(
            dedupe_key=f"account-{account.id}-{kind}-{event or f'{now.timestamp():.6f}'}",
            kind=kind,
            language=account.language,
            account_id=account.id,
            recipient=address,
            values=values or {},
            created_at=now,
            due_at=now,
        )
    )
