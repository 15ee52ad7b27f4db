"""Security headers of every answer."""

from collections.abc import Mapping
from functools import cache

from pyramid.config import Configurator
from pyramid.events import NewResponse

from ocpizza.request import Request
from ocpizza.security.sessions import has_cookie

# Pages with « Continuer avec Google »: Chromium holds redirects after a post against form-action.
PAGES_WITH_PROVIDERS = ("sign_in", "sign_up", "account_sign_in_ways", "account_proof")
SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# What is about one person, or opens with an address alone; a cookie need not be there.
SECRET = ("/suivi", "/mot-de-passe", "/compte", "/equipe", "/connexion")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def policy(more: Mapping[str, str]) -> str:
    """Return the content security policy, with more sources for a page that needs them."""
    kinds = SOURCES | {kind: f"{SOURCES.get(kind, '')} {more[kind]}".strip() for kind in more}
    return "; ".join(f"{kind} {sources}" for kind, sources in kinds.items())


@cache
def content_policy(form_targets: tuple[str, ...] = ()) -> str:
    """Return the same for most pages; `form_targets` are sites that a form may lead to."""
    return policy({"form-action": " ".join(form_targets)})


def form_targets(request: Request) -> tuple[str, ...]:
    """Return the providers' own sites, on the pages that send people there."""
    route = getattr(request, "matched_route", None)
    if route is None or route.name not in PAGES_WITH_PROVIDERS:
        return ()
    return tuple(provider.form_target for provider in request.providers)


def is_secret(request: Request) -> bool:
    """Return whether nobody may keep the answer, be the address right or wrong."""
    path: str = request.environ.get("PATH_INFO", "")
    return path.startswith(SECRET)


def add_headers(event: NewResponse) -> None:
    policy = content_policy(form_targets(event.request))
    event.response.headers.setdefault("Content-Security-Policy", policy)
    for name, value in HEADERS.items():
        event.response.headers.setdefault(name, value)
    kept_by_nobody = "no-store" in event.response.headers.get("Cache-Control", "")
    if is_secret(event.request) and not kept_by_nobody:
        event.response.headers["Cache-Control"] = "no-store"
    if event.response.content_type == "text/html":
        # A browser going back shows a stale basket unless the page was not to be kept at all.
        personal = has_cookie(event.request) or event.request.method == "POST"
        keep = "no-store" if personal else "no-cache, private"
        event.response.headers.setdefault("Cache-Control", keep)
        event.response.headers.add("Vary", "Cookie, Accept-Language")
        event.response.headers.setdefault("Content-Language", event.request.locale_name)


def includeme(config: Configurator) -> None:
    config.add_subscriber(add_headers, NewResponse)
