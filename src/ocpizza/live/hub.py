"""Who is told of what: the open streams by topic, and what each topic last told.

Touched by the event loop alone.
"""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from ocpizza.live.tail import LATELY, Change
from ocpizza.live.ticket import Ticket
from ocpizza.live.topics import ORDER, concerned

# Of one ticket: a page that opens another stream has lost the one before.
PER_TICKET = 2
# Of one order: whoever has its link gets as many tickets as they ask for, from anywhere.
PER_ORDER = 6
# Whoever works here finds a place, however many customers look at their order.
CUSTOMERS_SHARE = 0.8
# A transaction may last so long before what it says is read, and clocks of hosts differ a little.
MARGIN = 30.0
# A stream is opened anew now and then, by a new ticket.
LIFE = (600.0, 900.0)
CHANGED, UNSURE = "changed", "unsure"


class Full(Exception):
    """There are as many streams as may be."""


class Stream:
    """One page that listens: what it is still to be told, and whether it is over."""

    __slots__ = ("ends_at", "news", "over", "ticket", "woken")

    def __init__(self, ticket: Ticket) -> None:
        self.ticket, self.news, self.over = ticket, "", False
        self.woken = asyncio.Event()
        self.ends_at = time.monotonic() + random.uniform(*LIFE)  # noqa: S311  (spreads, hides nothing)

    def tell(self, news: str) -> None:
        """Have it told; what is told twice before it is sent is sent once."""
        self.news = CHANGED if CHANGED in (news, self.news) else news
        self.woken.set()

    def end(self) -> None:
        """Have it end."""
        self.over = True
        self.woken.set()


class Hub:
    """The streams of this process: `most` of them at a time."""

    def __init__(self, most: int, now: float) -> None:
        self.most, self.heard_at = most, now
        self._of: defaultdict[str, dict[Stream, None]] = defaultdict(dict)
        self._by_ticket: defaultdict[str, list[Stream]] = defaultdict(list)
        self._customers = self._all = 0
        self._latest: dict[str, float] = {}
        self._known_from = now

    def __len__(self) -> int:
        return self._all

    def __iter__(self) -> Iterator[Stream]:
        return iter([stream for streams in self._of.values() for stream in streams])

    def open(self, ticket: Ticket, since: float) -> Stream:
        """Return a new stream for a page that shows what there was at `since`. Raises Full."""
        customers = ticket.topic.startswith(ORDER)
        full = self._customers >= self.most * CUSTOMERS_SHARE if customers else False
        if full or self._all >= self.most:
            raise Full
        stream = Stream(ticket)
        same = self._by_ticket[ticket.nonce]
        same.append(stream)
        for older in same[:-PER_TICKET]:
            older.end()
        about = self._of[ticket.topic]
        about[stream] = None
        if customers:
            for older in list(about)[:-PER_ORDER]:
                older.end()
        self._all += 1
        self._customers += customers
        if since < self._known_from:
            stream.tell(UNSURE)
        elif self._latest.get(ticket.topic, 0.0) > since - MARGIN:
            stream.tell(CHANGED)
        return stream

    def close(self, stream: Stream) -> None:
        """Forget a stream that has ended."""
        topic, nonce = stream.ticket.topic, stream.ticket.nonce
        self._of[topic].pop(stream, None)
        self._by_ticket[nonce].remove(stream)
        self._all -= 1
        self._customers -= topic.startswith(ORDER)
        # Topics are as many as orders: those that nobody looks at are not kept.
        if not self._of[topic]:
            del self._of[topic]
        if not self._by_ticket[nonce]:
            del self._by_ticket[nonce]

    def remember(self, changes: Iterable[tuple[Change, float]], known_from: float) -> None:
        """Know what changed before this process began, since `known_from`."""
        for change, at in changes:
            for topic in concerned(*change):
                self._latest[topic] = max(at, self._latest.get(topic, 0.0))
        self._known_from = known_from

    def hear(self, changes: Collection[Change], now: float) -> None:
        """Tell whoever looks at what has changed."""
        self.heard_at = now
        for topic in {topic for change in changes for topic in concerned(*change)}:
            self._latest[topic] = now
            for stream in self._of.get(topic, ()):
                stream.tell(CHANGED)

    def doubt(self, now: float) -> None:
        """Tell everybody that something may have changed: nobody could ask meanwhile."""
        self._known_from = self.heard_at = now
        for stream in self:
            stream.tell(UNSURE)

    def beat(self, streams: Iterable[Stream]) -> None:
        """Let these streams say that they live, or end those whose time is over."""
        now = time.monotonic()
        for stream in streams:
            if now >= stream.ends_at:
                stream.end()
            stream.woken.set()

    def sessions(self) -> dict[str, set[str]]:
        """Return the sign-in sessions of open streams, each with the rights it was opened with."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for stream in self:
            if stream.ticket.session:
                found[stream.ticket.session].add(stream.ticket.rights)
        return found

    def keep_only(self, asked: dict[str, set[str]], standing: dict[str, str]) -> None:
        """End the streams of sessions that were `asked` about and whose rights stand no more."""
        for stream in self:
            session, rights = stream.ticket.session, stream.ticket.rights
            if session in asked and standing.get(session) != rights:
                stream.end()

    def forget(self, now: float) -> None:
        """Forget what was told so long ago that nobody may come back to it."""
        self._known_from = max(self._known_from, now - LATELY.total_seconds())
        old = self._known_from - MARGIN
        self._latest = {topic: at for topic, at in self._latest.items() if at > old}
