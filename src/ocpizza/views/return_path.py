"""Where to go on to after signing in: a page of ours that was asked for, nowhere else."""

from urllib.parse import unquote

FIELD = "suite"
LONGEST = 500


def return_path(request) -> str | None:
    """The page of ours that the query or the form names; anything else is an open redirect."""
    path = request.params.get(FIELD, "")
    return path if _is_ours(path) else None


def return_query(request) -> dict[str, str]:
    """The query that takes it along to another page."""
    path = return_path(request)
    return {FIELD: path} if path else {}


def _is_ours(path: str) -> bool:
    # Decoded as often as servers and browsers might, so that nothing hides in percent signs.
    once = unquote(path)
    return len(path) <= LONGEST and all(map(_looks_ours, (path, once, unquote(once))))


def _looks_ours(path: str) -> bool:
    odd = "//" in path or "\\" in path
    return path.startswith("/") and path.isascii() and path.isprintable() and not odd
