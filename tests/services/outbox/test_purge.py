"""What nobody asks for any more goes, a few rows at a time; what is still needed stays."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from factories import NOON, order_of
from ocpizza.domain.payment import WebhookEvent
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.payment import StripeEvent
from ocpizza.services.outbox import purge
from ocpizza.services.payment import webhook

MOMENT = timedelta(seconds=1)


def count(session, table) -> int:
    return session.scalars(select(func.count()).select_from(table)).one()


@pytest.mark.parametrize("end", [{"sent_at": NOON}, {"attempts": 80}])
def test_mail_that_has_ended_goes_after_ninety_days(session, pizzeria, monkeypatch, end):
    monkeypatch.setattr(purge, "AT_A_TIME", 2)
    for _ in range(3):
        order_of(session, pizzeria, email="julia@example.org")
    waiting = OutgoingMail.id == select(func.min(OutgoingMail.id)).scalar_subquery()
    session.execute(update(OutgoingMail).where(~waiting).values(end))
    order_of(session, pizzeria, email="julia@example.org", now=NOON + MOMENT)
    later = NOON + timedelta(days=90)
    assert purge.forget_old_mail(session, later) == 0
    rounds = [purge.forget_old_mail(session, later + MOMENT) for _ in range(2)]
    assert rounds == [2, 0]
    assert count(session, OutgoingMail) == 2


def test_a_webhooks_event_goes_when_no_copy_can_come(session, monkeypatch):
    monkeypatch.setattr(webhook, "AT_A_TIME", 2)
    for number in range(3):
        webhook.record_event(session, WebhookEvent(f"evt_{number}", "x", "pi", None), NOON)
    webhook.record_event(session, WebhookEvent("evt_young", "x", "pi", None), NOON + MOMENT)
    later = NOON + timedelta(days=30)
    assert webhook.forget_old_events(session, later) == 0
    rounds = [webhook.forget_old_events(session, later + MOMENT) for _ in range(3)]
    assert rounds == [2, 1, 0]
    assert session.scalars(select(StripeEvent.id)).all() == ["evt_young"]
