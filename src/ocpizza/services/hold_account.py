"""Whoever orders has an account until their order is written, or is told that they have none."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.checkout import OrderRefused
from ocpizza.models.account import Account, AccountStatus


class AccountClosed(OrderRefused):
    """The customer's account was erased or closed meanwhile."""


def hold_account(session: Session, account_id: int | None) -> None:
    """Have an account stay as it is until the end of the transaction; nobody has none to hold.

    Before anything else is locked: erasing an account locks it first, too. Raises AccountClosed.
    """
    if account_id is None:
        return
    held = (
        select(Account.id)
        .where(Account.id == account_id, Account.status == AccountStatus.ACTIVE)
        .with_for_update(read=True, key_share=True)
    )
    if session.scalar(held) is None:
        raise AccountClosed
