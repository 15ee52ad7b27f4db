"""A provider of identities on loopback, as strict as the real ones and as bad as a test wants.

It checks what RFC 6749 and RFC 7636 let it check: the client's secret, the address to come back to,
the code (once) and its verifier. `answers` replaces what a path answers.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from ocpizza.domain.identity import Challenge
from ocpizza.settings import SETTINGS

RETURN = "https://www.ocpizza.fr/connexion/retour"
CHALLENGE = Challenge("state-" + "s" * 37, "verifier-" + "v" * 40)
DEFAULTS: dict[str, Any] = {
    setting.name: setting.default
    for setting in SETTINGS
    if setting.name.startswith(("google.", "facebook."))
}
CLIENT, SECRET = "shop", "s3cr3t-of-the-shop"
ALICE = {
    "sub": "google-alice",
    "email": "alice@example.org",
    "email_verified": True,
    "given_name": "Alice",
    "family_name": "Bernard",
}
ALICE_OF_FACEBOOK = {
    "id": "1001",
    "email": "alice@example.org",
    "first_name": "Alice",
    "last_name": "Bernard",
}
Write = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Request:
    """What was asked of the provider."""

    method: str
    path: str
    query: dict[str, str]
    fields: dict[str, str]
    headers: Any


@dataclass
class Provider:
    """A running provider. `person` is who signs in there next."""

    address: str
    person: dict[str, Any] = field(default_factory=lambda: dict(ALICE))
    answers: dict[str, Write] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    codes: dict[str, tuple[dict[str, str], dict[str, Any]]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """Settings that make the shop use this provider for both."""
        return {
            "google.client_id": CLIENT,
            "google.client_secret": SECRET,
            "google.authorization_url": f"{self.address}/authorize",
            "google.token_url": f"{self.address}/token",
            "google.userinfo_url": f"{self.address}/userinfo",
            "facebook.client_id": CLIENT,
            "facebook.client_secret": SECRET,
            "facebook.dialog_url": self.address,
            "facebook.graph_url": self.address,
        }

    def agree(self, url: str) -> dict[str, str]:
        """The person agrees on the page at `url`: the parameters that they come back with."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked, dict(self.person)
        return {"code": code, "state": asked["state"], "scope": "email", "authuser": "0"}

    def issue_token(self, asked: Request) -> tuple[int, dict[str, Any]]:
        request, person = self.codes.pop(asked.fields.get("code", ""), ({}, {}))
        right = (
            request
            and self._knows_client(asked)
            and asked.fields.get("redirect_uri") == request["redirect_uri"]
            and _challenge(asked.fields.get("code_verifier", "")) == request["code_challenge"]
        )
        if not right:
            return 400, {"error": "invalid_grant", "error_description": f"{asked.fields}"}
        token = secrets.token_urlsafe(16)
        self.tokens[token] = person
        return 200, {"access_token": token, "token_type": "bearer", "expires_in": 3600}

    def tell(self, asked: Request) -> tuple[int, dict[str, Any]]:
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        if token in self.tokens and not asked.query.get("access_token"):
            return 200, self.tokens[token]
        return 401, {"error": "invalid_token"}

    def _knows_client(self, asked: Request) -> bool:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked.headers.get("Authorization") == f"Basic {basic}":
            return "client_secret" not in asked.fields
        return asked.fields.get("client_secret") == SECRET


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider on a free port of loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()


class Handler(BaseHTTPRequestHandler):
    """Records each request and answers it."""

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer(dict(parse_qsl(body)))

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def _answer(self, fields: dict[str, str]) -> None:
        provider = self.server.provider
        parts = urlsplit(self.path)
        asked = Request(
            self.command, parts.path, dict(parse_qsl(parts.query)), fields, self.headers
        )
        provider.requests.append(asked)
        step = "token" if parts.path.endswith(("/token", "/access_token")) else "person"
        if step in provider.answers:
            provider.answers[step](self)
            return
        status, answer = provider.issue_token(asked) if step == "token" else provider.tell(asked)
        say(status, json.dumps(answer))(self)


def say(status: int, text: str | bytes, **headers: str) -> Write:
    """An answer with this status and body."""
    content = text.encode() if isinstance(text, str) else text

    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return write


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """No answer at all."""
    handler.close_connection = True


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def with_query(path: str, **parameters: str) -> str:
    """An address with these parameters."""
    return f"{path}?{urlencode(parameters)}"
