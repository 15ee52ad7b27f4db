"""Take away at Stripe the customers and cards that are wanted here no more."""

from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ocpizza.payments.gateway import Gateway, NoAnswer
from ocpizza.services.payment.stripe_removal import claim_removal, removed


def remove_due(engine: Engine, gateway: Gateway, now: datetime) -> str | None:
    """Take away what has waited longest; return its id at Stripe, None where nothing was removed.

    Done twice it is done: a process may die between Stripe's answer and our note of it.
    """
    with Session(engine) as session, session.begin():
        stripe_id = claim_removal(session, now)
    if stripe_id is None:
        return None
    try:
        gateway.remove(stripe_id)
    except NoAnswer:
        return None
    with Session(engine) as session, session.begin():
        removed(session, stripe_id)
    return stripe_id
