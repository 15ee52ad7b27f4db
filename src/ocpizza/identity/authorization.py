"""The real providers: an OAuth 2.0 authorization code with PKCE, then who its token belongs to.

No id_token is read. The token that opens the userinfo endpoint (or Graph's /me) comes straight from
the provider's token endpoint over TLS, for a code bound to this visitor's state, to our secret and
to their code_verifier. It never passes through a browser, so nobody can put another's in its place;
OpenID Connect Core 3.1.3.7 (6) lets TLS stand in for the signature in that very case.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ocpizza.domain.identity import Challenge, IdentityClaims
from ocpizza.identity import hardened
from ocpizza.identity.claims import read_facebook, read_google
from ocpizza.settings import Settings


@dataclass(frozen=True, slots=True)
class Authorization:
    """A provider by authomatic. `endpoints`: where people agree, get a token, say who they are."""

    name: str
    title: str
    kind: type
    client_id: str
    client_secret: str = field(repr=False)
    endpoints: tuple[str, str, str]
    scope: tuple[str, ...]
    read: Callable[[Mapping[str, Any]], IdentityClaims]
    offered: bool = True

    @property
    def form_target(self) -> str:
        """The provider's own hosts: it may go on from www to m, and Chromium checks that too."""
        parts = urlsplit(self.endpoints[0])
        _, _, domain = parts.netloc.partition(".")
        if parts.scheme == "https" and "." in domain:
            return f"https://*.{domain}"
        return f"{parts.scheme}://{parts.netloc}"

    def authorization_url(self, challenge: Challenge, return_url: str) -> str:
        """Return where to send the person (RFC 6749 4.1.1, RFC 7636 4.3)."""
        digest = hashlib.sha256(challenge.code_verifier.encode()).digest()
        code_challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        verifying = {"code_challenge": code_challenge, "code_challenge_method": "S256"}
        return hardened.address_to_go_to(self._config(), return_url, challenge.state, verifying)

    def identify(
        self, answer: Mapping[str, str], challenge: Challenge, return_url: str
    ) -> IdentityClaims:
        """Return who came back. Raises Declined, ProviderDown or BadAnswer."""
        verifying = {"code_verifier": challenge.code_verifier}
        return self.read(
            hardened.who_came_back(self._config(), return_url, challenge.state, verifying, answer)
        )

    def _config(self) -> dict[str, Any]:
        """authomatic's configuration, new each time: it writes into what it is given."""
        return {
            self.name: {
                "class_": self.kind,
                "consumer_key": self.client_id,
                "consumer_secret": self.client_secret,
                "endpoints": self.endpoints,
                "scope": list(self.scope),
            }
        }


def google(settings: Settings) -> Authorization:
    """Google by these settings."""
    places = ("authorization_url", "token_url", "userinfo_url")
    return Authorization(
        name="google",
        title="Google",
        kind=hardened.Google,
        client_id=settings["google.client_id"],
        client_secret=settings["google.client_secret"],
        endpoints=tuple(settings[f"google.{place}"] for place in places),
        scope=("openid", "email", "profile"),
        read=read_google,
    )


def facebook(settings: Settings) -> Authorization:
    """Facebook by these settings."""
    version = settings["facebook.graph_version"]
    graph = f"{settings['facebook.graph_url']}/{version}"
    return Authorization(
        name="facebook",
        title="Facebook",
        kind=hardened.Facebook,
        client_id=settings["facebook.client_id"],
        client_secret=settings["facebook.client_secret"],
        endpoints=(
            f"{settings['facebook.dialog_url']}/{version}/dialog/oauth",
            f"{graph}/oauth/access_token",
            f"{graph}/me",
        ),
        scope=("email", "public_profile"),
        read=read_facebook,
    )
