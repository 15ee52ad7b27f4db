"""When a sign-in ends on the server, whatever cookies say."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.basket import Basket
from ocpizza.models.sign_in import SignInSession
from ocpizza.routes import ROUTES
from ocpizza.security.polls import RELOADED, is_poll
from views.pages import form_of, notices, place, soup, words
from views.website import BASKET, CHECKOUT, HERE, sign_in

WORK = f"/equipe/{HERE}"
BOARDS = {"pizzaiolo": "cuisine", "driver": "livraisons", "cashier": "comptoir"}
ENDED = "Votre session est terminée, par sécurité. Connectez-vous de nouveau pour continuer."
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# who: (page, idle limit, limit in all), as the shop promises them.
LIMITS = {
    "customer": ("/compte", 30 * DAY, 180 * DAY),
    "cashier": ("/equipe", 10 * MINUTE, 12 * HOUR),
    "pizzaiolo": ("/equipe", 10 * MINUTE, 12 * HOUR),
    # On their own telephone.
    "driver": ("/equipe", 12 * HOUR, 12 * HOUR),
    "manager": ("/equipe", 10 * MINUTE, 12 * HOUR),
    "direction": ("/equipe", 10 * MINUTE, 12 * HOUR),
}


@contextmanager
def later(after: timedelta):
    """As if so much time had passed since the test began."""
    with time_machine.travel(datetime.now(UTC) + after, tick=False):
        yield


def inside(browser, page: str) -> bool:
    answer = browser.get(page, expect_errors=True)
    assert answer.status_int in (200, 303)
    return answer.status_int == 200 or not place(answer).startswith("/connexion")


def copy_of(browser, website):
    """Another browser with the same cookies."""
    thief = website.browser()
    for cookie in browser.cookiejar:
        thief.cookiejar.set_cookie(cookie)
    return thief


def rows(website) -> int:
    with website.session() as session:
        return session.scalar(select(func.count()).select_from(SignInSession))


def seen_now(website) -> None:
    """Who signed in with an earlier test of this run was seen a moment ago, too."""
    with website.session() as session:
        session.execute(update(SignInSession).values(last_seen_at=datetime.now(UTC)))


@pytest.mark.parametrize("who", LIMITS)
def test_whoever_does_nothing_is_signed_out(website, who):
    page, idle, _ = LIMITS[who]
    browser = website.staff(who)
    seen_now(website)
    with later(idle - MINUTE):
        assert inside(copy_of(browser, website), page)
    seen_now(website)
    with later(idle + MINUTE):
        assert not inside(browser, page)


@pytest.mark.parametrize("who", LIMITS)
def test_whoever_goes_on_is_signed_out_in_the_end(website, who):
    page, idle, in_all = LIMITS[who]
    browser = website.staff(who)
    step = idle - MINUTE if who != "customer" else idle - 2 * DAY
    passed = step
    while passed < in_all - MINUTE:
        with later(passed):
            assert inside(browser, page), passed
        passed += step
    with later(in_all - 2 * MINUTE):
        assert inside(browser, page)
    with later(in_all):
        assert not inside(browser, page)


@pytest.mark.parametrize("who", BOARDS)
def test_a_board_that_asks_by_itself_keeps_nobody_signed_in(website, who):
    board = f"{WORK}/{BOARDS[who]}"
    browser = website.staff(who)
    reload = soup(browser.get(board)).select_one("noscript meta")["content"]
    assert reload == f"15; url={board}?{RELOADED}"
    idle = LIMITS[who][1]
    for eighths in range(1, 8):
        with later(eighths * idle / 8):
            browser.get(f"{board}/etat", status=200)
            browser.get(f"{board}?{RELOADED}", status=200)
    with later(idle):
        answer = browser.get(f"{board}/etat", status=403)  # has the page load anew
        assert answer.body == b""
        asked = browser.get(board, status=303)
        assert place(asked) == f"/connexion?suite={board.replace('/', '%2F')}"
        page = asked.follow()
        assert notices(page) == [ENDED]
        form = form_of(page, "/connexion")
        form["identifier"], form["password"] = f"{who}.{HERE}", "quatre-fromages"
        assert place(form.submit(status=303)) == board


def test_the_copy_that_a_telephone_keeps_keeps_nobody_signed_in(website):
    board = f"{WORK}/{BOARDS['driver']}"
    browser = website.staff("manager")
    seen_now(website)
    idle = LIMITS["manager"][1]
    for eighths in range(1, 8):
        with later(eighths * idle / 8):
            browser.get(f"{board}/copie", status=200)
    with later(idle):
        browser.get(board, status=303)


@pytest.mark.parametrize("who", BOARDS)
def test_whoever_works_at_a_board_stays(website, who):
    board = f"{WORK}/{BOARDS[who]}"
    browser = website.staff(who)
    for minutes in range(8, 48, 8):
        with later(minutes * MINUTE):
            browser.get(board, status=200)


def test_polls_are_told_from_pages():
    polls = {name for name, _, _ in ROUTES if is_poll(name)}
    live = {name for name, path, _ in ROUTES if path.endswith("/etat")}
    assert polls == live
    assert len(polls) >= 4


@pytest.mark.parametrize("who", ["customer", "manager"])
def test_a_copy_of_the_cookie_is_dead_after_signing_out(website, who):
    page = LIMITS[who][0]
    browser = website.staff(who)
    browser.add()
    browser.give_details()
    copied, as_it_was = copy_of(browser, website), copy_of(browser, website)
    assert inside(copied, page)
    browser.post_form("/deconnexion")
    assert not inside(copied, page)
    # Nor does it show what was being ordered.
    assert "Oberkampf" not in as_it_was.get(CHECKOUT, expect_errors=True).text
    assert "Votre panier est vide" in words(copy_of(browser, website).get(BASKET))
    assert rows(website) == 0


def test_devices_are_independent(website):
    telephone, laptop = website.browser(), website.browser()
    for device in (telephone, laptop):
        assert sign_in(device, website.chain.identifiers["customer"]).status_int == 303
    telephone.post_form("/deconnexion")
    assert not inside(telephone, "/compte")
    assert inside(laptop, "/compte")
    assert rows(website) == 1


def test_signing_out_everywhere_ends_all_of_them(website):
    devices = [website.browser() for _ in range(3)]
    for device in devices:
        assert sign_in(device, website.chain.identifiers["customer"]).status_int == 303
    other = website.staff("cashier")
    devices[0].post_form("/compte/deconnexion-partout")
    assert [inside(device, "/compte") for device in devices] == [False] * 3
    assert inside(other, "/equipe")


def test_signing_in_again_ends_the_session_before(website):
    browser = website.browser()
    sign_in(browser, website.chain.identifiers["customer"])
    before = copy_of(browser, website)
    sign_in(browser, website.chain.identifiers["customer"])
    assert inside(browser, "/compte")
    assert not inside(before, "/compte")


@pytest.mark.parametrize("who", ["customer", "driver"])
def test_a_deactivated_account_is_out_at_the_next_request(website, who):
    page = LIMITS[who][0]
    browser = website.staff(who)
    with website.session() as session:
        account = session.get_one(Account, website.account(who).id)
        account.status = AccountStatus.INACTIVE
    assert not inside(browser, page)
    with website.session() as session:
        session.get_one(Account, account.id).status = AccountStatus.ACTIVE
    assert not inside(browser, page)


def test_the_basket_of_an_ended_session_shows_itself_to_nobody(website):
    cashier = website.staff("cashier")
    cashier.add()
    cashier.give_details(contact_name="Zenobine Dubois")
    with website.session() as session:
        assert session.scalars(select(Basket)).one().details["contact_name"] == "Zenobine Dubois"
    with later(31 * MINUTE):
        page = cashier.get(BASKET)
        assert "Votre panier est vide" in words(page)
        assert notices(page) == [ENDED]
        assert "Zenobine" not in cashier.get(CHECKOUT, expect_errors=True).text


def test_only_what_a_person_does_is_written_and_not_each_time(website):
    browser = website.staff("cashier")
    with later(2 * MINUTE), website.counted() as statements:
        browser.get(f"{WORK}/comptoir/etat")
        assert not any("UPDATE" in each for each in statements)
        browser.get("/equipe")
        browser.get("/equipe")
    assert sum(each.startswith("UPDATE sign_in_session") for each in statements) == 1


def test_who_is_signed_in_is_one_statement(website):
    browser = website.staff("customer")
    with website.counted() as statements:
        browser.get("/conditions-generales")
    assert sum("sign_in_session" in each for each in statements) == 1
    assert not any("FROM account " in each for each in statements if "sign_in" not in each)
