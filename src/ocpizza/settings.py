"""Every setting, its type, default and meaning: the only reader of ini files and environment."""

import configparser
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ocpizza.domain.email_address import normal_email

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Settings = dict[str, Any]
# How long before its erasure the owner of an account is told.
NOTICE_DAYS = 30
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


class SettingError(ValueError):
    """A setting is missing, unknown or wrong; the message says which and what to do."""


def _boolean(value: str) -> bool:
    try:
        return configparser.ConfigParser.BOOLEAN_STATES[value.lower()]
    except KeyError:
        raise ValueError("expected yes or no") from None


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError("expected 1 or more")
    return number


def _not_negative(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError("expected 0 or more")
    return number


def _more_than_notice(value: str) -> int:
    days = int(value)
    if days <= NOTICE_DAYS:
        raise ValueError(f"expected more than {NOTICE_DAYS}")
    return days


def _address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise ValueError("expected an address such as https://www.ocpizza.fr")
    return value


def _endpoint(value: str) -> str:
    parts = urlsplit(value)
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not (here or parts.scheme == "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("expected an https address; plain http reaches this machine only")
    return value.rstrip("/")


def _graph_version(value: str) -> str:
    if not re.fullmatch(r"v[0-9]{1,3}\.[0-9]{1,2}", value):
        raise ValueError("expected a version such as v24.0")
    return value


def _web_page(value: str) -> str:
    _endpoint(value)
    return value


def _host_and_port(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise ValueError("expected an address and a port such as 127.0.0.1:6543")
    return value


def _host_names(value: str) -> tuple[str, ...]:
    names = tuple(value.lower().replace(",", " ").split())
    if wrong := [name for name in names if not HOST_NAME.fullmatch(name)]:
        raise ValueError(f"expected names such as ocpizza.fr, not {wrong[0]}")
    return names


def _networks(value: str) -> tuple[Network, ...]:
    networks = tuple(map(ipaddress.ip_network, value.replace(",", " ").split()))
    if any(network.prefixlen == 0 for network in networks):
        raise ValueError("expected the networks of proxies, not everybody")
    return networks


def _email(value: str) -> str:
    address = normal_email(value)
    if address is None:
        raise ValueError("expected an e-mail address that can be written to")
    return address


def _email_or_none(value: str) -> str:
    return _email(value) if value else ""


def _recipient(value: str) -> str:
    if value and not re.fullmatch(r"age1[02-9ac-hj-np-z]{58}", value):
        raise ValueError("expected a public key that age-keygen made: age1…")
    return value


def _program(value: str) -> str:
    if value and not Path(value).is_absolute():
        raise ValueError("expected the whole path of a program")
    return value


class Security(StrEnum):
    """How the connection to the SMTP server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class Setting:
    """How one setting is read. `name` is « section.key » of the ini file."""

    name: str
    read: Callable[[str], Any]
    default: str | None
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable that wins over the ini file."""
        return "OCPIZZA_" + self.name.replace(".", "_").upper()


@dataclass(frozen=True)
class Written:
    """The text of a setting, and the file whose folder its relative path starts from."""

    text: str
    file: Path


# https://accounts.google.com/.well-known/openid-configuration
GOOGLE_AUTHORIZATION = "https://accounts.google.com/o/oauth2/v2/auth"
GOOGLE_TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105  (an address)
GOOGLE_USERINFO = "https://openidconnect.googleapis.com/v1/userinfo"

SETTINGS = (
    Setting("system.user", str, "", "whom root's commands become before they start; empty: nobody"),
    Setting("folders.state", Path, "var", "what the program keeps: keys, collected static files"),
    Setting("folders.static", Path, "var/static", "static files collected for nginx"),
    Setting("folders.logs", Path, "var/log", "logs of deployments"),
    Setting("folders.overlay", Path, "var/overlay", "what updates put over the program's own"),
    Setting("folders.backups", Path, "var/backups", "archives that `ocpizza backup` writes"),
    Setting("backup.keep", _positive, "12", "archives that are kept; older ones go"),
    Setting("backup.recipient", _recipient, "", "age's public key to encrypt for; empty: do not"),
    Setting("backup.copy", _program, "", "program that copies the archive it is given elsewhere"),
    Setting("database.url", str, None, "SQLAlchemy URL of the database"),
    Setting("database.pool_size", _positive, "5", "connections kept by each process"),
    Setting("database.migrations", Path, "alembic", "folder of the alembic migrations"),
    Setting("server.listen", _host_and_port, "127.0.0.1:6543", "where `ocpizza serve` listens"),
    Setting("server.socket", Path, "var/gunicorn.sock", "socket of gunicorn outside of systemd"),
    Setting("server.workers", _not_negative, "0", "processes of gunicorn; 0: one more than cores"),
    Setting("server.threads", _positive, "4", "requests that each process answers at a time"),
    Setting("site.url", _address, "http://127.0.0.1:6543", "address of the shop, for mail"),
    Setting("site.hosts", _host_names, "", "its other names; visitors of any other go to site.url"),
    Setting(
        "proxy.trusted",
        _networks,
        "",
        "networks of the proxies that tell who visits, such as 10.0.0.0/8, 2001:db8::/32; then run "
        "`ocpizza deploy`; empty: nobody's word counts",
    ),
    Setting("mail.host", str, "", "SMTP server; empty: no mail is sent"),
    Setting("mail.port", _positive, "25", "port of the SMTP server"),
    Setting("mail.security", Security, "none", "none, starttls or tls"),
    Setting("mail.user", str, "", "who signs in to the SMTP server; empty: nobody does"),
    Setting("mail.password", str, "", "password of mail.user"),
    Setting("mail.sender", _email, "commandes@ocpizza.fr", "address that mail comes from"),
    Setting("legal.publisher", str, "", "code of the company that runs the site; empty: the first"),
    Setting("legal.form", str, "", "its form and capital, such as SAS au capital de 10 000 €"),
    Setting("legal.register", str, "", "its registration, such as RCS Paris 123 456 789"),
    Setting("legal.director", str, "", "who answers for what the site publishes"),
    Setting("legal.phone", str, "", "telephone of the publisher"),
    Setting("legal.email", _email_or_none, "", "e-mail of the publisher, also for personal data"),
    Setting("legal.host", str, "", "who hosts the site: name, address, telephone"),
    Setting("legal.mediator", str, "", "consumers' mediator: name, address, site"),
    Setting("session.secret_file", Path, None, "file of the cookie key, made when missing"),
    Setting("session.days", _positive, "30", "days after which an unused cookie or basket expires"),
    Setting(
        "orders.unpaid_cents",
        _positive,
        "15000",
        "cents of unpaid orders that one visitor may have at a restaurant without a call",
    ),
    Setting(
        "orders.unpaid_pizzas",
        _positive,
        "12",
        "pizzas of unpaid orders that one visitor may have at a restaurant without a call",
    ),
    Setting("stripe.secret_key", str, "", "Stripe's secret key; empty: nothing is paid online"),
    Setting("stripe.publishable_key", str, "", "Stripe's publishable key, for the payment page"),
    Setting("stripe.webhook_secret", str, "", "what Stripe signs its events with"),
    Setting("stripe.api_url", _endpoint, "https://api.stripe.com", "where Stripe answers"),
    Setting("stripe.js_url", _web_page, "https://js.stripe.com/v3/", "Stripe's script"),
    Setting("google.client_id", str, "", "the shop at Google; empty: no sign-in with Google"),
    Setting("google.client_secret", str, "", "its secret at Google"),
    Setting("google.authorization_url", _endpoint, GOOGLE_AUTHORIZATION, "where people say yes"),
    Setting("google.token_url", _endpoint, GOOGLE_TOKEN, "where a code becomes a token"),
    Setting("google.userinfo_url", _endpoint, GOOGLE_USERINFO, "where a token tells who"),
    Setting("facebook.client_id", str, "", "the shop at Facebook; empty: no sign-in with Facebook"),
    Setting("facebook.client_secret", str, "", "its secret at Facebook"),
    Setting("facebook.graph_version", _graph_version, "v24.0", "version of the Graph API"),
    Setting("facebook.dialog_url", _endpoint, "https://www.facebook.com", "where people say yes"),
    Setting("facebook.graph_url", _endpoint, "https://graph.facebook.com", "the Graph API"),
    Setting(
        "privacy.order_days",
        _positive,
        "1095",
        "days after which an ended order forgets its customer (CNIL: three years)",
    ),
    Setting(
        "privacy.account_days",
        _more_than_notice,
        "1095",
        "days without a sign-in or an order after which an account is erased; told 30 days before",
    ),
    Setting(
        "privacy.unconfirmed_days",
        _positive,
        "30",
        "days after which an account whose e-mail address was never confirmed is erased",
    ),
    Setting("demo.peers", str, "", "folder of programs that stand in for others; empty: none"),
    Setting("demo.payments", _boolean, "no", "say on the payment page that nothing is paid"),
    Setting("demo.staff_page", _boolean, "no", "show the demo sign-ins on the sign-in page"),
)
INCLUDE = "include.file"


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of the ini file at `path`, overridden by OCPIZZA_… variables.

    What the file does not say comes from the one that it names as `[include] file`. Relative
    paths are relative to the folder of the ini file, written `%(here)s` in it.
    Raises SettingError for a file, section, key or value that is not right.
    """
    written = _read_ini(path)
    if included := written.pop(INCLUDE, None):
        written = _read_ini(path.parent / included.text) | written
    known = {setting.name for setting in SETTINGS}
    if unknown := sorted(written.keys() - known):
        raise SettingError(
            f"{written[unknown[0]].file}: unknown setting {unknown[0]}; see ocpizza.ini(5)"
        )
    for setting in SETTINGS:
        if setting.variable in environment:
            written[setting.name] = Written(environment[setting.variable], path)
    return {setting.name: _value(setting, written.get(setting.name), path) for setting in SETTINGS}


def _read_ini(path: Path) -> dict[str, Written]:
    parser = configparser.ConfigParser(defaults={"here": str(path.parent.resolve())})
    try:
        with path.open(encoding="utf-8") as file:
            parser.read_file(file)
        return {
            f"{section}.{key}": Written(value, path)
            for section in parser.sections()
            for key, value in parser.items(section)
            if key != "here"
        }
    except PermissionError as error:
        raise SettingError(
            f"cannot read the settings: {path}: permission denied: run it as root (sudo ocpizza …)"
        ) from error
    except OSError as error:
        raise SettingError(f"cannot read the settings: {path}: {error.strerror}") from error
    except (configparser.Error, UnicodeDecodeError) as error:
        raise SettingError(f"{path}: {' '.join(str(error).split())}") from error


def _value(setting: Setting, written: Written | None, path: Path) -> Any:
    if written is None:
        if setting.default is None:
            raise SettingError(f"{path}: {setting.name} is missing ({setting.meaning})")
        written = Written(setting.default, path)
    try:
        value = setting.read(written.text)
    except ValueError as error:
        raise SettingError(f"{written.file}: {setting.name} = {written.text!r}: {error}") from error
    return written.file.parent.resolve() / value if isinstance(value, Path) else value
