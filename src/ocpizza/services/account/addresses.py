"""A1: the addresses that an account keeps, one for delivery and one for bills."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.postal_address import Address
from ocpizza.models.account import Account, AccountAddress, AccountStatus, AddressUse
from ocpizza.services.locks import lock_account


def save_address(
    session: Session, account: Account, use: AddressUse, address: Address | None
) -> None:
    """Keep this address for this use instead of the one before, or none.

    The account is locked by the caller; it gets a new version if anything changes.
    """
    kept = _row(session, account.id, use)
    if address == (_read(kept) if kept else None):
        return
    # The address is elsewhere: the account's own version must say that it has changed.
    account.touch_version()
    if kept and address is None:
        session.delete(kept)
        return
    if kept is None:
        kept = AccountAddress(account_id=account.id, use=use)
        session.add(kept)
    assert address is not None
    kept.street, kept.complement = address.street, address.complement
    kept.postcode, kept.town = address.postcode, address.town


def keep_delivery_address(session: Session, account_id: int, address: Address) -> None:
    """Keep where an account's orders are delivered; nothing of one that is closed."""
    account = lock_account(session, account_id)
    if account.status is AccountStatus.ACTIVE:
        save_address(session, account, AddressUse.DELIVERY, address)


def saved_address(session: Session, account_id: int, use: AddressUse) -> Address | None:
    """Return the address that is kept for this use."""
    kept = _row(session, account_id, use)
    return _read(kept) if kept else None


def _row(session: Session, account_id: int, use: AddressUse) -> AccountAddress | None:
    return session.scalars(
        select(AccountAddress).where(
            AccountAddress.account_id == account_id, AccountAddress.use == use
        )
    ).one_or_none()


def _read(kept: AccountAddress) -> Address:
    return Address(kept.street, kept.postcode, kept.town, kept.complement)
