"""Events handed to Sentry's own library, which sends them on a thread of its own.

The only module that knows it: imported where there is a DSN, and somebody to be told.
"""

from pathlib import Path
from typing import Any

import structlog
from sentry_sdk import Client
from sentry_sdk.transport import HttpTransport

from ocpizza import __version__
from ocpizza.error_reports.event import Event

# What an event may consist of; the library adds to it what it likes.
PARTS = (
    "event_id",
    "timestamp",
    "level",
    "platform",
    "release",
    "environment",
    "transaction",
    "tags",
    "contexts",
    "logentry",
    "exception",
)
MAX_WAITING = 30
# Where Debian keeps the authorities that it trusts, those of the administrator's too.
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
TAKEN = "taken"
log = structlog.get_logger()


class Post:
    """Sends events, one after the other; what does not arrive, or finds no room, is lost."""

    def __init__(self, dsn: str, environment: str) -> None:
        self._client = Client(
            dsn=dsn,
            release=f"ocpizza@{__version__}",
            environment=environment,
            transport=Transport,
            transport_queue_size=MAX_WAITING,
            ca_certs=str(AUTHORITIES) if AUTHORITIES.exists() else None,
            before_send=_with_known_parts,
            default_integrations=False,
            auto_enabling_integrations=False,
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            server_name="",
            send_client_reports=False,
            auto_session_tracking=False,
            enable_backpressure_handling=False,
            spotlight=False,
            debug=False,
        )

    def try_out(self, event: Event, seconds: float) -> str:
        """Send an event and return what became of it, for somebody who waits for that."""
        if isinstance(transport := self._client.transport, Transport):
            transport.is_tried_out = True
        self.send(event)
        self.flush(seconds)
        return self.said

    @property
    def said(self) -> str:
        """What became of the last event: TAKEN, why not, or nothing yet."""
        transport = self._client.transport
        return transport.said if isinstance(transport, Transport) else ""

    def send(self, event: Event) -> None:
        self._client.capture_event(event)  # type: ignore[arg-type]

    def flush(self, seconds: float) -> None:
        self._client.flush(timeout=seconds)

    def close(self) -> None:
        self._client.close(timeout=0)


class Transport(HttpTransport):
    """Asks once, not for long, and notes what became of it."""

    TIMEOUT = 5
    said = ""
    is_tried_out = False

    def _get_pool_options(self) -> dict[str, Any]:
        return super()._get_pool_options() | {"retries": False}

    def _request(self, *arguments: Any) -> Any:
        try:
            response = super()._request(*arguments)
        except Exception as error:
            self._note(f"{type(error).__name__}: {error}"[:300])
            raise
        self._note(TAKEN if 200 <= response.status < 300 else f"HTTP {response.status}")
        return response

    def on_dropped_event(self, reason: str) -> None:
        if reason == "self_rate_limits":
            self._note("it asked for silence a moment ago")

    def _note(self, said: str) -> None:
        """A Sentry that fails is told of once, until it is well again."""
        was_well, well = self.said in ("", TAKEN), said == TAKEN
        self.said = said
        if self.is_tried_out:
            return
        if was_well and not well:
            log.warning("Sentry takes no reports", reason=said)
        elif well and not was_well:
            log.warning("Sentry takes reports again")


def _with_known_parts(event: Any, _hint: Any) -> Any:
    return {name: event[name] for name in PARTS if name in event}
