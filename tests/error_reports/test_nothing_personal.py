"""Whatever anybody sent, typed or stored, and wherever it is when something fails: it stays here.

Judged by all that kent was sent, and by texts that nobody had written into the program before.
"""

import json
import logging
from urllib.parse import urlencode

import pytest
import structlog
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError
from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError

from factories import make_account
from ocpizza import error_reports
from ocpizza.payments.gateway import Refused
from views.website import SHOP

SHOP_OF = "ocpizza.resources.storefront_by_slug"
# "zq" is in no word that a program may say by itself: hypothesis also tries words of the source.
LETTERS = st.text("abcdefghijklmnopqrstuvwxyzéèçï", min_size=6, max_size=12).map("zq{}".format)
DIGITS = st.text("0123456789", min_size=8, max_size=8)
KINDS = ("name", "email", "token", "card", "phone", "password", "street")
SECRETS = st.fixed_dictionaries(
    {
        "name": LETTERS.map(str.capitalize),
        "email": LETTERS.map(lambda text: f"{text}@example.org"),
        "token": st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=43, max_size=43),
        "card": DIGITS.map(lambda digits: f"4242 4242 {digits[:4]} {digits[4:]}"),
        "phone": DIGITS.map(lambda digits: f"06{digits}"),
        "password": LETTERS.map(lambda text: f"{text} 3000"),
        "street": LETTERS.map(lambda text: f"12 rue {text}"),
    }
)


def unique_violation(text: str) -> Exception:
    """What PostgreSQL says of a row that is there already, as SQLAlchemy hands it on."""
    said = f"duplicate key\nDETAIL:  Key (email)=({text}) already exists."
    statement = f"INSERT INTO account VALUES ('{text}')"
    return IntegrityError(statement, {"a": text}, UniqueViolation(said))


def attribute_error(text: str) -> Exception:
    return AttributeError(f"no {text}", name=text, obj=type(text, (), {})())


def chained(text: str) -> Exception:
    error = RuntimeError("something literal")
    error.__cause__ = ValueError(text)
    error.__context__ = KeyError(text)
    return error


def noted(text: str) -> Exception:
    error = RuntimeError()
    error.add_note(text)
    return error


ERRORS = (
    ValueError,
    KeyError,
    RuntimeError,
    UndefinedError,
    Refused,
    AssertionError,
    attribute_error,
    chained,
    noted,
    unique_violation,
    lambda text: NameError(f"name {text!r} is not defined", name=text),
    lambda text: ImportError(f"cannot import {text}", name=text, path=f"/home/{text}"),
    lambda text: FileNotFoundError(2, "No such file", f"/var/lib/{text}"),
    lambda text: UnicodeEncodeError("ascii", text, 0, 1, text),
    lambda text: ExceptionGroup(text, [ValueError(text)]),
    lambda text: ValueError("literal", text, {"deep": [text]}),
)


@pytest.fixture
def fail(monkeypatch):
    """Has a restaurant's pages fail with this error, full of secrets that are also logged."""

    def have(make, secret: str, secrets: dict[str, str]):
        def shop_of(*_):
            local, deep = secret, dict(secrets)  # noqa: F841  (what frames know)
            structlog.contextvars.bind_contextvars(customer=secret)
            structlog.get_logger().error(f"failed for {secret}", who=secret, reason=secret)
            logging.getLogger("library").error("failed for %s", secret)
            logging.getLogger("library").error(f"failed for {secret}")
            logging.getLogger(f"library.{secret}").critical(secret, stack_info=True)
            try:
                raise make(secret)
            finally:
                structlog.contextvars.clear_contextvars()

        monkeypatch.setattr(SHOP_OF, shop_of)

    return have


def parts(secrets: dict[str, str]) -> set[str]:
    """Each secret and its telling parts, as they and JSON may write them."""
    whole = {*secrets.values(), secrets["card"].replace(" ", ""), secrets["card"][-9:]}
    words = {secrets["email"].partition("@")[0], secrets["password"].split()[0]}
    words |= {secrets["street"].split()[-1]}
    return whole | words | {json.dumps(each)[1:-1] for each in whole | words}


