"""authomatic's Google and Facebook, what is unsafe in 1.3.0 replaced. Nobody else imports it.

Not used of it: its cookie (pickle, SHA-1), `user_state` (unsigned), its HTTP client (no time-out,
follows redirects with our secrets, reads XML), its log (bodies and tokens), Facebook's picture
(over http) and fixed Graph version. PKCE and the state are per request, never in its shared config.
"""

import hmac
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from authomatic import core
from authomatic.exceptions import CancellationError
from authomatic.providers import AuthorizationProvider, oauth2

from ocpizza.identity.exchange import exchange
from ocpizza.identity.provider import BadAnswer, Declined, IdentityError

# Importing it makes it write to standard output.
core._logger.handlers.clear()
_silence = logging.getLogger(__name__ + ".authomatic")
_silence.addHandler(logging.NullHandler())
_silence.propagate = False


class Answer:
    """What the rest of authomatic reads of an answer; only JSON with status 200 gets this far."""

    status = 200
    content = ""  # it puts this into messages

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.httplib_response = self


class Hardened(oauth2.OAuth2):
    """What both providers do differently from authomatic."""

    # The state is then the random value alone.
    supports_user_state = False

    @staticmethod
    def csrf_generator(secret: str) -> str:
        # Its own is 20 hexadecimal digits of MD5; `log_in` gives ours as the secret.
        return secret

    def use_endpoints(self) -> None:
        """Ours from the settings instead of those of its day."""
        (self.user_authorization_url, self.access_token_url, self.user_info_url) = self._kwarg(
            {}, "endpoints"
        )

    def _session_get(self, key: str) -> str | None:
        """Return the state, taken out of the session, if it is the one that came back.

        authomatic compares with `==` and leaves it there: it is given equal values or None.
        """
        kept = self.session.pop(self._session_key(key), "")
        came_back = self.params.get("state") or ""
        same = hmac.compare_digest(kept.encode(), came_back.encode())
        return came_back if same else None

    def _fetch(
        self,
        url: str,
        method: str = "GET",
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: str = "",
        **_options: Any,
    ) -> Answer:
        """One request, to exactly this address."""
        headers, query = dict(headers or {}), urlencode(params or {})
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body, query = query, ""
        return Answer(exchange(url, method, query, body, headers))

    def _update_or_create_user(
        self, _data: Any, credentials: core.Credentials | None = None, content: Any = None
    ) -> core.User:
        """authomatic reads a person out of the token's answer: that is not where one is told."""
        self.user = core.User(self, credentials=credentials)
        return self.user

    @staticmethod
    def _x_credentials_parser(credentials: core.Credentials, _data: Any) -> core.Credentials:
        token = credentials.token
        if not (isinstance(token, str) and token.isascii() and token.isprintable()):
            raise BadAnswer("no token")
        # Any other spelling makes authomatic put the token into the address.
        credentials.token_type = AuthorizationProvider.BEARER
        return credentials


class Google(Hardened, oauth2.Google):
    """Google: OpenID Connect's userinfo endpoint."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.use_endpoints()


class Facebook(Hardened, oauth2.Facebook):
    """Facebook: the Graph API, asked for no more than a name and an address."""

    _x_use_authorization_header = False  # the secret goes once, in the body

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.use_endpoints()

    def access(self, url: str, params: dict[str, str] | None = None, **more: Any) -> Answer:
        """Ask the Graph API, proving that it is us who use the token (appsecret_proof)."""
        secret, token = self.consumer_secret.encode(), self.credentials.token.encode()
        proof = hmac.new(secret, token, "sha256").hexdigest()
        wanted = {"fields": "id,first_name,last_name,email", "appsecret_proof": proof}
        answer: Answer = AuthorizationProvider.access(self, url, wanted, **more)
        return answer


PREFIX = "ocpizza"
Config = dict[str, Any]  # authomatic's, of one provider
# authomatic looks its classes up in the module of their subclass.
PROVIDER_ID_MAP = [Google, Facebook]


class Adapter:
    """The request as authomatic sees it: the parameters that belong to it, at our own address.

    It would do nothing at all with a parameter too many, and build the address from Host.
    """

    KNOWN = ("code", "state", "error", "error_reason", "error_description", "error_message")

    def __init__(self, url: str, params: Mapping[str, str]) -> None:
        self.url = url
        self.params = {name: params[name] for name in self.KNOWN if name in params}
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.status = ""

    def set_header(self, name: str, value: str) -> None:
        self.headers[name] = value

    def set_status(self, status: str) -> None:
        self.status = status

    def write(self, value: str) -> None:
        """Nothing of authomatic's is shown to anybody."""


def address_to_go_to(config: Config, url: str, state: str, pkce: dict[str, str]) -> str:
    """Return the provider's page, which sends people back to `url`."""
    adapter = Adapter(url, {})
    _log_in(config, adapter, state, {}, user_authorization_params=dict(pkce))
    return adapter.headers["Location"]


def who_came_back(
    config: Config, url: str, state: str, pkce: dict[str, str], params: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the provider says of the person whom it sent back to `url` with these parameters.

    Raises Declined, ProviderDown or BadAnswer.
    """
    (name,) = config
    session = {f"{PREFIX}:{name}:csrf": state}
    adapter = Adapter(url, params)
    result = _log_in(config, adapter, state, session, access_token_params=dict(pkce))
    if result is None:
        raise BadAnswer("neither a code nor an error came back")
    provider = result.provider
    claims: dict[str, Any] = provider.access(provider.user_info_url).data
    return claims


def _log_in(config: Config, adapter: Adapter, state: str, session: Any, **more: Any) -> Any:
    """Go through authomatic once; None where it redirects, by `adapter`."""
    ((name, _),) = config.items()
    machine = core.Authomatic(
        config, secret=state, prefix=PREFIX, logger=_silence, logging_level=logging.CRITICAL + 1
    )
    result = machine.login(adapter, name, session=session, session_saver=lambda: None, **more)
    if result is not None and result.error is not None:
        raise _ours(result.error) from None
    return result


def _ours(error: Exception) -> IdentityError:
    if isinstance(error, IdentityError):
        return error
    # Without its text, which may quote tokens.
    return Declined() if isinstance(error, CancellationError) else BadAnswer(type(error).__name__)
