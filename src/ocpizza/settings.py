"""Every setting, its type, default and meaning: the only reader of ini files and environment."""

import configparser
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocpizza.setting_values import (
    Security,
    boolean,
    dsn,
    email,
    email_or_none,
    endpoint,
    environment,
    graph_version,
    host_and_port,
    host_names,
    more_than_notice,
    networks,
    not_negative,
    other_database,
    positive,
    program,
    recipient,
    site_address,
    web_page,
)

Settings = dict[str, Any]


class SettingError(ValueError):
    """A setting is missing, unknown or wrong; the message says which and what to do."""


@dataclass(frozen=True)
class Setting:
    """How one setting is read. `name` is « section.key » of the ini file."""

    name: str
    read: Callable[[str], Any]
    default: str | None
    meaning: str
    # One that may hold a password is not repeated in a complaint about it.
    secret: bool = False

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
    Setting(
        "folders.continuous",
        Path,
        "var/continuous",
        "what `ocpizza backup --continuous` keeps; PostgreSQL's administrator owns it",
    ),
    Setting("backup.keep", positive, "12", "archives that are kept; older ones go"),
    Setting("backup.recipient", recipient, "", "age's public key to encrypt for; empty: do not"),
    Setting("backup.copy", program, "", "program that copies the archive it is given elsewhere"),
    Setting(
        "backup.continuous_days",
        positive,
        "14",
        "days that any moment of can be restored, where continuous backup is enabled",
    ),
    Setting(
        "backup.passphrase",
        str,
        "",
        "encrypts what continuous backup keeps, from its first `enable` on; empty: nothing does",
        secret=True,
    ),
    Setting(
        "cyclic_update.source",
        other_database,
        "",
        "URL of the production database whose catalogue, prices, recipes and promotions "
        "`ocpizza cyclic-update` brings here; empty: this one is production's",
        secret=True,
    ),
    Setting("database.url", str, None, "SQLAlchemy URL of the database"),
    Setting("database.pool_size", positive, "5", "connections kept by each process"),
    Setting("database.migrations", Path, "alembic", "folder of the alembic migrations"),
    Setting("server.listen", host_and_port, "127.0.0.1:6543", "where `ocpizza serve` listens"),
    Setting("server.socket", Path, "var/gunicorn.sock", "socket of gunicorn outside of systemd"),
    Setting("server.workers", not_negative, "0", "processes of gunicorn; 0: one more than cores"),
    Setting("server.threads", positive, "4", "requests that each process answers at a time"),
    Setting("live.socket", Path, "var/live.sock", "socket of `ocpizza live` outside of systemd"),
    Setting(
        "live.streams",
        positive,
        "250",
        "pages that are told at once that they changed, others ask by themselves; each is two of "
        "nginx's worker_connections",
    ),
    Setting("site.url", site_address, "http://127.0.0.1:6543", "address of the shop, for mail"),
    Setting("site.hosts", host_names, "", "its other names; visitors of any other go to site.url"),
    Setting(
        "proxy.trusted",
        networks,
        "",
        "networks of the proxies that tell who visits, such as 10.0.0.0/8, 2001:db8::/32; then run "
        "`ocpizza deploy`; empty: nobody's word counts",
    ),
    Setting("mail.host", str, "", "SMTP server; empty: no mail is sent"),
    Setting("mail.port", positive, "25", "port of the SMTP server"),
    Setting("mail.security", Security, "none", "none, starttls or tls"),
    Setting("mail.user", str, "", "who signs in to the SMTP server; empty: nobody does"),
    Setting("mail.password", str, "", "password of mail.user"),
    Setting("mail.sender", email, "commandes@ocpizza.fr", "address that mail comes from"),
    Setting("supervision.email", email_or_none, "", "who is told of failures; empty: nobody"),
    Setting(
        "supervision.sentry_dsn",
        dsn,
        "",
        "DSN of the project at Sentry that is told of errors, without personal data; empty: none",
        secret=True,
    ),
    Setting("supervision.environment", environment, "production", "which of several sites this is"),
    Setting("legal.publisher", str, "", "code of the company that runs the site; empty: the first"),
    Setting("legal.form", str, "", "its form and capital, such as SAS au capital de 10 000 €"),
    Setting("legal.register", str, "", "its registration, such as RCS Paris 123 456 789"),
    Setting("legal.director", str, "", "who answers for what the site publishes"),
    Setting("legal.phone", str, "", "telephone of the publisher"),
    Setting("legal.email", email_or_none, "", "e-mail of the publisher, also for personal data"),
    Setting("legal.host", str, "", "who hosts the site: name, address, telephone"),
    Setting("legal.mediator", str, "", "consumers' mediator: name, address, site"),
    Setting("session.secret_file", Path, None, "file of the cookie key, made when missing"),
    Setting("session.days", positive, "30", "days after which an unused cookie or basket expires"),
    Setting(
        "session.shared_minutes",
        positive,
        "10",
        "minutes without doing anything after which staff are signed out of a shared device",
    ),
    Setting(
        "session.personal_hours",
        positive,
        "12",
        "hours without doing anything after which staff are signed out of their own telephone",
    ),
    Setting(
        "orders.unpaid_cents",
        positive,
        "15000",
        "cents of unpaid orders that one visitor may have at a restaurant without a call",
    ),
    Setting(
        "orders.unpaid_pizzas",
        positive,
        "12",
        "pizzas of unpaid orders that one visitor may have at a restaurant without a call",
    ),
    Setting("stripe.secret_key", str, "", "Stripe's secret key; empty: nothing is paid online"),
    Setting("stripe.publishable_key", str, "", "Stripe's publishable key, where a card is given"),
    Setting("stripe.webhook_secret", str, "", "what Stripe signs its events with"),
    Setting("stripe.api_url", endpoint, "https://api.stripe.com", "where Stripe answers"),
    Setting("stripe.js_url", web_page, "https://js.stripe.com/v3/", "Stripe's script"),
    Setting("google.client_id", str, "", "the shop at Google; empty: no sign-in with Google"),
    Setting("google.client_secret", str, "", "its secret at Google"),
    Setting("google.authorization_url", endpoint, GOOGLE_AUTHORIZATION, "where people say yes"),
    Setting("google.token_url", endpoint, GOOGLE_TOKEN, "where a code becomes a token"),
    Setting("google.userinfo_url", endpoint, GOOGLE_USERINFO, "where a token tells who"),
    Setting("facebook.client_id", str, "", "the shop at Facebook; empty: no sign-in with Facebook"),
    Setting("facebook.client_secret", str, "", "its secret at Facebook"),
    Setting("facebook.graph_version", graph_version, "v24.0", "version of the Graph API"),
    Setting("facebook.dialog_url", endpoint, "https://www.facebook.com", "where people say yes"),
    Setting("facebook.graph_url", endpoint, "https://graph.facebook.com", "the Graph API"),
    Setting(
        "privacy.order_days",
        positive,
        "1095",
        "days after which an ended order forgets its customer (CNIL: three years)",
    ),
    Setting(
        "privacy.account_days",
        more_than_notice,
        "1095",
        "days without a sign-in or an order after which an account is erased; told 30 days before",
    ),
    Setting(
        "privacy.unconfirmed_days",
        positive,
        "30",
        "days after which an account whose e-mail address was never confirmed is erased",
    ),
    Setting("demo.peers", str, "", "folder of programs that stand in for others; empty: none"),
    Setting("demo.payments", boolean, "no", "say where a card is given that nothing is paid"),
    Setting("demo.staff_page", boolean, "no", "show the demo sign-ins on the sign-in page"),
)
INCLUDE = "include.file"


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of the ini file at `path`, overridden by OCPIZZA_… variables.

    What the file does not say comes from the one that it names as `[include] file`. Relative
    paths are relative to the folder of the ini file, written `%(here)s` in it.
    Raises SettingError for a file, section, key or value that is not right.
    """
    settings, wrong = load_what_is_right(path, environment)
    if wrong:
        raise wrong[0]
    return settings


def load_what_is_right(
    path: Path, environment: Mapping[str, str] = os.environ
) -> tuple[Settings, list[SettingError]]:
    """Return the same and what is wrong: those have their defaults, or say nothing.

    For whoever is to tell of it. Raises SettingError for a file that cannot be read.
    """
    written = _read_ini(path)
    if included := written.pop(INCLUDE, None):
        written = _read_ini(path.parent / included.text) | written
    known = {setting.name for setting in SETTINGS}
    wrong = [
        SettingError(f"{written[name].file}: unknown setting {name}; see ocpizza.ini(5)")
        for name in sorted(written.keys() - known)
    ]
    for setting in SETTINGS:
        if setting.variable in environment:
            written[setting.name] = Written(environment[setting.variable], path)
    settings: Settings = {}
    for setting in SETTINGS:
        try:
            settings[setting.name] = _value(setting, written.get(setting.name), path)
        except SettingError as error:
            wrong.append(error)
            default = Written(setting.default or "", path)
            settings[setting.name] = _value(setting, default, path)
    if settings["cyclic_update.source"] == settings["database.url"] != "":
        settings["cyclic_update.source"] = ""
        says = "cyclic_update.source is database.url: a source is another one"
        wrong.append(SettingError(f"{path}: {says}"))
    return settings, wrong


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
    except configparser.InterpolationError as error:
        name = f"{error.section}.{error.option}"
        raise SettingError(f"{path}: {name}: a % is written twice: %%") from None
    except configparser.ParsingError as error:
        lines = [error.lineno] if hasattr(error, "lineno") else [line for line, _ in error.errors]
        raise SettingError(
            f"{path}: line {lines[0]} is neither [section] nor key = value"
        ) from None
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
        said = "" if setting.secret else f" = {written.text!r}"
        # The cause would repeat it.
        cause = None if setting.secret else error
        raise SettingError(f"{written.file}: {setting.name}{said}: {error}") from cause
    return written.file.parent.resolve() / value if isinstance(value, Path) else value
