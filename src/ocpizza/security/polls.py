"""What pages ask by themselves, with nobody there: live parts, and reloads without JavaScript."""

# In the query of a page that reloads itself.
RELOADED = "actualisation"


def is_poll(route: str) -> bool:
    """Return whether a route gives the part of a page that changes."""
    return route.endswith("_state")
