"""Which addresses are secret, and how logs write them. The one place that says so.

The address of an order's page, of a link sent by mail, or of somebody back from a provider, is a
key; that of a menu may tell of somebody's health or faith, by what they do not eat. nginx's
`http.conf` holds the same rules (`tests/nginx` compares).
"""

import re
from urllib.parse import unquote

# An address (path and query) that matches is written as what follows; the first that does.
# The syntax is what Python and nginx's PCRE share.
RULES: tuple[tuple[str, str], ...] = (
    ("^/suivi/[^/?]+", "/suivi/(hidden)"),
    ("^/mot-de-passe/[^/?]+", "/mot-de-passe/(hidden)"),
    ("^/compte/confirmer/[^/?]+", "/compte/confirmer/(hidden)"),
    ("^/connexion/google/retour", "/connexion/google/retour?(hidden)"),
    ("^/connexion/facebook/retour", "/connexion/facebook/retour?(hidden)"),
    # Where one is, and what is looked for: typed freely, or kept from by an allergy.
    ("^/[?]", "/?(hidden)"),
    ("^/pizzeria/[^?]*[?]", "/pizzeria/(hidden)"),
    # Whatever is as long as a token, wherever it stands and however it is written.
    ("(%[0-9A-Fa-f][0-9A-Fa-f]|[0-9A-Za-z_-]){43}", "(hidden)"),
    # An e-mail address that somebody put where none is expected.
    ("@|%40", "(hidden)"),
)
_RULES = tuple((re.compile(pattern), shown) for pattern, shown in RULES)


def shown_address(address: str) -> str:
    """Return an address of ours as logs may have it."""
    for written in (address, unquote(address)):
        for pattern, shown in _RULES:
            if pattern.search(written):
                return shown
    return address
