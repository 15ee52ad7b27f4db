"""UC7.1: a deactivated person is out at the next request, whatever it is, and stays out."""

import pytest
from sqlalchemy import select, update

from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.order_status import Status
from ocpizza.models.sign_in import SignInSession
from security.test_roles import PAGES, outcome
from views.pages import form_of, notices, place
from views.website import HERE, sign_in

JOBS = ("cashier", "pizzaiolo", "driver", "manager", "direction")
POLLS = {
    "cashier": "comptoir",
    "pizzaiolo": "cuisine",
    "driver": "livraisons",
    "manager": "cuisine",
    "direction": "cuisine",
}


def set_status(website, who: str, status: AccountStatus) -> None:
    """As if by another process: nothing but the account's row says so."""
    with website.session() as session:
        theirs = Account.id == website.account(who).id
        session.execute(update(Account).where(theirs).values(status=status))


def has_session(website, who: str) -> bool:
    with website.session() as session:
        theirs = SignInSession.account_id == website.account(who).id
        return session.scalar(select(SignInSession.sha256).where(theirs).limit(1)) is not None


@pytest.mark.parametrize("who", JOBS)
def test_every_route_sees_a_visitor_at_the_next_request(website, monkeypatch, who):
    order = website.order(Status.READY)
    as_visitor = {page: outcome(website, "visitor", *page, order) for page in PAGES}
    found = {}
    for page in PAGES:
        set_status(website, who, AccountStatus.ACTIVE)
        browser = website.staff(who)
        # The token of their session: what they post next is what they meant to.
        browser.token()
        set_status(website, who, AccountStatus.INACTIVE)
        with monkeypatch.context() as patch:
            patch.setattr(website, "staff", lambda _who, browser=browser: browser)
            found[page] = outcome(website, who, *page, order)
    # Their session's row is there still: it is not what lets them in.
    assert has_session(website, who)
    assert {page: each for page, each in found.items() if each != as_visitor[page]} == {}


@pytest.mark.parametrize(("who", "page"), POLLS.items())
def test_a_board_that_polls_is_told_to_load_anew_and_leads_to_signing_in(website, who, page):
    browser, board = website.staff(who), f"/equipe/{HERE}/{page}"
    shown = browser.get(f"{board}/etat")
    set_status(website, who, AccountStatus.INACTIVE)
    # Also one that would have been told that nothing has changed.
    known = {"If-None-Match": shown.headers["ETag"]}
    answer = browser.get(f"{board}/etat", headers=known, status="*")
    assert (answer.status_int, answer.body) == (403, b"")
    assert place(browser.get(board)).startswith("/connexion")


def test_a_manager_puts_somebody_out_in_the_middle_of_their_work(website):
    manager, cook = website.staff("manager"), website.staff("pizzaiolo")
    order = website.order()
    path = f"/equipe/{HERE}/personnel/{website.account('pizzaiolo').id}"
    form_of(manager.get(path), f"{path}/activite").submit("desactiver")
    step = {"before": "to_prepare", "after": "accepted", "board": "kitchen"}
    answer = cook.post_form(f"/equipe/{HERE}/commandes/{order.number}/statut", step)
    assert answer.status_int in (303, 400, 403)
    assert website.look_at(order).status == order.status
    assert not has_session(website, "pizzaiolo")
    # Let in again, they sign in again: what was open before stays shut.
    form_of(manager.get(path), f"{path}/activite").submit("activer")
    assert cook.get(f"/equipe/{HERE}/cuisine").status_int == 303
    assert sign_in(website.browser(), "pizzaiolo.city_001").status_int == 303


def test_who_is_out_is_told_so_once_on_the_next_page(website):
    browser = website.staff("driver")
    set_status(website, "driver", AccountStatus.INACTIVE)
    page = browser.get(f"/equipe/{HERE}/livraisons").follow()
    assert "Votre session est terminée" in notices(page)[0]
