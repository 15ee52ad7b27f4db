"""How the text of a setting becomes its value; ValueError says what was expected."""

import configparser
import ipaddress
import re
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from ocpizza.domain.email_address import normal_email

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# How long before its erasure the owner of an account is told.
NOTICE_DAYS = 30
DATABASE_URL = re.compile(
    r"postgresql\+psycopg://(.*@)?(\[[\da-fA-F:.]+\]|[^/:@\[\]]*)(:\d+)?/[^/?]+(\?.*)?|sqlite:///.+"
)
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


class Security(StrEnum):
    """How the connection to the SMTP server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


def boolean(value: str) -> bool:
    try:
        return configparser.ConfigParser.BOOLEAN_STATES[value.lower()]
    except KeyError:
        raise ValueError("expected yes or no") from None


def positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError("expected 1 or more")
    return number


def not_negative(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError("expected 0 or more")
    return number


def more_than_notice(value: str) -> int:
    days = int(value)
    if days <= NOTICE_DAYS:
        raise ValueError(f"expected more than {NOTICE_DAYS}")
    return days


def site_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise ValueError("expected an address such as https://www.ocpizza.fr")
    return value


def endpoint(value: str) -> str:
    parts = urlsplit(value)
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not (here or parts.scheme == "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected an https address; plain http reaches this machine only")
    return value.rstrip("/")


def graph_version(value: str) -> str:
    if not re.fullmatch(r"v[0-9]{1,3}\.[0-9]{1,2}", value):
        raise ValueError("expected a version such as v24.0")
    return value


def web_page(value: str) -> str:
    endpoint(value)
    return value


def other_database(value: str) -> str:
    if value and not DATABASE_URL.fullmatch(value):
        raise ValueError("expected a database such as postgresql+psycopg://reader@host/ocpizza")
    return value


def host_and_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ValueError("expected an address and a port such as 127.0.0.1:6543")
    return value


def host_names(value: str) -> tuple[str, ...]:
    names = tuple(value.lower().replace(",", " ").split())
    if wrong := [name for name in names if not HOST_NAME.fullmatch(name)]:
        raise ValueError(f"expected names such as ocpizza.fr, not {wrong[0]}")
    return names


def networks(value: str) -> tuple[Network, ...]:
    networks = tuple(map(ipaddress.ip_network, value.replace(",", " ").split()))
    if any(network.prefixlen == 0 for network in networks):
        raise ValueError("expected the networks of proxies, not everybody")
    return networks


def email(value: str) -> str:
    address = normal_email(value)
    if address is None:
        raise ValueError("expected an e-mail address that can be written to")
    return address


def email_or_none(value: str) -> str:
    return email(value) if value else ""


def dsn(value: str) -> str:
    """Whom to send to, and with which key."""
    if not value:
        return ""
    parts = urlsplit(value)
    try:
        endpoint(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")
        right = parts.port != 0 and re.fullmatch(r"[\w-]+", parts.username or "", re.ASCII)
    except ValueError:
        right = None
    project = parts.path.rpartition("/")[2]
    if not right or not re.fullmatch("[0-9]+", project) or parts.query or parts.fragment:
        raise ValueError("expected a DSN such as https://KEY@o0.ingest.sentry.io/123")
    return value


def environment(value: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,64}", value, re.ASCII):
        raise ValueError("expected a word such as production")
    return value


def recipient(value: str) -> str:
    if value and not re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", value):
        raise ValueError("expected a public key that age-keygen made: age1…")
    return value


def program(value: str) -> str:
    if value and not Path(value).is_absolute():
        raise ValueError("expected the whole path of a program")
    return value
