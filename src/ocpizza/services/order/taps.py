"""UC4.1 without network: what a driver pressed is done once, when it comes, or told to be lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author
from ocpizza.domain.tender import OtherDue, TooLittle, TooMuch
from ocpizza.models.delivery_tap import DeliveryTap, TapKind, TapOutcome
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.services.locks import lock_order
from ocpizza.services.order.advance import NotAllowed, StaleStatus, advance_order
from ocpizza.services.order.events import status_changes
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.order.not_delivered import note_nobody
from ocpizza.services.order.take import LEAVE, carried_by
from ocpizza.services.payment.give_back import OtherExcess

# No telephone goes on asking for so long: it is in a drawer by then.
KEPT = timedelta(days=30)
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap: the UUID that the telephone gave it, what it means, how long ago it was."""

    key: str
    kind: TapKind
    waited: timedelta
    means: Means | None = None
    tendered_cents: Cents | None = None
    given_back_cents: Cents = 0
    shown_due_cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class _Came:
    outcome: TapOutcome
    change_cents: Cents | None = None
    missing_cents: Cents | None = None


def record_tap(
    session: Session, order_id: int, tap: Tap, author: Author, now: datetime
) -> DeliveryTap:
    """Do what a driver pressed, unless that was done; return what came of it.

    The order is locked first: the same tap sent several times at once is done by one of them,
    and answered by all. What the order has moved on from is refused, and that is the answer.
    """
    order = lock_order(session, order_id)
    known = select(DeliveryTap).where(
        DeliveryTap.account_id == author.account_id, DeliveryTap.key == tap.key
    )
    if found := session.scalar(known):
        return found
    step = status_changes(session, order.id)[-1]
    tapped_at = plausible(now - max(tap.waited, timedelta(0)), step.tapped_at or step.at, now)
    came = _do(session, order, tap, author, now, tapped_at)
    session.flush()
    recorded = DeliveryTap(
        account_id=author.account_id,
        key=tap.key,
        order=order,
        kind=tap.kind,
        outcome=came.outcome,
        status=order.status,
        status_since=status_changes(session, order.id)[-1].at,
        change_cents=came.change_cents,
        missing_cents=came.missing_cents,
        tapped_at=tapped_at,
        received_at=now,
    )
    session.add(recorded)
    return recorded


def plausible(tapped_at: datetime, last_step: datetime, now: datetime) -> datetime:
    """Return when it may have been pressed: after what had to come before, and not to come."""
    return min(max(tapped_at, last_step), now)


def forget_old_taps(session: Session, now: datetime) -> int:
    """Delete taps that no telephone asks about any more, a few at a time; return the number."""
    old = select(DeliveryTap.id).where(DeliveryTap.received_at < now - KEPT)
    oldest = old.order_by(DeliveryTap.received_at).limit(AT_A_TIME)
    some = session.scalars(oldest.with_for_update(skip_locked=True)).all()
    gone = delete(DeliveryTap).where(DeliveryTap.id.in_(some))
    session.execute(gone.execution_options(synchronize_session=False))
    return len(some)


def _do(
    session: Session, order: Order, tap: Tap, author: Author, now: datetime, tapped_at: datetime
) -> _Came:
    try:
        match tap.kind:
            case TapKind.TAKE if not carried_by(order, author):
                advance_order(session, order.id, LEAVE._replace(tapped_at=tapped_at), author, now)
            case TapKind.NOBODY:
                note_nobody(session, order.id, author, now, tapped_at)
            case TapKind.DELIVER:
                before = Status.OUT_FOR_DELIVERY
                sums = tap.tendered_cents, tap.given_back_cents
                handed = HandOver(before, tap.means, *sums, tapped_at, tap.shown_due_cents)
                _order, paid = hand_over(session, order.id, handed, author, now)
                tendered = paid.tendered_cents if paid else None
                change = tendered - paid.captured_cents if paid and tendered else 0
                return _Came(TapOutcome.DONE, change_cents=change or None)
    except StaleStatus:
        return _Came(TapOutcome.MOVED_ON)
    except NotAllowed:
        return _Came(TapOutcome.NOT_ALLOWED)
    except TooLittle as lacking:
        missing = lacking.due_cents - lacking.tendered_cents
        return _Came(TapOutcome.TOO_LITTLE, missing_cents=missing)
    except (OtherDue, TooMuch, OtherExcess):
        return _Came(TapOutcome.OTHER_SUM)
    return _Came(TapOutcome.DONE)
