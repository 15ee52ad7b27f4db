"""Where to go on to after signing in or a choice of language: a page of ours, nowhere else."""

from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from ocpizza.request import Request

FIELD = "suite"
MAX_LENGTH = 500


def return_path(request: "Request") -> str | None:
    """Return the page of ours that the query or the form names.

    Anything else is an open redirect.
    """
    return path_of_ours(request.params.get(FIELD))


def return_query(request: "Request") -> dict[str, str]:
    """Return the query that takes it along to another page."""
    path = return_path(request)
    return {FIELD: path} if path else {}


def path_of_ours(text: str | None) -> str | None:
    """Return a path of this site to go on to.

    None for anything else, which would be an open redirect.
    """
    path = text or ""
    # Decoded as often as servers and browsers might, so that nothing hides in percent signs.
    once = unquote(path)
    ours = len(path) <= MAX_LENGTH and all(map(_looks_ours, (path, once, unquote(once))))
    return path if ours else None


def _looks_ours(path: str) -> bool:
    odd = "//" in path or "\\" in path
    return path.startswith("/") and path.isascii() and path.isprintable() and not odd
