"""The server that takes our mail: whether it refuses one address, or us."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog

from ocpizza.mail.mailer import Mailer
from ocpizza.models.mail import OutgoingMail
from ocpizza.services.outbox.send import Ended, NotSent

# So many addresses refused, and none accepted in between: it is us whom it refuses.
TOO_MANY = 3
PAUSE = timedelta(seconds=30)
log = structlog.get_logger()


class Relay:
    """Hands messages over, and remembers what the server answered since it last took one.

    `wronged` are mails that ended although it was us whom the server refused; `takes_again` is
    whether mail that waits may be marked as refused no longer.
    """

    def __init__(self, mailer: Mailer) -> None:
        self.mailer = mailer
        self.wronged: list[Ended] = []
        # Another process may have left marks.
        self.takes_again, self._marked = False, True
        self._refused: set[str] = set()
        self._ended: list[Ended] = []
        self._incident: datetime | None = None
        self._paused_until: datetime | None = None

    def remember(self, ended: Sequence[Ended]) -> None:
        """Go on from what another process saw of the server, and left when it ended."""
        self._refused |= {one.recipient.lower() for one in ended}
        self._ended.extend(ended)

    def pauses(self, now: datetime) -> bool:
        """Whether it refused so many just now that the others wait a little."""
        return self._paused_until is not None and now < self._paused_until

    def send(self, message: EmailMessage, mail: OutgoingMail, now: datetime) -> bool:
        """Like the post's. Raises NotSent, final only if the server refuses that address alone."""
        try:
            handed_over = self.mailer.send(message)
        except NotSent as error:
            if error.final or error.by_relay:
                self._note_refusal(error, mail, now)
            raise
        self._note_taken(now)
        return handed_over

    def _note_refusal(self, error: NotSent, mail: OutgoingMail, now: datetime) -> None:
        self._refused.add(mail.recipient.lower())
        if len(self._refused) >= TOO_MANY:
            error.final, error.by_relay = False, True
            self._paused_until = now + PAUSE
            self.wronged, self._ended = self.wronged + self._ended, []
        if error.final:
            self._ended.append(Ended(mail.id, mail.recipient, mail.attempts))
            log.warning("mail given up", mail=mail.dedupe_key, reason=error.short)
            return
        self._marked = True
        if self._incident is None:
            self._incident = now
            log.error("the mail server refuses our mail", reason=error.short)

    def _note_taken(self, now: datetime) -> None:
        self._refused, self._ended, self._paused_until = set(), [], None
        self.takes_again, self._marked = self.takes_again or self._marked, False
        if self._incident is not None:
            seconds = round((now - self._incident).total_seconds())
            log.warning("the mail server takes our mail again", seconds=seconds)
            self._incident = None