@settings(max_examples=16, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(SECRETS, st.sampled_from(ERRORS), st.sampled_from(KINDS), st.sampled_from(["GET", "POST"]))
def test_no_report_has_anything_of_anybody(kent, tell, website, fail, secrets, make, kind, method):
    kent.forget()
    tell(kent.dsn)
    fail(make, secrets[kind], secrets)
    browser = website.browser(
        HTTP_REFERER=f"https://www.ocpizza.fr/suivi/{secrets['token']}",
        HTTP_USER_AGENT=secrets["name"].encode().decode("latin-1"),
        HTTP_X_REAL_IP="192.0.2.77",
        REMOTE_USER=secrets["token"],
    )
    browser.set_cookie("session", secrets["token"])
    if method == "POST":
        browser.post(f"{SHOP}/ajouter?{urlencode(secrets)}", secrets, status=500)
    else:
        browser.get(SHOP, secrets, status=500)
    logged = kent.wait_for(5)
    said = json.dumps([kent.everything(), logged], ensure_ascii=False)
    found = {part for part in parts(secrets) if part in said}
    assert found == set()
    for word in ("192.0.2.77", "Referer", "User-Agent", "cookie", "localhost", "vars", "SELECT"):
        assert word not in said
    assert [event["level"] for event in logged] == [*["error"] * 3, "fatal", "error"]


PARTS = {
    "event_id",
    "timestamp",
    "level",
    "platform",
    "release",
    "environment",
    "transaction",
    "tags",
    "contexts",
    "logentry",
    "exception",
}


def test_a_report_has_known_parts_only(told, browser, fail):
    fail(RuntimeError, "x", {})
    browser.get(SHOP, status=500)
    for payload in (each for each in told.everything() if each):
        assert set(payload["body"]) <= PARTS
        assert set(payload["envelope_header"]) == {"event_id", "sent_at"}
        for error in payload["body"].get("exception", {"values": []})["values"]:
            assert set(error) == {"type", "module", "value", "stacktrace"}
            for frame in error["stacktrace"]["frames"]:
                assert set(frame) == {"filename", "module", "function", "lineno", "in_app"}


def test_a_secret_address_and_what_is_sent_there_stay_here(told, website, monkeypatch):
    token = "Zq3-" * 10 + "_x7"

    def broken(*_):
        raise LookupError(f"no order {token}")

    monkeypatch.setattr("ocpizza.resources.find_tracked", broken)
    website.browser().get(f"/suivi/{token}", status=500)
    website.browser().post_form(f"/suivi/{token}/annuler", {"card": "4242424242424242"})
    events = told.wait_for(2)
    assert [event["transaction"] for event in events] == ["tracking", "cancel_order"]
    for secret in ("Zq3", "_x7", "4242", "/suivi"):
        assert secret not in json.dumps(told.everything())


@pytest.mark.parametrize("backend", ["postgresql", "sqlite"], indirect=True)
def test_a_row_that_a_rule_refuses_is_named_by_the_rule(told, session):
    """What the real databases say, PostgreSQL's DETAIL with the row included."""
    make_account(session, email="zephyrine@example.org")
    session.flush()
    try:
        make_account(session, email="zephyrine@example.org")
        session.flush()
    except IntegrityError as error:
        structlog.get_logger().error("refused", exc_info=error)
    event = told.one()
    cause, error = event["exception"]["values"]
    assert error["type"] == "IntegrityError"
    if session.bind.dialect.name == "postgresql":
        assert "SQLSTATE 23505" in error["value"]
        assert "table account" in cause["value"]
        assert "constraint uq_account_email" in cause["value"]
    else:
        assert "SQLITE_CONSTRAINT_UNIQUE" in error["value"]
    assert "zephyrine" not in json.dumps(told.everything())


def test_errors_of_a_database_whose_server_hangs_up_are_not_told_one_by_one(told):
    logging.getLogger("sqlalchemy.pool.impl.QueuePool").error("Exception during reset")
    logging.getLogger("urllib3.connectionpool").error("no connection")
    structlog.get_logger().error("the end")
    assert [event["logentry"]["message"] for event in told.wait_for(1)] == ["the end"]


def test_the_end_of_reporting_is_the_end(told, own_settings):
    error_reports.use(own_settings(""))
    structlog.get_logger().error("to nobody")
    error_reports.use(own_settings(told.dsn))
    structlog.get_logger().error("the end")
    assert [event["logentry"]["message"] for event in told.wait_for(1)] == ["the end"]
