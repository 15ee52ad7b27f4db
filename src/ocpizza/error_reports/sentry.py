"""Sentry as it is told: seldom enough, by a post that each process opens for itself."""

from collections.abc import Hashable, Mapping
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any

from ocpizza.error_reports.event import Event, make_event
from ocpizza.error_reports.flood import Flood
from ocpizza.error_reports.reporter import NotTaken
from ocpizza.settings import Settings

if TYPE_CHECKING:
    from ocpizza.error_reports.post import Post

# How long a try may take: somebody is waiting for it.
PATIENCE_SECONDS = 12.0
# Of the reports themselves; and of connections that a database dropped: that is told elsewhere.
UNTOLD = ("sentry_sdk", "urllib3", "sqlalchemy.pool")


class SentryReporter:
    """Tells Sentry."""

    told = True

    def __init__(self, settings: Settings, task: str) -> None:
        self.task = task
        self._address = settings["supervision.sentry_dsn"], settings["supervision.environment"]
        self.start_anew()

    def start_anew(self) -> None:
        self._lock, self._flood = Lock(), Flood()
        self._post: Post | None = None

    def report(self, line: Mapping[str, Any]) -> None:
        # Whoever fails has trouble enough.
        with suppress(Exception):
            if getattr(line.get("_record"), "name", "").startswith(UNTOLD):
                return
            event = make_event(line, self.task)
            if self._flood.passes(_kind(event)):
                self._opened().send(event)

    def try_out(self) -> str:
        from ocpizza.error_reports.post import TAKEN

        event = make_event({}, self.task) | {"logentry": {"message": "a report to try it out"}}
        said = self._opened().try_out(event, PATIENCE_SECONDS)
        if said != TAKEN:
            raise NotTaken(f"Sentry did not take the report: {said or 'no answer'}")
        return str(event["event_id"])

    def load(self) -> None:
        self._opened()

    def finish(self, seconds: float) -> None:
        if self._post is not None:
            self._post.flush(seconds)

    def close(self) -> None:
        if self._post is not None:
            self._post.close()

    def _opened(self) -> "Post":
        with self._lock:
            if self._post is None:
                from ocpizza.error_reports.post import Post

                self._post = Post(*self._address)
            return self._post


def _kind(event: Event) -> Hashable:
    """What makes two events the same: their text, and where the error was raised."""
    text = event.get("logentry", {}).get("message")
    if "exception" not in event:
        return (text,)
    last = event["exception"]["values"][-1]
    where = [(frame["filename"], frame["lineno"]) for frame in last["stacktrace"]["frames"][-1:]]
    return (text, last["type"], *where)
