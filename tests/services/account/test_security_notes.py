"""What changes who may sign in to an account is told in the security log, once it is committed."""

import pytest
from structlog.testing import capture_logs

from factories import NOON, PASSWORD, make_account
from ocpizza.domain.identity import IdentityClaims
from ocpizza.services.account.create import NewAccount, create_account
from ocpizza.services.account.email import (
    Opener,
    SignInFirst,
    ask_confirmation,
    confirm_email,
)
from ocpizza.services.account.identity import join_identity
from ocpizza.services.account.links import Purpose, issue_link
from ocpizza.services.account.sign_in_ways import link_identity, sign_in_ways, unlink_identity

EMAIL, NEW = "alice@example.org", "alice@new.example"
GOOGLE = IdentityClaims("google", "g-1", EMAIL, True, "Alice", "Bernard")
LINKED = ("sign_in_way_linked", {"provider": "google"})
CONFIRMING = ("link_used", {"purpose": "confirm_email"})


def sign_up(session):
    return create_account(session, NewAccount(EMAIL, PASSWORD, "Alice", "Bernard"), NOON)


def come_by_google(session):
    return join_identity(session, GOOGLE, NOON)


def an_account(session, **values):
    account = make_account(session, email=EMAIL, **values)
    session.commit()
    return account


def confirmed(session, email: str, *, made_here: bool):
    account = an_account(session)
    token = issue_link(session, account, Purpose.CONFIRM_EMAIL, email, NOON)
    session.flush()
    opener = Opener(account.id, account.id if made_here else None)
    return confirm_email(session, token, opener, NOON).account


def asked(session):
    account = an_account(session)
    ask_confirmation(session, account, NEW, NOON)
    return account


def link(session):
    account = an_account(session)
    link_identity(session, account.id, GOOGLE, NOON)
    return account


def unlink(session):
    account = link(session)
    session.commit()
    (identity,) = sign_in_ways(session, account).identities
    unlink_identity(session, account.id, identity.id, NOON)
    return account


def joined(session):
    an_account(session, email_verified_at=NOON)
    return come_by_google(session)


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        (sign_up, [("account_created", {})]),
        (come_by_google, [("account_created", {"provider": "google"})]),
        (lambda s: confirmed(s, EMAIL, made_here=True), [CONFIRMING, ("email_confirmed", {})]),
        (lambda s: confirmed(s, EMAIL, made_here=False), [CONFIRMING, ("email_confirmed", {})]),
        (lambda s: confirmed(s, NEW, made_here=True), [CONFIRMING, ("email_changed", {})]),
        (asked, [("link_asked", {"purpose": "confirm_email"})]),
        (link, [LINKED]),
        (joined, [LINKED]),
        (unlink, [LINKED, ("sign_in_way_removed", {"provider": "google"})]),
    ],
    ids=["sign up", "provider", "own", "opener", "change", "ask", "link", "join", "unlink"],
)
def test_each_change_is_told_with_whose_account_it_is(session, deed, expected):
    with capture_logs() as log:
        account = deed(session)
        told_before = len(log)
        session.commit()
    assert len(log) > told_before
    for entry, (action, facts) in zip(log, expected, strict=True):
        told = {"action": action, "account": account.id, "result": "done"} | facts
        assert entry.items() >= told.items()
    for secret in (EMAIL, NEW, PASSWORD, "Bernard", "g-1"):
        assert secret not in repr(log)


def test_a_link_that_was_not_used_is_not_told(session):
    account = an_account(session)
    token = issue_link(session, account, Purpose.CONFIRM_EMAIL, NEW, NOON)
    session.flush()
    with capture_logs() as log:
        with pytest.raises(SignInFirst):
            confirm_email(session, token, Opener(None, None), NOON)
        session.commit()
    assert log == []
