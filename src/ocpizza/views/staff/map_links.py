"""Where a telephone opens an address in its own map, with nothing of anybody else's on our page."""

from urllib.parse import quote


def map_link(address: str, user_agent: str | None) -> str:
    """Return the link that shows an address: in the map of a telephone, else in a browser.

    `geo:` lets Android ask which map; iPhones open none by it, but their own by Apple's address.
    """
    asked, place = user_agent or "", quote(address, safe="")
    if "Android" in asked:
        return f"geo:0,0?q={place}"
    if "iPhone" in asked or "iPad" in asked:
        return f"https://maps.apple.com/?daddr={place}"
    return f"https://www.openstreetmap.org/search?query={place}"
