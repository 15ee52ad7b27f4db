"""The row about payments at Stripe that nobody brings to their end."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from ocpizza.models.payment import Payment, PaymentState
from ocpizza.operations.status.asking import DatabaseSilent, ask
from ocpizza.operations.status.row import Row, fine
from ocpizza.settings import Settings

# A worker looks at what is due every few seconds.
OVERDUE = timedelta(minutes=30)
# Asked in vain so often, with waits that grow to five minutes, is half an hour.
TRIED = 12
# Stripe lets an authorisation go after seven days.
LAPSING = timedelta(days=5)
WORKER = "sudo journalctl -u ocpizza-worker -n 50; sudo systemctl restart ocpizza-worker"
STRIPE = "https://status.stripe.com, [stripe] in ocpizza.ini, then: sudo ocpizza payments reconcile"
ORDERS = "prepare those orders or cancel them, before Stripe lets the money go after 7 days"


def payments(settings: Settings) -> Row:
    """What is to be done at Stripe and is not: for want of a worker, of an answer or of a cook."""
    try:
        overdue, in_vain, lapsing = ask(settings, stuck)
    except DatabaseSilent as error:
        return Row("payments", False, str(error))
    found = (
        (overdue, f"{overdue} due for more than 30 min", WORKER),
        (in_vain, f"{in_vain} asked at Stripe in vain for half an hour", STRIPE),
        (lapsing, f"{lapsing} authorised for more than 5 days", ORDERS),
    )
    says = "; ".join(f"{what}: {do}" for count, what, do in found if count)
    return Row("payments", False, says) if says else fine("payments", "none is stuck")


def stuck(connection: Connection) -> tuple[int, int, int]:
    """Return how many payments no worker looks at, Stripe does not answer about, nobody claims."""
    now = datetime.now(UTC)
    count = select(func.count()).select_from(Payment)
    questions = (
        count.where(Payment.retry_at < now - OVERDUE),
        count.where(Payment.retry_at >= now - OVERDUE, Payment.attempts >= TRIED),
        count.where(
            Payment.settled_at.is_(None),
            Payment.state == PaymentState.AUTHORISED,
            Payment.retry_at.is_(None),
            Payment.created_at < now - LAPSING,
        ),
    )
    overdue, in_vain, lapsing = (connection.scalar(one) or 0 for one in questions)
    return overdue, in_vain, lapsing
