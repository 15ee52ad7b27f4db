"""Somebody's own account from several devices at once, by the pages' own forms."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from droplets.waiting import wait_until
from factories import PASSWORD
from ocpizza.models.account import Account
from ocpizza.models.sign_in import SignInSession
from ocpizza.services.account.sign_in_sessions import sign_out_everywhere
from ocpizza.services.privacy.erase_account import erase_account
from views.website import website

__all__ = ["website"]
PROFILE, LONG = "/compte/informations", 60
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


@pytest.fixture
def backend() -> str:
    """SQLite's writers are alone anyway."""
    return "postgresql"


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch):
    for name, quick in (
        ("services.account.password.hash_password", lambda _: "a hash"),
        (
            "views.account.sign_in_attempts.verify_password",
            lambda kept, typed: kept and typed == PASSWORD,
        ),
    ):
        monkeypatch.setattr(f"ocpizza.{name}", quick)


def devices(website, number: int):
    """Browsers of one customer, each signed in."""
    found = [website.staff("customer") for _ in range(number)]
    return [(browser, browser.token()) for browser in found]


def form(browser, **changed: str) -> dict[str, str]:
    fields = browser.form(PROFILE, PROFILE)
    return dict(fields.submit_fields()) | changed


def send(browser, path: str, fields: dict[str, str]) -> int:
    return browser.post(path, fields, expect_errors=True).status_int


def test_of_edits_at_once_one_is_kept_and_the_others_are_told(website):
    sent = [
        (browser, form(browser, first_name=f"Julia {'I' * number}"))
        for number, (browser, _token) in enumerate(devices(website, 5), 1)
    ]
    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda each: send(each[0], PROFILE, each[1]), sent))
    assert sorted(answers) == [303, 409, 409, 409, 409]
    winner = sent[answers.index(303)][1]
    assert website.account("customer").first_name == winner["first_name"]


def test_of_erasures_at_once_one_is_done_and_nobody_is_in_any_more(website):
    account_id = website.account("customer").id
    browsers = devices(website, 4)

    def erase(device) -> int:
        browser, token = device
        fields = {"password": PASSWORD, "confirmation": "EFFACER", "csrf_token": token}
        return send(browser, "/compte/donnees", fields)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(erase, browsers))
    assert max(answers) < 500
    with website.session() as session:
        account = session.get_one(Account, account_id)
        assert account.erased_at is not None
        mine = SignInSession.account_id == account_id
        assert session.scalar(select(func.count()).where(mine)) == 0
    for browser, _token in browsers:
        assert browser.get("/compte", status=303).location.startswith(("/connexion", "http"))


POSTS = {
    PROFILE: None,
    "/compte/donnees/garder": {},
    "/compte/deconnexion-partout": {},
    "/compte/e-mail/lien": {},
    "/compte/mot-de-passe": {"current": PASSWORD, "password": "quatre-fromages-chauds"},
}


@pytest.mark.parametrize("ends", [erase_account, sign_out_everywhere])
@pytest.mark.parametrize("path", POSTS)
def test_what_waits_while_the_session_ends_changes_nothing_any_more(website, path, ends):
    """A page has the account's row; meanwhile a post of another device waits for it."""
    account_id = website.account("customer").id
    ((browser, token),) = devices(website, 1)
    fields = POSTS[path]
    fields = form(browser, first_name="Mallory") if fields is None else dict(fields)
    fields["csrf_token"] = token
    with ThreadPoolExecutor(1) as threads:
        with Session(website.engine) as session, session.begin():
            locked = select(Account).where(Account.id == account_id).with_for_update(of=Account)
            account = session.scalars(locked).one()
            waiting = threads.submit(send, browser, path, fields)
            wait_until(lambda: _somebody_waits(website.engine), 60, "the post")
            if ends is erase_account:
                erase_account(session, account_id, datetime.now(UTC))
            else:
                sign_out_everywhere(session, account)
            session.flush()
            session.refresh(account)
            as_it_was = _columns(account)
        assert waiting.result(LONG) in (303, 403, 422)
    with website.session() as session:
        assert _columns(session.get_one(Account, account_id)) == as_it_was


def _somebody_waits(engine) -> bool:
    with engine.connect() as connection:
        return connection.scalar(WAITING) > 0


def _columns(account: Account) -> dict:
    return {column.key: getattr(account, column.key) for column in account.__table__.columns}
