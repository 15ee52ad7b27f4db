"""A run of failures, and every log of it: no token, password, card, address or telephone."""

import json
import os
import signal
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import make_url
from sqlalchemy.orm import Session

import serving
from droplets.waiting import wait_until
from factories import make_account
from nginx.server import Nginx, require_nginx
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.account.links import Purpose, issue_link
from ocpizza.without_secrets import HIDDEN, describe_error, without_secrets

TOKEN = "Zq3-" * 10 + "_x7"
EMAIL, PASSWORD = "zephyrine@example.org", "tarte flambée 3000"
CARD, PHONE = "4242 4242 4242 4242", "06 98 76 54 32"
SECRETS = (TOKEN, EMAIL, "zephyrine", PASSWORD, "flamb", CARD, "4242 4242", PHONE, "98 76 54")
DETAILS = {
    "mode": "takeaway",
    "contact_name": "Zéphyrine",
    "phone": PHONE,
    "email": EMAIL,
    "comment": CARD,
}
# What breaks, as a table that is gone or a rule that refuses.
BREAK = (
    "ALTER TABLE sign_in_attempt RENAME TO gone_1",
    "ALTER TABLE account_token RENAME TO gone_2",
    "ALTER TABLE orders RENAME TO gone_3",
    "ALTER TABLE basket ADD CHECK (details::text NOT LIKE '%%zephyrine%%')",
    "ALTER TABLE account ADD CHECK (last_name <> 'Zephyrine')",
)
FORM = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin"}


@pytest.fixture
def config(settings, tmp_path, demo_database):
    """Settings of a shop whose post is nobody's, and whose role is as deployment makes it."""
    with demo_database.connect() as connection:
        connection.exec_driver_sql("ALTER ROLE postgres SET log_error_verbosity = 'terse'")
        connection.commit()
    demo_database.dispose()
    path = tmp_path / "ocpizza.ini"
    text = f"{path.read_text()}[server]\nworkers = 1\n[mail]\nhost = 127.0.0.1\nport = 1\n"
    path.write_text(text)
    return path


def run(config: Path, *arguments: str) -> str:
    """What a command writes, however it ends."""
    command = [*map(str, serving.PROGRAM), "--config", str(config), *arguments]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OCPIZZA_")}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, input=PASSWORD, timeout=120
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


FAILURES = ("mail not written", "mail can never be written")


