"""What opens an account to somebody else asks for a proof of the last ten minutes, and is told."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from sqlalchemy import func, select, update

from factories import NOON, PASSWORD
from ocpizza.models.account import Account, Employee, Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.sign_in import ExternalIdentity, ProviderVisit
from views.pages import form_of, place, soup, words
from views.website import HERE, sign_in

PROOF = "/compte/preuve"
WAYS = "/compte/connexions"
NEW = "une phrase tout à fait neuve"
FRESH_SECONDS = 600  # written out: taken from the code it would agree with whatever that says
# (path, fields, page that it leads back to, whether the account has a password)
GUARDED = [
    (f"{WAYS}/google", {}, WAYS, "password"),
    (f"{WAYS}/facebook", {}, WAYS, "password"),
    (f"{WAYS}/retirer", {"identity": "1"}, WAYS, "password"),
    ("/compte/mot-de-passe", {"password": NEW}, "/compte/mot-de-passe", "none"),
]
# What asks for the password itself, however fresh the session is.
ASKED = [
    ("/compte/mot-de-passe", {"password": NEW}, "current"),
    ("/compte/e-mail", {"email": "new@example.org"}, "current"),
    ("/compte/donnees", {"confirmation": "effacer"}, "password"),
]
ASK_THEMSELVES = {"account_password", "account_email", "account_data"}
AFTER_A_PROOF = {
    "account_link",
    "account_unlink",
    "account_second_factor_begin",
    "account_second_factor_remove",
    "account_recovery_codes",
}
# What a stale session may go on doing: none of it lets anybody in, or keeps the owner out.
HARMLESS = {
    "account",
    "account_orders",
    "account_profile",
    "account_email_link",
    "account_cards",
    "account_card_remove",
    "account_favourite",
    "account_download",
    "account_keep",
    "account_second_factor",
    "account_sign_in_ways",
    "account_proof",
    "account_proof_provider",
}


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch):
    for name, quick in (
        ("services.account.password.hash_password", lambda typed: f"kept {typed}"),
        (
            "views.account.sign_in_attempts.verify_password",
            lambda kept, typed: kept and typed == PASSWORD,
        ),
    ):
        monkeypatch.setattr(f"ocpizza.{name}", quick)


@pytest.fixture
def owner(website):
    """The browser of a customer with a password and Google; they signed in just now."""
    with website.session() as session:
        mine = select(Account.id).where(Account.email == "cliente@example.org")
        session.add(
            ExternalIdentity(
                account_id=session.scalars(mine).one(),
                provider="google",
                subject="g-1",
                linked_at=NOON,
            )
        )
    browser = website.browser()
    assert sign_in(browser, "cliente@example.org").status_int == 303
    return browser


def without_password(website) -> None:
    with website.session() as session:
        mine = Account.email == "cliente@example.org"
        session.execute(update(Account).where(mine).values(password_hash=None))


def state(website):
    """What the guarded pages would change."""
    with website.session() as session:
        account = session.scalars(
            select(Account).where(Account.email == "cliente@example.org")
        ).one()
        counts = [
            session.scalar(select(func.count()).select_from(table))
            for table in (ExternalIdentity, ProviderVisit, OutgoingMail)
        ]
        return account.password_hash, account.session_version, account.email, *counts


def asked_before(page: str, fields: dict[str, str]) -> str:
    """The page of the proof, and where it leads back to: to what was sent, if that may be kept."""
    suite = f"{page}?reprise=1" if fields.keys() - {"password"} else page
    return f"{PROOF}?{urlencode({'suite': suite})}"


def later(seconds: int):
    return time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=True)


@pytest.mark.parametrize(("path", "fields", "back", "has"), GUARDED)
def test_a_stale_session_does_nothing_and_is_asked_for_a_proof(
    website, owner, path, fields, back, has
):
    if has == "none":
        without_password(website)
    before = state(website)
    with later(FRESH_SECONDS + 5):
        answer = owner.post_form(path, fields)
        assert place(answer) == asked_before(back, fields)
        assert state(website) == before
        assert "C’est bien vous ?" in words(answer.follow())


@pytest.mark.parametrize(("path", "fields", "back", "has"), GUARDED)
def test_a_fresh_session_is_not_asked_again(website, owner, path, fields, back, has):
    if has == "none":
        without_password(website)
    with later(FRESH_SECONDS - 60):
        assert not place(owner.post_form(path, fields)).startswith(PROOF)


@pytest.mark.parametrize(("path", "fields", "field"), ASKED)
@pytest.mark.parametrize("typed", ["", "wrong"])
def test_what_asks_for_the_password_itself_takes_no_other(
    website, owner, path, fields, field, typed
):
    before = state(website)
    assert owner.post_form(path, fields | {field: typed}).status_int == 422
    assert state(website) == before


def test_the_password_proves_it_and_leads_back(website, owner):
    with later(FRESH_SECONDS + 5):
        page = owner.post_form(f"{WAYS}/retirer", {"identity": "1"}).follow()
        form = form_of(page, page.request.path_qs)
        form["current"] = "wrong"
        wrong = form.submit(status=422)
        assert "Ce n’est pas votre mot de passe actuel." in words(wrong)
        form["current"] = PASSWORD
        assert place(form.submit(status=303)) == f"{WAYS}?reprise=1"
        assert place(owner.post_form(f"{WAYS}/retirer", {"identity": "1"})) == WAYS
    assert state(website)[3] == 0


def test_a_proof_lasts_ten_minutes_only(website, owner):
    with later(FRESH_SECONDS + 5):
        owner.post_form(PROOF, {"current": PASSWORD})
    before = state(website)
    with later(2 * FRESH_SECONDS + 20):
        answer = owner.post_form(f"{WAYS}/retirer", {"identity": "1"})
        assert place(answer).startswith(PROOF)
    assert state(website) == before


def test_a_proof_leads_to_pages_of_ours_only(owner):
    answer = owner.post_form(f"{PROOF}?suite=//evil.example", {"current": PASSWORD})
    assert place(answer) == "/compte"


def test_a_first_password_and_a_way_removed_are_told_by_mail(website, owner):
    owner.post_form(f"{WAYS}/retirer", {"identity": "1"})
    without_password(website)
    owner.post_form("/compte/mot-de-passe", {"password": NEW})
    with website.session() as session:
        mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        told = [(mail.kind, mail.values) for mail in mails]
    assert told == [
        (MailKind.IDENTITY_REMOVED, {"provider": "Google"}),
        (MailKind.PASSWORD_CHANGED, {"first": True}),
    ]


def test_a_first_password_is_not_even_asked_for_in_a_stale_session(website, owner):
    without_password(website)
    with later(FRESH_SECONDS + 5):
        assert place(owner.get("/compte/mot-de-passe")).startswith(PROOF)
    assert soup(owner.get("/compte/mot-de-passe")).select("input[name=password]")


def test_every_page_of_the_account_is_guarded_asks_itself_or_is_harmless(website):
    routes = {route.name for route in website.application.routes_mapper.get_routes()}
    of_account = {name for name in routes if name.startswith("account")}
    assert of_account == HARMLESS | ASK_THEMSELVES | AFTER_A_PROOF


def test_a_stale_session_of_a_manager_opens_and_changes_no_colleagues_account(website):
    cashier = website.account("cashier")
    people = f"/equipe/{HERE}/personnel"
    page = f"{people}/{cashier.id}"
    manager = website.at_own_device("manager")
    asked = [
        (f"{people}/nouveau", {"first_name": "Zoé", "last_name": "Lœb", "role": "manager"}, None),
        (page, {"first_name": "Zoé", "last_name": "Lœb", "role": "manager", "version": "1"}, None),
        (f"{page}/mot-de-passe", {"version": "1"}, page),
        (f"{page}/double-authentification", {"version": "1"}, page),
        (f"{page}/activite", {"version": "1", "desactiver": "1"}, page),
        (f"{page}/supprimer", {"version": "1"}, None),
    ]
    with later(FRESH_SECONDS + 5):
        for path, fields, back in asked:
            answer = manager.post_form(path, fields)
            assert place(answer) == asked_before(back or path, fields)
        for path in (page, f"{people}/nouveau", f"{page}/supprimer"):
            assert place(manager.get(path)).startswith(PROOF)
        # What only shows who works here.
        assert manager.get(people).status_int == 200
    unchanged = website.account("cashier")
    assert (unchanged.first_name, unchanged.status) == (cashier.first_name, cashier.status)
    assert (unchanged.session_version, unchanged.password_hash) == (1, cashier.password_hash)
    with website.session() as session:
        assert session.get_one(Employee, cashier.id).role is Role.CASHIER


def test_a_managers_proof_leads_back_to_the_colleague(website):
    page = f"/equipe/{HERE}/personnel/{website.account('cashier').id}"
    manager = website.at_own_device("manager")
    with later(FRESH_SECONDS + 5):
        asked = manager.post_form(f"{page}/mot-de-passe", {"version": "1"}).follow()
        form = form_of(asked, asked.request.path_qs)
        form["current"] = PASSWORD
        assert place(form.submit(status=303)) == f"{page}?reprise=1"
        assert manager.get(page).status_int == 200
