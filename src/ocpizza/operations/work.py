"""`ocpizza work`: what is due later. One process a host; rows taken by one are left by others.

Stripe is spoken to on a thread of its own: nothing else waits for it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ocpizza.db import reason
from ocpizza.mail.compose import Unwritable
from ocpizza.mail.mailer import make_mailer
from ocpizza.mail.write import write_mail
from ocpizza.models.mail import OutgoingMail
from ocpizza.operations.relay import Relay
from ocpizza.operations.tidy import tidy
from ocpizza.outage import Outage, is_outage
from ocpizza.payments import make_gateway
from ocpizza.payments.gateway import Gateway
from ocpizza.payments.remove import remove_due
from ocpizza.payments.settle import settle_due
from ocpizza.services.order.confirm_by_phone import cancel_unconfirmed
from ocpizza.services.outbox.send import (
    NotSent,
    ended_lately,
    note_relay_takes,
    send_next,
    take_up_again,
)
from ocpizza.settings import Settings

T = TypeVar("T")
PAUSE_SECONDS = 2.0
# The database is asked less often while it fails.
DOWN_SECONDS = 10.0
TIDY_EVERY = timedelta(hours=1)
# When told to stop, how long a call to Stripe may last: another process goes on with it.
LAST_SECONDS = 20.0
log = structlog.get_logger()


class Worker:
    """Does what is due until `stop` is set, however often the database, Stripe or the post fail.

    Its engine has two connections, for two threads.
    """

    def __init__(self, engine: Engine, settings: Settings, stop: Event) -> None:
        self.engine, self.settings, self.stop = engine, settings, stop
        self.relay, self._remembers = Relay(make_mailer(settings)), False
        self.payments: Gateway = make_gateway(settings)
        self.tidied_at: datetime | None = None
        self.outage = Outage()

    def run(self) -> None:
        """Work until told to stop; what was begun is ended first, but for a Stripe that hangs."""
        payments = Thread(
            target=self._repeat, args=[self.settle_once], name="payments", daemon=True
        )
        payments.start()
        self._repeat(self.work_once)
        payments.join(LAST_SECONDS)

    def _repeat(self, act: Callable[[datetime], bool]) -> None:
        while not self.stop.is_set():
            pause = PAUSE_SECONDS
            try:
                busy = act(datetime.now(UTC))
                if self.outage.lasts:
                    self.outage.answered()
            except SQLAlchemyError as error:
                if is_outage(error):
                    self.outage.failed(error)
                else:
                    log.error("the database failed, trying again", reason=reason(error))
                busy, pause = False, DOWN_SECONDS
            except Exception as error:
                # A thread that ends would not be missed by anybody until somebody waits for it.
                log.error("the worker failed, trying again", exc_info=error)
                busy = False
            if not busy:
                self.stop.wait(pause)

    def work_once(self, now: datetime) -> bool:
        """Do one thing of each kind that is due, but for payments; whether there was any."""
        if self.tidied_at is None or now - self.tidied_at >= TIDY_EVERY:
            self._tidy(now)
        cancelled = self._in_transaction(lambda session: cancel_unconfirmed(session, now))
        return self._send_next(now) or cancelled

    def _send_next(self, now: datetime) -> bool:
        if not self._remembers:
            self.relay.remember(self._in_transaction(lambda session: ended_lately(session, now)))
            self._remembers = True
        sent = not self.relay.pauses(now) and self._in_transaction(
            lambda session: send_next(session, self._sender(session, now), now)
        )
        # What the server's last answers say of other mails.
        if ended := self.relay.wronged:
            self._in_transaction(lambda session: take_up_again(session, ended, now))
            self.relay.wronged = []
        if self.relay.takes_again:
            self._in_transaction(note_relay_takes)
            self.relay.takes_again = False
        return sent

    def settle_once(self, now: datetime) -> bool:
        """Speak to Stripe about one thing of each kind that is due; whether there was any."""
        settled = settle_due(self.engine, self.payments, now)
        removed = remove_due(self.engine, self.payments, now) is not None
        return settled or removed

    def _sender(self, session: Session, now: datetime) -> Callable[..., bool]:
        def send(mail: OutgoingMail) -> bool:
            try:
                message = write_mail(session, mail, self.settings)
            except Unwritable as error:
                log.error("mail can never be written", mail=mail.dedupe_key, reason=str(error))
                raise NotSent(f"not written: {error}", final=True) from error
            except Exception as error:
                if is_outage(error):
                    raise
                # One that cannot be written must not keep the others back.
                log.error("mail not written", mail=mail.dedupe_key, exc_info=error)
                raise NotSent(f"not written: {error}", final=False) from error
            return message is not None and self.relay.send(message, mail, now)

        return send

    def _tidy(self, now: datetime) -> None:
        tidy(self._in_transaction, self.settings, now)
        self.tidied_at = now

    def _in_transaction(self, act: Callable[[Session], T]) -> T:
        with Session(self.engine) as session, session.begin():
            return act(session)
