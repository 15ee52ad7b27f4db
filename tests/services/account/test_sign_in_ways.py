"""C12: one person may have several ways to sign in, never none."""

import pytest
from sqlalchemy import select

from factories import NOON, make_account
from ocpizza.domain.identity import IdentityClaims
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.sign_in import ExternalIdentity
from ocpizza.services.account.identity import join_identity
from ocpizza.services.account.sign_in_ways import (
    LastWay,
    LinkedElsewhere,
    link_identity,
    sign_in_ways,
    unlink_identity,
)

GOOGLE = IdentityClaims("google", "g-1", "alice@example.org", True, "Alice", "Bernard")
FACEBOOK = IdentityClaims("facebook", "f-1", "elsewhere@example.org", False, "Alice", "B")


def identities(session) -> list[tuple[str, int]]:
    rows = session.scalars(select(ExternalIdentity).order_by(ExternalIdentity.id))
    return [(each.subject, each.account_id) for each in rows]


def test_the_owner_links_and_is_told(session):
    account = make_account(session)
    assert link_identity(session, account.id, FACEBOOK, NOON)
    assert identities(session) == [("f-1", account.id)]
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.kind, mail.recipient) == (MailKind.IDENTITY_JOINED, account.email)
    assert mail.values["provider"] == "Facebook"
    assert join_identity(session, FACEBOOK, NOON) is account


def test_linking_again_changes_nothing(session):
    account = make_account(session)
    link_identity(session, account.id, FACEBOOK, NOON)
    assert not link_identity(session, account.id, FACEBOOK, NOON)
    assert len(identities(session)) == 1


def test_what_signs_in_to_another_account_cannot_be_linked(session):
    other = join_identity(session, GOOGLE, NOON)
    account = make_account(session)
    with pytest.raises(LinkedElsewhere):
        link_identity(session, account.id, GOOGLE, NOON)
    assert identities(session) == [("g-1", other.id)]


def test_a_password_and_two_identities_are_three_ways_of_which_one_stays(session):
    account = make_account(session)
    link_identity(session, account.id, GOOGLE, NOON)
    link_identity(session, account.id, FACEBOOK, NOON)
    ways = sign_in_ways(session, account)
    assert (ways.has_password, len(ways.identities), ways.only_one) == (True, 2, False)
    for identity in ways.identities:
        unlink_identity(session, account.id, identity.id, NOON)
    assert sign_in_ways(session, account).only_one


def test_the_last_way_stays(session):
    account = join_identity(session, GOOGLE, NOON)
    (identity,) = sign_in_ways(session, account).identities
    with pytest.raises(LastWay):
        unlink_identity(session, account.id, identity.id, NOON)
    assert identities(session) == [("g-1", account.id)]


def test_a_password_without_a_name_to_give_with_it_is_no_way(session):
    account = make_account(session, email=None)
    link_identity(session, account.id, GOOGLE, NOON)
    (identity,) = sign_in_ways(session, account).identities
    with pytest.raises(LastWay):
        unlink_identity(session, account.id, identity.id, NOON)


def test_nobody_takes_a_way_of_somebody_else(session):
    other = make_account(session)
    link_identity(session, other.id, GOOGLE, NOON)
    (identity,) = sign_in_ways(session, other).identities
    account = make_account(session)
    unlink_identity(session, account.id, identity.id, NOON)
    unlink_identity(session, account.id, 10**9, NOON)
    assert identities(session) == [("g-1", other.id)]


def test_the_owner_is_told_of_a_way_that_is_taken(session):
    account = make_account(session)
    link_identity(session, account.id, FACEBOOK, NOON)
    (identity,) = sign_in_ways(session, account).identities
    unlink_identity(session, account.id, identity.id, NOON)
    mail = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    assert (mail.kind, mail.recipient) == (MailKind.IDENTITY_REMOVED, account.email)
    assert mail.values == {"provider": "Facebook"}
