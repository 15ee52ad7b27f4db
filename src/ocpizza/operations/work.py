"""`ocpizza work`: what is due later. One process a host; rows taken by one are left by others."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ocpizza.mail.post import Post, make_post
from ocpizza.mail.write import write_mail
from ocpizza.models.mail import OutgoingMail
from ocpizza.operations.tidy import tidy
from ocpizza.payments import make_gateway
from ocpizza.payments.gateway import Gateway
from ocpizza.payments.remove import remove_due
from ocpizza.payments.settle import settle_due
from ocpizza.services.send_mail import NotSent, send_next
from ocpizza.settings import Settings

T = TypeVar("T")
PAUSE_SECONDS = 2.0
TIDY_EVERY = timedelta(hours=1)
log = structlog.get_logger()


class Worker:
    """Does what is due until `stop` is set, however often the database, Stripe or the post fail."""

    def __init__(self, engine: Engine, settings: Settings, stop: Event) -> None:
        self.engine, self.settings, self.stop = engine, settings, stop
        self.post: Post = make_post(settings)
        self.payments: Gateway = make_gateway(settings)
        self.tidied_at: datetime | None = None

    def run(self) -> None:
        """Work until told to stop; what was begun is ended first."""
        while not self.stop.is_set():
            try:
                busy = self.work_once(datetime.now(UTC))
            except SQLAlchemyError as error:
                log.error("the database failed, trying again", reason=str(error).splitlines()[0])
                busy = False
            if not busy:
                self.stop.wait(PAUSE_SECONDS)

    def work_once(self, now: datetime) -> bool:
        """Do one thing of each kind that is due; whether there was any."""
        if self.tidied_at is None or now - self.tidied_at >= TIDY_EVERY:
            self._tidy(now)
        settled = settle_due(self.engine, self.payments, now)
        removed = remove_due(self.engine, self.payments, now) is not None
        sent = self._in_transaction(lambda session: send_next(session, self._sender(session), now))
        return settled or removed or sent

    def _sender(self, session: Session) -> Callable[..., bool]:
        def send(mail: OutgoingMail) -> bool:
            try:
                message = write_mail(session, mail, self.settings)
            except Exception as error:
                # One that cannot be written must not keep the others back.
                log.error("mail not written", mail=mail.dedupe_key, exc_info=error)
                raise NotSent(f"not written: {error}", final=False) from error
            return message is not None and self.post.send(message)

        return send

    def _tidy(self, now: datetime) -> None:
        tidy(self._in_transaction, self.settings, now)
        self.tidied_at = now

    def _in_transaction(self, act: Callable[[Session], T]) -> T:
        with Session(self.engine) as session, session.begin():
            return act(session)
