"""C12: whom a provider's word signs in, whose account it joins, and whose it does not."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from factories import NOON, make_account, make_staff
from ocpizza.domain.identity import IdentityClaims
from ocpizza.models.account import Account, AccountStatus, Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.sign_in import AccountToken, ExternalIdentity
from ocpizza.services.account.identity import AccountClosed, EmailMissing, MustLink, join_identity
from ocpizza.services.account.links import Purpose, issue_link
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.account.sign_in_ways import link_identity

GOOGLE = IdentityClaims("google", "g-1", "alice@example.org", True, "Alice", "Bernard")
FACEBOOK = IdentityClaims("facebook", "f-1", "alice@example.org", False, "Alice", "B")


def count(session, what) -> int:
    return session.scalar(select(func.count()).select_from(what))


def mails(session) -> list[tuple[MailKind, str]]:
    rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.kind, mail.recipient) for mail in rows]


def alice(session, **values) -> Account:
    return make_account(session, **{"email": "alice@example.org"} | values)


def test_somebody_new_gets_an_account_with_what_the_provider_told(session):
    account = join_identity(session, GOOGLE, NOON, "en")
    assert (account.email, account.email_verified_at) == ("alice@example.org", NOON)
    assert (account.first_name, account.last_name) == ("Alice", "Bernard")
    assert (account.password_hash, account.language, account.created_at) == (None, "en", NOON)
    assert account.status is AccountStatus.ACTIVE
    identity = session.scalars(select(ExternalIdentity)).one()
    assert (identity.account_id, identity.provider, identity.subject) == (
        account.id,
        "google",
        "g-1",
    )
    assert mails(session) == []


def test_an_address_that_nobody_vouches_for_is_asked_to_be_confirmed(session):
    account = join_identity(session, FACEBOOK, NOON)
    assert account.email_verified_at is None
    assert mails(session) == [(MailKind.EMAIL_CONFIRMATION, "alice@example.org")]


def test_a_known_identity_signs_in_whatever_address_it_has_now(session):
    account = join_identity(session, GOOGLE, NOON)
    bob = alice(session, email="bob@example.org")
    for email in ("bob@example.org", "new@example.org", None):
        assert join_identity(session, replace(GOOGLE, email=email), NOON) is account
    assert account.email == "alice@example.org"
    assert (count(session, Account), count(session, ExternalIdentity)) == (2, 1)
    assert bob.password_hash


def test_the_same_subject_at_another_provider_is_somebody_else(session):
    mine = join_identity(session, GOOGLE, NOON)
    claims = replace(FACEBOOK, subject="g-1", email="bob@example.org")
    assert join_identity(session, claims, NOON) is not mine


def test_a_verified_address_joins_its_confirmed_account_and_the_owner_is_told(session):
    account = alice(session, email_verified_at=NOON)
    kept, version = account.password_hash, account.session_version
    assert join_identity(session, GOOGLE, NOON) is account
    assert (account.password_hash, account.session_version) == (kept, version)
    assert account.first_name == "Julia"
    assert mails(session) == [(MailKind.IDENTITY_JOINED, "alice@example.org")]
    values = session.scalars(select(OutgoingMail.values)).one()
    assert values == {"provider": "Google", "password_removed": False}


def test_whoever_registered_a_strangers_address_is_turned_out_when_its_owner_comes(session):
    account = alice(session)
    version = account.session_version
    squatters = IdentityClaims("facebook", "f-666", None, False, "M", "M")
    link_identity(session, account.id, squatters, NOON)
    issue_link(session, account, Purpose.CONFIRM_EMAIL, "mallory@example.org", NOON)
    news = News(MailKind.EMAIL_CONFIRMATION, recipient="mallory@example.org")
    notify_account(session, account, news, NOON)
    session.flush()
    assert join_identity(session, GOOGLE, NOON) is account
    assert (account.password_hash, account.session_version) == (None, version + 1)
    assert account.email_verified_at == NOON
    assert session.scalars(select(ExternalIdentity.subject)).all() == ["g-1"]
    assert count(session, AccountToken) == 0
    assert mails(session) == [(MailKind.IDENTITY_JOINED, "alice@example.org")]
    assert session.scalars(select(OutgoingMail.values)).one()["password_removed"]


def test_an_address_that_nobody_vouches_for_joins_nothing(session):
    account = alice(session, email_verified_at=NOON)
    with pytest.raises(MustLink):
        join_identity(session, FACEBOOK, NOON)
    with pytest.raises(MustLink):
        join_identity(session, replace(GOOGLE, email_verified=False), NOON)
    assert count(session, ExternalIdentity) == 0
    assert mails(session) == []
    assert account.password_hash


@pytest.mark.parametrize("role", [Role.CASHIER, Role.MANAGER])
def test_a_member_of_staff_is_never_joined_by_their_address(session, pizzeria, role):
    make_staff(
        session, role, pizzeria.restaurant, email="alice@example.org", email_verified_at=NOON
    )
    with pytest.raises(MustLink):
        join_identity(session, GOOGLE, NOON)
    assert count(session, ExternalIdentity) == 0


def test_an_identifier_that_looks_like_the_address_is_not_joined_either(session, pizzeria):
    make_staff(session, Role.DRIVER, pizzeria.restaurant, identifier="alice@example.org")
    with pytest.raises(MustLink):
        join_identity(session, GOOGLE, NOON)
    assert count(session, Account) == 1


def test_a_member_of_staff_signs_in_with_what_they_linked_themselves(session, pizzeria):
    driver = make_staff(session, Role.DRIVER, pizzeria.restaurant)
    link_identity(session, driver.id, GOOGLE, NOON)
    assert join_identity(session, GOOGLE, NOON) is driver


@pytest.mark.parametrize("claims", [GOOGLE, FACEBOOK])
def test_a_closed_account_is_neither_entered_nor_joined(session, claims):
    account = alice(session, email_verified_at=NOON, status=AccountStatus.INACTIVE)
    with pytest.raises(AccountClosed):
        join_identity(session, claims, NOON)
    assert count(session, ExternalIdentity) == 0
    link_identity(session, account.id, claims, NOON)
    with pytest.raises(AccountClosed):
        join_identity(session, claims, NOON)
    assert count(session, Account) == 1


@pytest.mark.parametrize("claims", [GOOGLE, FACEBOOK])
def test_somebody_new_without_an_address_gets_no_account(session, claims):
    with pytest.raises(EmailMissing):
        join_identity(session, replace(claims, email=None), NOON)
    assert count(session, Account) == 0
