"""Where requests come from, as far as one can tell people apart by it."""

import ipaddress

# The network that one home or one phone is given; it may change the rest at will (RFC 6177).
IPV6_PREFIX = 64
UNKNOWN = "0.0.0.0"  # noqa: S104  (nobody's address, but one)


def network_of(address: str | None) -> str:
    """Return an IPv4 address as it is, an IPv6 address as its /64; UNKNOWN for what is neither."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return UNKNOWN
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    # A zone (fe80::1%eth0) says nothing to others.
    return str(ipaddress.IPv6Network((int(found), IPV6_PREFIX), strict=False))
