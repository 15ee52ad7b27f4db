"""The security log: one line for each thing that matters, who and from where, no secret."""

import json
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from factories import NOON, PASSWORD, make_account, make_restaurant
from ocpizza.models.account import Account
from ocpizza.models.order_status import Status
from ocpizza.models.sign_in import SignInSession
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.create_manager import NewManager, create_manager
from ocpizza.services.account.email import MAX_LINKS as MAX_CONFIRMATIONS
from ocpizza.services.account.links import Purpose, issue_link
from ocpizza.services.account.password import MAX_LINKS
from ocpizza.services.account.sign_in_attempts import MAX_PER_PAIR
from ocpizza.services.rate_limits import MAX_CODES_OF_ACCOUNT
from views.website import HERE, sign_in

CLIENT = "cliente@example.org"
NEW = "une pâte bien levée 7"
EVIL = "évil\r\n\x1b[31m@example.org"


def lines(log) -> list[dict]:
    return [entry for entry in log if entry["event"] == "security"]


def said(log) -> set[tuple[str, str]]:
    return {(entry["action"], entry["result"]) for entry in lines(log)}


def reset(website):
    now = datetime.now(UTC)
    with website.session() as session:
        account = session.scalars(select(Account).where(Account.email == CLIENT)).one()
        token = issue_link(session, account, Purpose.NEW_PASSWORD, CLIENT, now)
    website.browser().post_form(f"/mot-de-passe/{token}", {"password": NEW})


def guess_too_often(website):
    for _ in range(MAX_PER_PAIR):
        sign_in(website.browser(), CLIENT, "wrong")
    assert sign_in(website.browser(), CLIENT, PASSWORD).status_int == 429


def ask_too_often(website):
    for _ in range(MAX_LINKS + 1):
        website.browser().post_form("/mot-de-passe-oublie", {"email": CLIENT})


def confirm_too_often(website):
    customer = website.staff("customer")
    with website.session() as session:
        account = session.scalars(select(Account).where(Account.email == CLIENT)).one()
        account.email_verified_at = None
    for _ in range(MAX_CONFIRMATIONS + 1):
        customer.post_form("/compte/e-mail/lien")


def try_codes_too_often(website):
    browser = website.staff("customer")
    browser.add()
    # Nobody counts from a new window of ten minutes in the midst of it.
    with time_machine.travel(datetime.now(UTC).replace(second=0), tick=False):
        for _ in range(MAX_CODES_OF_ACCOUNT + 1):
            browser.post_form("/panier/promotion", {"code": "NEVER"})


def refuse_cross_site(website):
    browser = website.browser(HTTP_SEC_FETCH_SITE="cross-site")
    browser.post("/connexion", {"identifier": EVIL, "password": PASSWORD}, status=400)


def change_password(website):
    fields = {"current": PASSWORD, "password": NEW}
    website.staff("customer").post_form("/compte/mot-de-passe", fields)


def erase(website):
    fields = {"password": PASSWORD, "confirmation": "EFFACER"}
    website.staff("customer").post_form("/compte/donnees", fields)


def end(website, browser):
    with website.session() as session:
        session.execute(delete(SignInSession))
    browser.get("/equipe", status=303)


