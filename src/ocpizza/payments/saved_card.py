"""Pay with a saved card, in the step that places the order.

It is tried once, while its customer waits. Whatever else comes of it, they read it on their
payment page and may pay there: an intent is authorised once, whoever confirms it.
"""

from datetime import datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from ocpizza.payments.gateway import Gateway, NoAnswer, Refused
from ocpizza.payments.settle import settle
from ocpizza.services.settlement.claim import postpone
from ocpizza.services.settlement.record_intent import record_intent
from ocpizza.services.settlement.saved_card import find_payable, note_refusal

# Of Stripe, when all goes well: the intent made, then confirmed.
QUESTIONS = 2
CARD_GONE = "card_gone"
log = structlog.get_logger()


def pay_with_saved_card(
    engine: Engine, gateway: Gateway, payment_id: int, card_id: str, now: datetime
) -> None:
    """Have Stripe be told of a payment, have this card pay it, and write down what is heard."""
    settle(engine, gateway, payment_id, now)
    with Session(engine) as session, session.begin():
        payable = find_payable(session, payment_id, card_id)
        if payable is None:
            # Removed meanwhile, or forgotten with a customer whom Stripe has no more.
            note_refusal(session, payment_id, CARD_GONE)
            return
    try:
        intent = gateway.confirm(payable.intent_id, card_id, f"{payable.key}-{card_id}")
    except NoAnswer:
        with Session(engine) as session, session.begin():
            postpone(session, payment_id, now)
        return
    except Refused as refused:
        log.info("a saved card is refused", payment=payment_id, code=str(refused))
        settle(engine, gateway, payment_id, now)
        with Session(engine) as session, session.begin():
            note_refusal(session, payment_id, str(refused)[:64])
        return
    with Session(engine) as session, session.begin():
        again = record_intent(session, payment_id, intent, now)
    if again:
        settle(engine, gateway, payment_id, now)