def worker_log(config: Path, engine, folder: Path) -> str:
    """What the worker writes that has two mails to send and can write neither."""
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        julia = make_account(session, email=EMAIL, email_verified_at=now, created_at=now)
        issue_link(session, julia, Purpose.NEW_PASSWORD, EMAIL, now)
        recipients = {
            MailKind.PASSWORD_CHANGED: f"{EMAIL} of Zéphyrine",
            MailKind.EMAIL_CHANGED: EMAIL,
        }
        for kind, recipient in recipients.items():
            mail = OutgoingMail(
                dedupe_key=f"one-{kind}",
                kind=kind,
                account_id=julia.id,
                recipient=recipient,
                created_at=now - timedelta(minutes=1),
                due_at=now - timedelta(minutes=1),
            )
            session.add(mail)
    log = folder / "worker.log"
    command = [*map(str, serving.PROGRAM), "--config", str(config), "work"]
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
    try:
        wait_until(
            lambda: all(each in log.read_text() for each in FAILURES), 150, "a mail that fails"
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    return log.read_text()


def ask_for_trouble(site) -> None:
    """Everything that a visitor may send, to a site whose database is broken."""
    crashes = [
        ("/connexion", {"identifier": EMAIL, "password": PASSWORD}),
        (f"/mot-de-passe/{TOKEN}", {"password": PASSWORD, "again": PASSWORD}),
    ]
    for path, fields in crashes:
        assert site.browser().post(path, fields, expect_errors=True).status_int == 500
    assert site.browser().get(f"/suivi/{TOKEN}", expect_errors=True).status_int == 500
    visitor = site.browser()
    visitor.add(shop="/pizzeria/paris-republique")
    answer = visitor.post_form("/commande", DETAILS)
    assert answer.status_int in (500, 503)
    for line in (f"GET /suivi/{TOKEN} nonsense", f"{TOKEN}", f"GET /suivi/{TOKEN}\x01 HTTP/1.1"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(str(site.socket))
            connection.sendall(f"{line}\r\nX: {EMAIL}\r\n\r\n".encode())
            connection.recv(1000)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_no_log_of_a_run_of_failures_has_a_secret(
    config, demo_database, databases, tmp_path, tmp_path_factory
):
    require_nginx()
    logs = {"worker": worker_log(config, demo_database, tmp_path)}
    with demo_database.connect() as connection:
        for statement in BREAK:
            connection.exec_driver_sql(statement)
        connection.commit()
    folder = tmp_path / "run"
    folder.mkdir()
    nginx = Nginx(tmp_path / "machine")
    with serving.gunicorn(config, folder, crashes=True) as site:
        nginx.install(site.socket, tmp_path)
        with nginx.running():
            ask_for_trouble(site)
            for path in (f"/suivi/{TOKEN}", f"/mot-de-passe/{TOKEN}", f"/connexion?suite={TOKEN}"):
                nginx.ask(path, Referer=f"https://www.ocpizza.fr/suivi/{TOKEN}")
            body = f"identifier={EMAIL}&password={PASSWORD}".encode()
            for _ in range(14):
                nginx.ask("/connexion", "POST", body, **FORM)
            nginx.wait_for_the_log()
        logs["site"] = site.said()
    for path in nginx.root.rglob("*.log"):
        logs[f"nginx {path.name}"] = path.read_text()
    create = ("create-manager", "--first-name", "Anna", "--last-name", "Zephyrine")
    logs["command"] = run(config, *create, "--identifier", "anna")
    logs["erase"] = run(config, "erase-account", EMAIL, "--yes")
    name = make_url(str(demo_database.url)).database
    logs["database"] = (databases.cluster.folder / "log").read_text()
    assert name
    assert logs["site"].count('"event": "crash"') >= 4
    assert "CheckViolation" in logs["site"]
    assert "violates check constraint" in logs["database"]
    found = {(log, secret) for log, text in logs.items() for secret in SECRETS if secret in text}
    assert found == set()


def test_every_line_of_ours_is_json_on_standard_error(capsys):
    from ocpizza.logs import write_logs

    write_logs()
    structlog.get_logger().error("one\ntwo", name="\x1b[31m\u202eevil\r\n2026 forged")
    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert json.loads(line)["event"] == "one\ntwo"
    assert "\x1b" not in line
    assert "\u202e" not in line


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"/suivi/{TOKEN}/etat",
        f"<{EMAIL}>",
        f"Key (email)=({EMAIL}) already exists.",
        EMAIL.replace("@", "%40"),
        CARD,
        CARD.replace(" ", ""),
        CARD.replace(" ", "-"),
        PHONE,
        "+33698765432",
        "sk_live_0123456789abcdef",
        "whsec_0123456789abcdef",
        "pi_1AbCdEf_secret_xyz",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text):
    hidden = without_secrets({"said": [f"before {text} after"]})["said"][0]
    assert text not in hidden
    assert HIDDEN in hidden
    assert hidden.startswith("before ")
    assert hidden.endswith(" after")


@pytest.mark.parametrize(
    "text",
    [
        'violates unique constraint "uq_account_email"',
        "fk_promotion_restaurant_promotion_id_promotion_and_more",
        "AA000042-capture-1",
        "/usr/lib/ocpizza/venv/lib/python3.11/site-packages/sqlalchemy/engine/base.py",
        "1a2b3c4d",
        "2026-11-28T19:25:43.573083Z",
        "Votre commande est prête\u202f!",
    ],
)
def test_what_helps_is_kept(text):
    assert without_secrets(text) == text


def test_an_error_tells_where_it_comes_from_and_what_led_to_it():
    try:
        try:
            raise ValueError(f"for {EMAIL}")
        except ValueError as first:
            raise KeyError(TOKEN) from first
    except KeyError as error:
        said = describe_error(error)
    assert said.index("builtins.ValueError: for (hidden)") < said.index("builtins.KeyError")
    assert said.count("Traceback (most recent call last):") == 2
    assert said.count("test_secrets_in_logs.py") == 2
