"""C1: a new password, by its owner or by the link that their mail holds."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from factories import NOON, PASSWORD, make_account, make_restaurant, make_staff
from guessing import AT_HOME, check_password
from ocpizza.models.account import AccountStatus, Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.sign_in import AccountToken
from ocpizza.services.account.devices import arrive, people_at
from ocpizza.services.account.links import (
    LinkDead,
    Purpose,
    forget_old_links,
    issue_link,
    link_works,
    names_behind,
    use_link,
)
from ocpizza.services.account.password import (
    ask_new_password,
    change_password,
    find_owner,
    reset_password,
)
from ocpizza.services.account.quick_codes import has_code, set_quick_code
from ocpizza.services.account.sign_in_attempts import TooManyAttempts, begin_attempt

JULIA = "julia@example.org"
NEW = "une pâte bien levée"
RESET, CONFIRM = Purpose.NEW_PASSWORD, Purpose.CONFIRM_EMAIL
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def julia(session):
    return make_account(session, email=JULIA)


def mails(session) -> list[OutgoingMail]:
    session.flush()
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def link(session, account, purpose=RESET, email=JULIA) -> str:
    token = issue_link(session, account, purpose, email, NOON)
    session.flush()
    return token


def test_a_changed_password_signs_out_everywhere_and_is_told(session, julia):
    before, token = julia.session_version, link(session, julia)
    change_password(session, julia, NEW, NOON)
    assert julia.session_version == before + 1
    assert [(mail.kind, mail.recipient) for mail in mails(session)] == [
        (MailKind.PASSWORD_CHANGED, JULIA)
    ]
    assert not link_works(session, token, RESET, NOON)
    assert check_password(session, JULIA, PASSWORD) is None
    assert check_password(session, JULIA, NEW) is julia


def test_who_had_the_old_password_has_no_quick_code_either(session):
    cook = make_staff(session, Role.PIZZAIOLO, make_restaurant(session))
    set_quick_code(session, cook, "4725", NOON)
    change_password(session, cook, NEW, NOON)
    secret = arrive(session, None, cook, None, NOON).secret
    assert people_at(session, secret, NOON) == []
    assert not has_code(session, cook.id)


def test_a_link_sets_a_password_once(session, julia):
    token = link(session, julia)
    assert reset_password(session, token, NEW, AT_HOME, NOON) is julia
    assert check_password(session, JULIA, NEW) is julia
    with pytest.raises(LinkDead):
        reset_password(session, token, "another password", AT_HOME, NOON)
    assert check_password(session, JULIA, NEW) is julia


def test_a_link_confirms_the_address_and_lifts_the_limits(session, julia):
    for _ in range(5):
        begin_attempt(session, JULIA, AT_HOME, NOON)
    with pytest.raises(TooManyAttempts):
        begin_attempt(session, JULIA, AT_HOME, NOON)
    reset_password(session, link(session, julia), NEW, AT_HOME, NOON)
    assert julia.email_verified_at == NOON
    assert check_password(session, JULIA, NEW) is julia


def test_setting_a_password_ends_every_other_link(session, julia):
    others = [
        (link(session, julia), RESET),
        (link(session, julia, CONFIRM, "x@y.example"), CONFIRM),
    ]
    reset_password(session, link(session, julia), NEW, AT_HOME, NOON)
    assert not any(link_works(session, token, purpose, NOON) for token, purpose in others)


@pytest.mark.parametrize(("purpose", "lifetime"), [(RESET, HOUR), (CONFIRM, 72 * HOUR)])
def test_a_link_expires(session, julia, purpose, lifetime):
    token, end = link(session, julia, purpose), NOON + lifetime
    assert link_works(session, token, purpose, end - SECOND)
    assert not link_works(session, token, purpose, end)
    with pytest.raises(LinkDead):
        use_link(session, token, purpose, end)


def test_a_link_tells_whose_names_a_new_password_must_not_be_made_of(session, julia):
    token = link(session, julia)
    assert {"Julia", "Moreau", JULIA} <= set(names_behind(session, token, RESET, NOON))
    assert names_behind(session, token, RESET, NOON + HOUR) == ()
    assert names_behind(session, token, CONFIRM, NOON) == ()


def test_a_link_does_only_what_it_was_sent_for(session, julia):
    token = link(session, julia, CONFIRM)
    with pytest.raises(LinkDead):
        reset_password(session, token, NEW, AT_HOME, NOON)
    assert use_link(session, token, CONFIRM, NOON) == (julia, JULIA)


@pytest.mark.parametrize("token", ["", "x" * 43, "é\x00"])
def test_what_never_was_a_link_opens_nothing(session, julia, token):
    with pytest.raises(LinkDead):
        reset_password(session, token, NEW, AT_HOME, NOON)


def test_the_digest_that_is_kept_is_no_link(session, julia):
    link(session, julia)
    kept = session.scalars(select(AccountToken.sha256)).one()
    assert not link_works(session, kept, RESET, NOON)


def test_a_link_sent_to_an_address_that_was_replaced_sets_no_password(session, julia):
    token = link(session, julia)
    julia.email = "julia@new.example"
    with pytest.raises(LinkDead):
        reset_password(session, token, NEW, AT_HOME, NOON)


def test_a_link_that_was_sent_to_no_address_opens_nothing(session, julia):
    token = link(session, julia)
    session.scalars(select(AccountToken)).one().email = None
    session.flush()
    with pytest.raises(LinkDead):
        use_link(session, token, RESET, NOON)


def test_a_link_opens_no_account_that_was_deactivated(session, julia):
    token = link(session, julia)
    julia.status = AccountStatus.INACTIVE
    with pytest.raises(LinkDead):
        reset_password(session, token, NEW, AT_HOME, NOON)


@pytest.mark.parametrize("email", [JULIA, "nobody@example.org"])
def test_a_link_is_asked_for_without_looking_whose_address_it_is(session, julia, email):
    ask_new_password(session, email, "fr", NOON)
    (mail,) = mails(session)
    assert (mail.kind, mail.recipient, mail.account_id) == (MailKind.PASSWORD_RESET, email, None)
    assert session.scalar(select(func.count()).select_from(AccountToken)) == 0


def test_nobody_floods_an_address_with_links(session, julia):
    for _ in range(3 + 3):
        ask_new_password(session, JULIA, "fr", NOON)
        session.flush()
    ask_new_password(session, "other@example.org", "fr", NOON)
    assert [mail.recipient for mail in mails(session)] == [JULIA] * 3 + ["other@example.org"]
    ask_new_password(session, JULIA, "fr", NOON + HOUR - SECOND)
    assert len(mails(session)) == 3 + 1
    ask_new_password(session, JULIA, "fr", NOON + HOUR)
    assert len(mails(session)) == 3 + 2


def test_only_an_active_account_owns_an_address(session, julia):
    assert find_owner(session, JULIA) is julia
    assert find_owner(session, "nobody@example.org") is None
    julia.status = AccountStatus.INACTIVE
    session.flush()
    assert find_owner(session, JULIA) is None


def test_links_that_expired_are_deleted(session, julia):
    link(session, julia)
    assert forget_old_links(session, NOON) == 0
    assert forget_old_links(session, NOON + timedelta(days=1)) == 1
