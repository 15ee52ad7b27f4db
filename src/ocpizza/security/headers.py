"""Security headers of every answer."""

from pyramid.events import NewResponse

from ocpizza.security.sessions import COOKIE

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def add_headers(event) -> None:
    for name, value in HEADERS.items():
        event.response.headers.setdefault(name, value)
    if event.response.content_type == "text/html":
        # A browser going back shows a stale basket unless the page was not to be kept at all.
        personal = COOKIE in event.request.cookies or event.request.method == "POST"
        keep = "no-store" if personal else "no-cache, private"
        event.response.headers.setdefault("Cache-Control", keep)
        event.response.headers.add("Vary", "Cookie, Accept-Language")
        event.response.headers.setdefault("Content-Language", event.request.locale_name)


def includeme(config):
    config.add_subscriber(add_headers, NewResponse)
