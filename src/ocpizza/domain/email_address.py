"""The one grammar of e-mail addresses: those that every mail server takes, as they are kept."""

import re

import idna

from ocpizza.domain.plain_text import compatible

MAX_LENGTH = 254
# RFC 5321: a dot-string; nobody has the quoted ones that it allows besides.
ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL_PART = re.compile(rf"(?=.{{1,64}}$){ATOM}(\.{ATOM})*")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"({LABEL}\.)+(?=[^.]*[a-z]){LABEL}")


def normal_email(typed: str | None) -> str | None:
    """Return an address as it is kept and written to (lower case, IDNA), None if it cannot be
    written.

    Letters beyond ASCII before the @ would need SMTPUTF8, which many relays lack; what begins an
    encoded word would be decoded in a header.
    """
    local, _, domain = compatible(typed or "").lower().rpartition("@")
    written = _ascii(domain)
    if not LOCAL_PART.fullmatch(local) or "=?" in local or not DOMAIN.fullmatch(written):
        return None
    address = f"{local}@{written}"
    return address if len(address) <= MAX_LENGTH else None


def normal_identifier(typed: str) -> str:
    """Return what somebody signs in with, an e-mail address or not, as it is kept."""
    return normal_email(typed) or compatible(typed).lower()


def _ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except UnicodeError:
        return ""
