"""Who a request is from where proxies stand between: their word counts, if they are trusted."""

import ipaddress
from collections.abc import MutableMapping, Sequence
from typing import Any

from ocpizza.setting_values import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NOBODY = "0.0.0.0"  # noqa: S104  (nobody's address, but one)
FORWARDED = ("FOR", "PROTO", "HOST", "PORT", "SSL", "PROTOCOL", "PREFIX", "BY")
SCHEMES = ("http", "https")


def put_right(environ: MutableMapping[str, Any], trusted: Sequence[Network]) -> None:
    """Make address and scheme of a request the visitor's, and take out whatever else was said.

    A peer without an address of its own is on the unix socket: that is nginx, which has judged its
    peers already and whose scheme gunicorn takes. Any other is believed if it is `trusted`.
    """
    told = environ.pop("HTTP_X_REAL_IP", "")
    forwarded = {name: environ.pop(f"HTTP_X_FORWARDED_{name}", "") for name in FORWARDED}
    environ.pop("HTTP_FORWARDED", None)
    peer = environ.get("REMOTE_ADDR")
    if not peer:
        environ["REMOTE_ADDR"] = str(read_address(told) or NOBODY)
    elif is_trusted(read_address(peer), trusted):
        environ["REMOTE_ADDR"] = nearest_stranger(peer, forwarded["FOR"], trusted)
        if forwarded["PROTO"] in SCHEMES:
            environ["wsgi.url_scheme"] = forwarded["PROTO"]


def nearest_stranger(peer: str, chain: str, trusted: Sequence[Network]) -> str:
    """Return the last address of a chain that is none of our proxies: anybody may have written the
    rest.

    `chain` is what X-Forwarded-For says, each proxy having added at the right who spoke to it.
    """
    found = peer
    for text in reversed(chain.split(",")):
        address = read_address(text)
        if address is None:
            break
        found = str(address)
        if not is_trusted(address, trusted):
            break
    return found


def is_trusted(address: Address | None, trusted: Sequence[Network]) -> bool:
    """Return whether a proxy of ours has this address."""
    return address is not None and any(address in network for network in trusted)


def read_address(text: str) -> Address | None:
    """Return the address that a proxy wrote, with or without a port; None for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