# What visitors do whom nobody knows, or not any more.
ANONYMOUS = (
    "nobody",
    "too often",
    "asked too often",
    "cross-site",
    "dead link",
    "ended",
)
DEEDS = {
    "sign in": (lambda site: sign_in(site.browser(), CLIENT), {("sign_in", "done")}),
    "wrong password": (
        lambda site: sign_in(site.browser(), CLIENT, "wrong"),
        {("password_check", "failed")},
    ),
    "nobody": (lambda site: sign_in(site.browser(), EVIL, "x"), {("password_check", "failed")}),
    "too often": (guess_too_often, {("password_check", "failed"), ("password_check", "limited")}),
    "sign out": (
        lambda site: site.staff("customer").post_form("/deconnexion"),
        {("sign_out", "done")},
    ),
    "everywhere": (
        lambda site: site.staff("customer").post_form("/compte/deconnexion-partout"),
        {("sign_out_everywhere", "done"), ("sign_out", "done")},
    ),
    "forbidden": (
        lambda site: site.staff("driver").get(f"/equipe/{HERE}/promotions", status=403),
        {("access", "refused")},
    ),
    "cross-site": (refuse_cross_site, {("cross_site_post", "refused")}),
    "password": (
        change_password,
        {("password_changed", "done"), ("sign_out", "done"), ("sign_in", "done")},
    ),
    "reset": (
        reset,
        # Also of the session that its owner, or somebody else, had on another device.
        {
            ("link_used", "done"),
            ("password_changed", "done"),
            ("sign_out", "done"),
            ("sign_in", "done"),
        },
    ),
    "erasure": (erase, {("account_erased", "done")}),
    "ended": (
        lambda site: end(site, site.staff("driver")),
        {("session_ended", "refused")},
    ),
    "asked too often": (ask_too_often, {("link_asked", "done"), ("link_asked", "limited")}),
    "links too often": (confirm_too_often, {("link_asked", "done"), ("link_asked", "limited")}),
    "limit": (try_codes_too_often, {("limit", "limited")}),
    "dead link": (
        lambda site: site.browser().post_form(f"/mot-de-passe/{'x' * 43}", {"password": NEW}),
        {("link_used", "failed")},
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_leaves_its_line(website, deed):
    act, expected = DEEDS[deed]
    website.staff("customer")
    website.staff("driver")
    with capture_logs() as log:
        act(website)
    assert said(log) == expected
    told = [(entry["action"], entry["result"]) for entry in lines(log)]
    assert len(told) == len(expected) or deed.endswith("too often")
    for entry in lines(log):
        assert {"account", "role", "from", "page", "action", "result"} <= entry.keys()
        assert entry["account"] or deed in ANONYMOUS
    text = json.dumps(lines(log), ensure_ascii=False)
    for secret in (CLIENT, PASSWORD, NEW, "x" * 43, "évil", "\x1b", "Moreau"):
        assert secret not in text


def test_a_refund_names_the_manager_and_the_order(website):
    order = website.order(Status.OUT_FOR_DELIVERY)
    manager, path = website.staff("manager"), f"/equipe/{HERE}/commandes/{order.number}"
    step = {"before": "out_for_delivery", "after": "delivered", "means": "cash"}
    manager.post_form(f"{path}/statut", step)
    form = manager.form(f"{path}/remboursement", f"{path}/remboursement")
    form["amount"], form["reason"] = "1,00", "Évidemment brûlée"
    with capture_logs() as log:
        form.submit(status=303)
    (line,) = lines(log)
    assert (line["action"], line["order"], line["cents"]) == ("refund", order.number, 100)
    assert (line["account"], line["role"]) == (website.account("manager").id, "manager")
    assert "videmment" not in json.dumps(line, ensure_ascii=False)


def test_what_is_rolled_back_did_not_happen(committed_database):
    with capture_logs() as log:
        with Session(committed_database) as session:
            julia = make_account(session)
            note(session, Action.PASSWORD_CHANGED, account=julia.id)
            session.rollback()
            session.commit()
        assert lines(log) == []
        with Session(committed_database) as session, session.begin():
            julia = make_account(session)
            note(session, Action.SIGN_IN, account=julia.id)
            savepoint = session.begin_nested()
            note(session, Action.REFUND, account=julia.id)
            savepoint.rollback()
            with session.begin_nested():
                note(session, Action.EMAIL_CHANGED, account=julia.id)
            assert lines(log) == []
    assert [entry["action"] for entry in lines(log)] == ["sign_in", "email_changed"]


def test_commands_are_told_too(committed_database):
    with capture_logs() as log, Session(committed_database) as session, session.begin():
        make_restaurant(session)
        account = create_manager(session, NewManager("anna", "Anna", "Forno", PASSWORD), NOON)
        account_id = account.id
    (line,) = lines(log)
    assert (line["action"], line["account"], line["role"]) == (
        "manager_created",
        account_id,
        "manager",
    )
    assert "Forno" not in json.dumps(line)
