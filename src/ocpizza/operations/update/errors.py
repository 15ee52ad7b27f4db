"""What an update says when it cannot be."""

from ocpizza.operations.deploy.host import Failed


class UpdateError(Failed):
    """The update is refused or failed; the message says why in one line."""


# As many as a line holds.
NAMED = 4


def few(names: list[str], between: str = ", ") -> str:
    """Return what fits in a line: the first ones, and how many more there are."""
    shown = [name.encode(errors="backslashreplace").decode() for name in names[:NAMED]]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return between.join(shown) + more
