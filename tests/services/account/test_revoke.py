"""A stranger’s address, registered by somebody else: its mail makes it its owner’s again."""

from datetime import date

from sqlalchemy import select

from factories import NOON, make_account
from ocpizza.domain.identity import IdentityClaims
from ocpizza.domain.postal_address import Address
from ocpizza.models.account import AddressUse
from ocpizza.models.card import SavedCard, StripeRemoval
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.sign_in import ExternalIdentity
from ocpizza.services.account.addresses import save_address, saved_address
from ocpizza.services.account.identity import join_identity
from ocpizza.services.account.links import Purpose, issue_link
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.account.password import reset_password
from ocpizza.services.account.revoke import revoke_access
from ocpizza.services.payment.cards import saved_cards

SQUATTER = IdentityClaims("facebook", "f-666", "alice@example.org", False, "M", "M")


def subjects(session) -> list[str]:
    return list(session.scalars(select(ExternalIdentity.subject)))


def reset(session, account) -> None:
    token = issue_link(session, account, Purpose.NEW_PASSWORD, account.email, NOON)
    session.flush()
    reset_password(session, token, "a password of mine", "192.0.2.0/24", NOON)
    session.flush()


def test_whoever_came_by_facebook_before_it_was_confirmed_is_out(session):
    account = join_identity(session, SQUATTER, NOON)
    version = account.session_version
    reset(session, account)
    assert subjects(session) == []
    assert account.session_version > version
    assert account.password_hash
    assert account.email_verified_at == NOON


def test_whoever_linked_a_provider_themselves_keeps_it(session):
    account = make_account(session, email="alice@example.org", email_verified_at=NOON)
    join_identity(session, IdentityClaims("google", "g-1", account.email, True, "A", "B"), NOON)
    reset(session, account)
    assert subjects(session) == ["g-1"]


def test_nothing_stays_that_would_act_for_the_owner_unawares(session):
    account = make_account(
        session, email="alice@example.org", phone="+33612345678", birthday=date(1990, 3, 4)
    )
    save_address(session, account, AddressUse.DELIVERY, Address("1 rue Haute", "75011", "Paris"))
    account.stripe_customer_id = "cus_666"
    card = {"stripe_payment_method_id": "pm_666", "brand": "visa", "last4": "4242"}
    session.add(SavedCard(account_id=account.id, saved_at=NOON, **card))
    session.flush()
    revoke_access(session, account, NOON)
    session.flush()
    assert (account.password_hash, account.phone, account.birthday) == (None, None, None)
    assert saved_address(session, account.id, AddressUse.DELIVERY) is None
    assert saved_cards(session, account.id) == []
    assert session.scalars(select(StripeRemoval.stripe_id)).all() == ["cus_666"]
    assert account.full_name == "Julia Moreau"


def test_what_is_somebody_elses_stays(session):
    account = make_account(session, email="alice@example.org")
    other = make_account(session, email="bob@example.org", email_verified_at=NOON)
    join_identity(session, IdentityClaims("google", "g-1", other.email, True, "B", "B"), NOON)
    save_address(session, other, AddressUse.DELIVERY, Address("1 rue Haute", "75011", "Paris"))
    token = issue_link(session, other, Purpose.NEW_PASSWORD, other.email, NOON)
    session.flush()
    revoke_access(session, account, NOON)
    session.flush()
    assert subjects(session) == ["g-1"]
    assert saved_address(session, other.id, AddressUse.DELIVERY)
    assert reset_password(session, token, "a password of mine", "192.0.2.0/24", NOON)


def test_no_link_that_the_squatter_asked_for_is_sent_any_more(session):
    account = make_account(session, email="alice@example.org")
    other = make_account(session, email="bob@example.org")
    for who, event in ((account, "sent"), (account, "waits"), (other, "waits")):
        notify_account(session, who, News(MailKind.EMAIL_CONFIRMATION, event=event), NOON)
    session.flush()
    first = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).first()
    first.sent_at = NOON
    session.flush()
    revoke_access(session, account, NOON)
    mails = select(OutgoingMail.account_id, OutgoingMail.sent_at)
    left = session.execute(mails.order_by(OutgoingMail.account_id)).all()
    assert left == [(account.id, NOON), (other.id, None)]
