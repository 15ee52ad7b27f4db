"""Stands in for Google and Facebook in the demo: oidc-provider-mock behind a small Graph API.

It listens where `google.authorization_url` says, on this machine only. Anybody may be anybody here.
"""

import logging
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import waitress

from ocpizza.demo.peers import end_with_the_shop
from ocpizza.settings import load_settings

with warnings.catch_warnings(record=True):  # of its libraries about each other
    import flask
    import oidc_provider_mock

PEOPLE = (
    ("lea.martin@example.org", "Léa", "Martin"),
    ("karim.benali@example.org", "Karim", "Benali"),
    ("chloe.dubois@example.org", "Chloé", "Dubois"),
)
GRAPH = re.compile(r"/v\d+\.\d+/(dialog/oauth|oauth/access_token|me)")
OPENID = {"dialog/oauth": "/oauth2/authorize", "oauth/access_token": "/oauth2/token"}
Environ = dict[str, Any]


def application() -> flask.Flask:
    """The provider, with pages of our own that say what it is."""
    people = [
        oidc_provider_mock.User(
            sub=email,
            claims={
                "email": email,
                "email_verified": True,
                "given_name": first_name,
                "family_name": last_name,
                "name": f"{first_name} {last_name}",
            },
        )
        for email, first_name, last_name in PEOPLE
    ]
    app = flask.Flask("stand_in", template_folder=str(Path(__file__).parent / "templates"))
    app.secret_key = os.urandom(16)
    oidc_provider_mock.init_app(app, user_claims=people)
    app.debug = False
    return app


def with_graph(provider: flask.Flask) -> Callable[[Environ, Any], Iterable[bytes]]:
    """The provider, also at the addresses and in the words of the Graph API."""

    def answer(environ: Environ, start_response: Any) -> Iterable[bytes]:
        step = GRAPH.fullmatch(environ["PATH_INFO"])
        if step and step[1] == "me":
            return _me(provider, environ)(environ, start_response)
        if step:
            environ["PATH_INFO"] = OPENID[step[1]]
            environ["QUERY_STRING"] = _scopes_of_openid(environ["QUERY_STRING"])
        return provider.wsgi_app(environ, start_response)

    return answer


def _scopes_of_openid(query: str) -> str:
    fields = {name: values[0] for name, values in parse_qs(query).items()}
    return urlencode(fields | {"scope": "openid email profile"} if "scope" in fields else fields)


def _me(provider: flask.Flask, environ: Environ) -> flask.Response:
    """Graph's user from the provider's userinfo."""
    headers = {"Authorization": environ.get("HTTP_AUTHORIZATION", "")}
    said = provider.test_client().get("/userinfo", headers=headers)
    with provider.app_context():
        if said.status_code != 200:
            return flask.make_response({"error": {"type": "OAuthException"}}, 400)
        names = {
            "id": "sub",
            "email": "email",
            "first_name": "given_name",
            "last_name": "family_name",
        }
        known = {ours: said.json[theirs] for ours, theirs in names.items() if theirs in said.json}
        return flask.make_response(known)


def main() -> None:
    settings = load_settings(Path(os.environ["OCPIZZA_CONFIG"]))
    place = urlsplit(settings["google.authorization_url"])
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # this machine only
    logging.disable(logging.INFO)
    Thread(target=end_with_the_shop, daemon=True).start()
    try:
        waitress.serve(with_graph(application()), host="127.0.0.1", port=place.port, _quiet=True)
    except OSError as error:
        sys.exit(f"no sign-in with Google or Facebook: port {place.port}: {error.strerror}")


if __name__ == "__main__":
    main()
