"""The ticket that opens a stream: what it is about, for whom, since when; signed.

It stands in the page, which was drawn for somebody who may see it, and is good for a few minutes: a
page that goes on gets a new one with each part that it fetches.
"""

import base64
import hashlib
import hmac
import json
import secrets
from datetime import datetime
from typing import NamedTuple

from ocpizza.security.sessions import key_for

# Where pages listen, what a ticket is sent in, both ways (an address would be logged), and what a
# page says that it heard last.
PATH, HEADER, LAST_HEARD = "/en-direct", "Live-Ticket", "Last-Event-ID"
# More than pages wait until they ask for their part again.
LIFE = 400
# Clocks of hosts differ a little.
AHEAD = 30
LONGEST = 1000
PURPOSE = b"ocpizza live ticket"


class Ticket(NamedTuple):
    """`session` is the digest of the sign-in session, empty where an address alone opens the page.

    `rights` is what its account was when it was given (`rights_of`).
    """

    topic: str
    issued_at: int
    session: str
    rights: str
    nonce: str


def derived_key(cookie_key: str) -> bytes:
    """Return the key of tickets: not the one of cookies, and there wherever that is."""
    return key_for(PURPOSE, cookie_key)


def write(key: bytes, topic: str, now: datetime, session: str = "", rights: str = "") -> str:
    """Return a new ticket, as a page and a header carry it."""
    ticket = Ticket(topic, int(now.timestamp()), session, rights, secrets.token_urlsafe(9))
    told = base64.urlsafe_b64encode(json.dumps(ticket, separators=(",", ":")).encode())
    return f"{told.decode().rstrip('=')}.{_signature(key, told.rstrip(b'='))}"


def read(key: bytes, text: str, now: float) -> Ticket | None:
    """Return a ticket that is ours and not over, else None."""
    told, _, signature = text.partition(".")
    if len(text) > LONGEST or not text.isascii():
        return None
    if not hmac.compare_digest(_signature(key, told.encode()), signature):
        return None
    ticket = Ticket(*json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))))
    return ticket if -AHEAD <= now - ticket.issued_at <= LIFE else None


def rights_of(role: str, restaurant_id: int | None, session_version: int) -> str:
    """Return what an account was allowed: any change of it ends what was opened before."""
    return f"{role}/{restaurant_id or ''}/{session_version}"


def _signature(key: bytes, told: bytes) -> str:
    return hmac.digest(key, told, hashlib.sha256).hex()
