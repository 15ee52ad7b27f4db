"""What the worker erases by itself: old orders, accounts that nobody uses or ever confirmed.

GDPR, art. 5(1)(e). Three years is what the CNIL's reference framework on commercial management
(délibération 2021-131) allows from the last contact; claims against a pizzeria are time-barred
sooner (code de la consommation, L218-2: two years). A few at a time, so that no lock is long.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ocpizza.models.account import Account, Employee
from ocpizza.models.mail import MailKind
from ocpizza.models.order import Order
from ocpizza.models.order_status import ENDED
from ocpizza.models.promotion import PromotionUse
from ocpizza.models.sign_in import ExternalIdentity
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.privacy.erase_account import erase_account
from ocpizza.services.privacy.erase_orders import StillRunning, erase_orders
from ocpizza.setting_values import NOTICE_DAYS

AT_A_TIME = 50
NOTICE = timedelta(days=NOTICE_DAYS)


def erase_old_orders(session: Session, now: datetime, days: int) -> int:
    """Take the persons out of a few orders placed over `days` ago; return how many."""
    old = (
        select(Order.id)
        .where(
            Order.erased_at.is_(None),
            Order.placed_at < now - timedelta(days=days),
            Order.status.in_(ENDED),
        )
        .order_by(Order.placed_at)
        .limit(AT_A_TIME)
    )
    return erase_orders(session, list(session.scalars(old)), now)


def announce_erasures(session: Session, now: datetime, days: int) -> int:
    """Tell owners of accounts unused for nearly `days` that they will go; return how many."""
    nearly = now - timedelta(days=days) + NOTICE
    told = _unused_for_long(
        session,
        nearly,
        Account.email.is_not(None),
        Account.erasure_announced_at.is_(None),
    )
    for account in told:
        account.erasure_announced_at = now
        notify_account(session, account, News(MailKind.ACCOUNT_UNUSED, {"days": NOTICE_DAYS}), now)
    return len(told)


def erase_unused_accounts(session: Session, now: datetime, days: int) -> int:
    """Erase accounts unused for `days` whose owners, where they can be told, were told in time."""
    told = or_(Account.email.is_(None), Account.erasure_announced_at < now - NOTICE)
    return _erase(session, _unused_for_long(session, now - timedelta(days=days), told), now)


def erase_unconfirmed_accounts(session: Session, now: datetime, days: int) -> int:
    """Erase accounts whose address was never confirmed and that nobody has used for `days`."""
    since = now - timedelta(days=days)
    joined = exists().where(ExternalIdentity.account_id == Account.id)
    ordered = exists().where(Order.account_id == Account.id)
    unconfirmed = and_(Account.email.is_not(None), Account.email_verified_at.is_(None))
    # Whom nobody has seen since then was not made since then: an index has these by that.
    made = Account.created_at
    few = _a_few(session, made, made < since, _unused(since), unconfirmed, ~joined, ~ordered)
    return _erase(session, few, now)


def erasure_date(account: Account, days: int) -> datetime:
    """Return when an account that is not used any more goes."""
    seen = account.last_seen_at or account.created_at
    announced = account.erasure_announced_at
    unused = seen + timedelta(days=days)
    return max(unused, announced + NOTICE) if announced else unused


def _unused(since: datetime) -> ColumnElement[bool]:
    """Return the condition of a customer's account without a sign-in or an order since then.

    None of their orders still runs. With one of their promotions one on the telephone is theirs.
    """
    employed = exists().where(Employee.account_id == Account.id)
    counts = or_(Order.placed_at >= since, Order.status.not_in(ENDED))
    ordering = exists().where(Order.account_id == Account.id, counts)
    calling = exists().where(
        PromotionUse.account_id == Account.id, Order.id == PromotionUse.order_id, counts
    )
    never = and_(Account.last_seen_at.is_(None), Account.created_at < since)
    unseen = or_(Account.last_seen_at < since, never)
    return and_(Account.erased_at.is_(None), unseen, ~employed, ~ordering, ~calling)


def _unused_for_long(
    session: Session, since: datetime, *conditions: ColumnElement[bool]
) -> list[Account]:
    """Return a few, those first that were seen: each of the two by an index that has them first."""
    seen, made = Account.last_seen_at, Account.created_at
    for first, unseen in ((seen, seen < since), (made, and_(seen.is_(None), made < since))):
        if few := _a_few(session, first, unseen, _unused(since), *conditions):
            return few
    return []


def _a_few(
    session: Session, first: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]
) -> list[Account]:
    query = select(Account).where(*conditions).order_by(first).limit(AT_A_TIME)
    return list(session.scalars(query.with_for_update(of=Account, skip_locked=True)))


def _erase(session: Session, accounts: Sequence[Account], now: datetime) -> int:
    erased = 0
    for account in accounts:
        # Its owner may have ordered as a guest just now: next time.
        with suppress(StillRunning):
            erase_account(session, account.id, now)
            erased += 1
    return erased
