"""Remember the language that somebody reads."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from ocpizza.models.account import Account


def choose_language(session: Session, account_id: int, language: str) -> None:
    """Keep a language, by its code, with an account: mail and later visits are in it."""
    session.execute(update(Account).where(Account.id == account_id).values(language=language))
