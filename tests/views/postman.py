"""What the website's worker would send, and the links in it."""

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from threading import Event
from urllib.parse import urlsplit

from ocpizza.operations.relay import Relay
from ocpizza.operations.work import Worker
from views.website import Website

LINK = re.compile(r"https?://\S+/(?:mot-de-passe|compte/confirmer)/[\w-]{43}")


class Postman:
    """Empties the outbox of a website."""

    def __init__(self, website: Website) -> None:
        settings = website.application.registry.settings
        self.worker = Worker(website.engine, settings, Event())
        self.worker.relay = Relay(self)
        # Housekeeping is another matter: it would erase accounts that never were confirmed.
        self.worker.tidied_at = datetime.now(UTC)
        self.messages: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> bool:
        self.messages.append(message)
        return True

    def collect(self) -> list[EmailMessage]:
        """The messages that are due by now."""
        self.messages.clear()
        while self.worker.work_once(datetime.now(UTC)):
            pass
        return list(self.messages)

    def link(self) -> str:
        """The path of the one link in the messages that are due by now."""
        texts = [message.get_body("plain").get_content() for message in self.collect()]
        (link,) = LINK.findall("\n".join(texts))
        return urlsplit(link).path
