"""Put news of an account into the outbox, in the transaction that makes them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.mail import MailKind, OutgoingMail


@dataclass(frozen=True, slots=True)
class News:
    """What an account is told, at its own address unless there is a `recipient`.

    `values` are what the text needs beside the account. `event` names what may be told only once;
    without one the time tells two apart.
    """

    kind: MailKind
    values: dict[str, Any] = field(default_factory=dict)
    event: str = ""
    recipient: str | None = None


def notify_account(
    session: Session,
    account: Account,
    news: News,
    now: datetime,
) -> None:
    """Have a mail sent in the account's language.

    Raises IntegrityError (at the flush) for an event that was told before.
    """
    address = news.recipient or account.email
    if not address:
        return
    session.add(
        OutgoingMail(
            dedupe_key=f"account-{account.id}-{news.kind}-{news.event or f'{now.timestamp():.6f}'}",
            kind=news.kind,
            language=account.language,
            account_id=account.id,
            recipient=address,
            values=news.values,
            created_at=now,
            due_at=now,
        )
    )
