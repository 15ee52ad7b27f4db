"""GDPR, art. 17: empty an account; its row stays, so that orders and promotions still add up."""

from datetime import datetime

from sqlalchemy import and_, delete, null, or_, select, update
from sqlalchemy.orm import Session

from ocpizza.domain.digest import digest_of
from ocpizza.domain.email_address import normal_identifier
from ocpizza.erasure_list import ACCOUNT, Erased, list_erased
from ocpizza.models.account import Account, AccountAddress, AccountStatus, Employee
from ocpizza.models.basket import Basket
from ocpizza.models.delivery_tap import DeliveryTap
from ocpizza.models.device import DevicePerson, QuickCode
from ocpizza.models.favourite import Favourite
from ocpizza.models.kept_form import KeptForm
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.promotion import PromotionUse
from ocpizza.models.second_factor import HalfSignIn, RecoveryCode, SecondFactor
from ocpizza.models.sign_in import AccountToken, ExternalIdentity, SignInAttempt, SignInSession
from ocpizza.models.staff_change import StaffChange
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.locks import lock_account
from ocpizza.services.payment.stripe_customer import leave_stripe
from ocpizza.services.privacy.erase_orders import (
    forget_contacts,
    refuse_running,
    take_persons_out,
)

BELONGINGS = (
    AccountAddress,
    ExternalIdentity,
    AccountToken,
    OutgoingMail,
    SignInSession,
    HalfSignIn,
    RecoveryCode,
    SecondFactor,
    DevicePerson,
    QuickCode,
    DeliveryTap,
    KeptForm,
    Favourite,
)


class StaffAccount(Exception):
    """The account of a member of staff: a manager ends it (UC7.1), it does not erase itself."""

    def __str__(self) -> str:
        return "this is the account of a member of staff"


class NoAccount(Exception):
    """Nobody has this identifier or e-mail address."""

    def __str__(self) -> str:
        return "there is no such account"


def erase_account_of(session: Session, identifier: str, now: datetime) -> int:
    """`erase_account` by identifier or e-mail address, in any case. Raises NoAccount, too."""
    named = normal_identifier(identifier)
    if not named:
        raise NoAccount
    account_id = session.scalar(
        select(Account.id).where(or_(Account.identifier == named, Account.email == named))
    )
    if account_id is None:
        raise NoAccount
    return erase_account(session, account_id, now)


def erase_account(session: Session, account_id: int, now: datetime) -> int:
    """Erase an account, its belongings and the person in its orders; return how many orders.

    Orders placed as a guest with its confirmed address are its owner's too. They are told at that
    address, for the last time. Raises StaffAccount and StillRunning, with nothing changed.
    """
    account = lock_account(session, account_id)
    if account.erased_at is not None:
        return 0
    if session.get(Employee, account_id, populate_existing=True) is not None:
        raise StaffAccount
    orders = orders_to_erase(session, account)
    # Seen ended, an order stays ended: from here on nothing is refused any more.
    refuse_running(session, orders)
    address = account.email if account.email_verified_at else None
    erased = empty_account(session, account, orders, now)
    if address:
        notify_account(session, account, News(MailKind.ACCOUNT_ERASED, recipient=address), now)
    session.flush()
    note(session, Action.ACCOUNT_ERASED, account=account.id, orders=erased)
    return erased


def empty_account(session: Session, account: Account, orders: list[int], now: datetime) -> int:
    """Take all that tells who somebody is out of a locked account and their orders, ended or not.

    Gives how many of the orders named them until now.
    """
    forget_contacts(session, orders)
    erased = take_persons_out(session, orders, now)
    leave_stripe(session, account, now)
    _throw_away_belongings(session, account)
    _empty_trail(session, account)
    _empty(account, now)
    list_erased(session, [Erased(ACCOUNT, str(account.id), account.created_at, now)])
    return erased


def orders_of_owner(session: Session, account: Account) -> list[int]:
    """Return the orders of an account, and those that a guest placed with its confirmed address."""
    mine = Order.account_id == account.id
    if account.email and account.email_verified_at:
        mine = or_(mine, and_(Order.account_id.is_(None), Order.email == account.email))
    return list(session.scalars(select(Order.id).where(mine, Order.erased_at.is_(None))))


def orders_to_erase(session: Session, account: Account) -> list[int]:
    """Return these, and what colleagues took down for its owner with one of their promotions.

    The account tells whose those are, though they are not shown in it.
    """
    told = select(PromotionUse.order_id).where(PromotionUse.account_id == account.id)
    taken = session.scalars(select(Order.id).where(Order.id.in_(told), Order.erased_at.is_(None)))
    return sorted({*orders_of_owner(session, account), *taken})


def _throw_away_belongings(session: Session, account: Account) -> None:
    names = [name for name in (account.identifier, account.email) if name]
    digests = [digest_of(name) for name in names]
    _delete(session, SignInAttempt, SignInAttempt.identifier_sha256.in_(digests))
    for table in BELONGINGS:
        _delete(session, table, table.account_id == account.id)
    _delete(session, Basket, Basket.account_id == account.id)
    session.execute(
        update(Basket)
        .where(Basket.customer_id == account.id)
        .values(customer_id=None, details={})
        .execution_options(synchronize_session=False)
    )
    if account.email:
        to_owner = OutgoingMail.recipient == account.email
        _delete(session, OutgoingMail, to_owner & OutgoingMail.order_id.is_(None))
    # Only an address that is proved to be theirs: anybody can open an account with another one.
    if account.email and account.email_verified_at:
        _delete(session, OutgoingMail, OutgoingMail.recipient == account.email)
        _delete(session, Basket, Basket.details["email"].as_string() == account.email)


def _empty_trail(session: Session, account: Account) -> None:
    """Have the audit trail tell that a colleague was changed, when and by whom, and no more."""
    session.execute(
        update(StaffChange)
        .where(StaffChange.account_id == account.id)
        .values(facts_before=null(), facts_after=null(), note="")
        .execution_options(synchronize_session=False)
    )


def _delete(session: Session, table, condition) -> None:  # type: ignore[no-untyped-def]
    session.execute(delete(table).where(condition).execution_options(synchronize_session=False))


def _empty(account: Account, now: datetime) -> None:
    account.identifier = account.email = account.email_verified_at = None
    account.password_hash = account.phone = account.birthday = None
    account.first_name = account.last_name = ""
    account.last_seen_at = account.erasure_announced_at = None
    account.status = AccountStatus.INACTIVE
    account.session_version += 1
    account.erased_at = now
