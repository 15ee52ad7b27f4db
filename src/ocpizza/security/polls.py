"""What pages ask by themselves, with nobody there: live parts, and reloads without JavaScript."""

# In the query of a page that reloads itself.
RELOADED = "actualisation"


# What a telephone fetches to keep it, whenever the board beside it changes.
KEPT = frozenset({"deliveries_copy"})
# What a telephone sends, and sends again by itself until it is heard.
SENT_AGAIN = frozenset({"deliveries_tap"})


def asks_by_itself(route: str) -> bool:
    """Return whether pages ask for a route with nobody there: that keeps nobody signed in."""
    return is_poll(route) or route in KEPT


def is_poll(route: str) -> bool:
    """Return whether a route gives the part of a page that changes."""
    return route.endswith("_state")
