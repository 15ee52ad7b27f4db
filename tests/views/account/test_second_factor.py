"""C11: between the password and the first page, a code; until then nobody is signed in."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import delete, select, update

from factories import KEY, PASSWORD, make_account
from ocpizza.domain.totp import code_of, step_at
from ocpizza.models.account import Account, AccountStatus, Employee
from ocpizza.models.second_factor import HalfSignIn, RecoveryCode, SecondFactor
from ocpizza.models.sign_in import SignInSession
from ocpizza.operations.demo_data import demo_code
from security.test_roles import PAGES, outcome
from views.pages import form_of, notices, place, soup, words
from views.website import SECOND_FACTOR, Browser, sign_in

OWN = "/compte/double-authentification"
COLLEAGUE = "/equipe/city_001/personnel/{}"


@pytest.fixture
def known(website):
    """Nobody has set up a second factor yet."""
    with website.session() as session:
        session.execute(delete(SecondFactor))


def password_alone(browser: Browser, identifier: str = "direction"):
    """Send the sign-in form, and nothing after it."""
    form = browser.form("/connexion", "/connexion")
    form["identifier"], form["password"] = identifier, PASSWORD
    return form.submit(expect_errors=True)


def code(key: str = KEY, late: int = 0) -> str:
    return code_of(key, step_at(datetime.now(UTC)) + late)


def show(browser: Browser, typed: str):
    form = form_of(browser.get(SECOND_FACTOR), SECOND_FACTOR)
    form["code"] = typed
    return form.submit(expect_errors=True)


def shown_key(browser: Browser) -> str:
    return soup(browser.get(SECOND_FACTOR)).select_one(".key").text.replace(" ", "")


def shown_codes(page) -> list[str]:
    return [each.text for each in soup(page).select(".recovery-codes li")]


def sessions(website) -> int:
    with website.session() as session:
        return len(session.scalars(select(SignInSession)).all())


def test_a_password_alone_opens_no_page_that_a_visitor_may_not_open(website):
    """Every route: who has shown the password is a visitor still."""
    order = website.order()
    half = {}
    for route, method in PAGES:
        if route.startswith("second_factor") or (method == "POST" and route == "sign_out"):
            continue
        visitor = outcome(website, "visitor", route, method, order)
        browser = website.browser()
        assert place(password_alone(browser)) == SECOND_FACTOR
        with _as(website, browser):
            found = outcome(website, "half", route, method, order)
        if found != visitor:
            half[route, method] = (visitor, found)
        _forget(website)
    assert half == {}
    assert sessions(website) == 0


class _as:
    """Have `website.staff` give this browser."""

    def __init__(self, website, browser) -> None:
        self.website, self.browser = website, browser

    def __enter__(self) -> None:
        self.website.staff = lambda _who: self.browser

    def __exit__(self, *_error: object) -> None:
        del self.website.staff


def _forget(website) -> None:
    with website.session() as session:
        session.execute(delete(HalfSignIn))


def test_a_code_lets_in_to_where_one_wanted_to_go(website, browser):
    asked = browser.get("/equipe/city_001/cuisine", status=303)
    answer = sign_in(browser, "direction", path=place(asked))
    assert place(answer) == "/equipe/city_001/cuisine"
    assert "Connecté" in notices(answer.follow())


def test_cookies_change_with_each_step_and_those_of_before_open_nothing(website, browser):
    browser.add()
    before = {each.name: each.value for each in browser.cookiejar}
    password_alone(browser)
    half = {each.name: each.value for each in browser.cookiejar}
    copy = website.browser()
    for cookie in browser.cookiejar:
        copy.cookiejar.set_cookie(cookie)
    assert show(browser, code()).status_int == 303
    whole = {each.name: each.value for each in browser.cookiejar}
    assert len({str(sorted(each.items())) for each in (before, half, whole)}) == 3
    assert place(copy.get(SECOND_FACTOR)) == "/connexion"
    assert copy.get("/equipe").status_int == 303
    assert browser.get("/equipe").status_int == 200
    assert browser.lines() == [("Margherita", 1)]


def test_a_code_is_good_once(website):
    first, second = website.browser(), website.browser()
    for browser in (first, second):
        password_alone(browser)
    typed = code()
    assert show(first, typed).status_int == 303
    page = show(second, typed)
    assert page.status_int == 422
    assert "a déjà servi" in words(page)
    assert second.get("/equipe").status_int == 303


def test_the_groups_manager_sets_one_up_at_the_first_sign_in(website, browser, known):
    password_alone(browser)
    page = browser.get(SECOND_FACTOR)
    assert "no-store" in page.headers["Cache-Control"]
    key = shown_key(browser)
    assert re.fullmatch("[A-Z2-7]{32}", key)
    assert soup(page).select_one(".qr-code svg path")
    assert f"secret={key}" in soup(page).select_one("a[href^=otpauth]")["href"]
    assert show(browser, "000000").status_int == 422
    assert shown_key(browser) == key
    assert browser.get("/equipe").status_int == 303
    page = show(browser, code(key))
    codes = shown_codes(page)
    assert len(codes) == 10
    assert "no-store" in page.headers["Cache-Control"]
    assert browser.get("/equipe").status_int == 200
    # Nothing shows them again, and they let in where the telephone is not at hand.
    assert codes[0] not in browser.get(OWN)
    lost = website.browser()
    password_alone(lost)
    answer = show(lost, codes[0])
    assert place(answer) == "/equipe"
    assert "il vous en reste 9" in " ".join(notices(answer.follow()))


def test_wrong_codes_are_limited_and_a_right_one_must_wait_then(website, browser):
    # As a window of the limits begins.
    start = datetime.fromtimestamp((datetime.now(UTC).timestamp() // 600 + 1) * 600, UTC)
    with time_machine.travel(start):
        password_alone(browser)
        for _ in range(5):
            assert show(browser, "000000").status_int == 422
        page = show(browser, code())
        assert page.status_int == 429
        assert page.headers["Retry-After"]
        # Neither another browser nor the password again helps.
        other = website.browser()
        password_alone(other)
        assert show(other, code()).status_int == 429
    with time_machine.travel(start + timedelta(minutes=10)):
        again = website.browser()
        password_alone(again)
        assert show(again, code()).status_int == 303


def test_right_codes_are_not_counted(website):
    with website.session() as session:
        session.execute(update(SecondFactor).values(last_step=0))
    for _ in range(8):
        with website.session() as session:
            session.execute(update(SecondFactor).values(last_step=0))
        browser = website.browser()
        password_alone(browser)
        assert show(browser, code()).status_int == 303


@pytest.mark.parametrize("typed", ["", "null", " ", "0" * 500, "é", "\x00"])
def test_what_is_no_code_is_refused_in_words(website, browser, typed):
    password_alone(browser)
    page = show(browser, typed)
    assert page.status_int == 422
    assert soup(page).select_one("#code-erreur, .error-summary")


def test_without_a_password_there_is_no_page(website, browser):
    assert place(browser.get(SECOND_FACTOR)) == "/connexion"
    assert place(browser.post_form(SECOND_FACTOR, {"code": code()})) == "/connexion"
    assert place(website.staff("cashier").get(SECOND_FACTOR)) == "/equipe"


def test_it_takes_too_long_and_the_password_is_asked_again(website, browser):
    password_alone(browser)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        answer = browser.post_form(SECOND_FACTOR, {"code": code()})
        assert place(answer) == "/connexion"
        assert "a expiré" in notices(answer.follow())[0]


def test_giving_up_leaves_nothing_to_go_on_with(website, browser):
    password_alone(browser)
    form_of(browser.get(SECOND_FACTOR), "/deconnexion").submit()
    with website.session() as session:
        assert session.scalars(select(HalfSignIn)).all() == []
    assert place(browser.get(SECOND_FACTOR)) == "/connexion"


def test_whoever_is_deactivated_meanwhile_does_not_come_in(website, browser):
    password_alone(browser)
    with website.session() as session:
        who = Account.identifier == "direction"
        session.execute(update(Account).where(who).values(status=AccountStatus.INACTIVE))
    assert place(browser.post_form(SECOND_FACTOR, {"code": code()})) == "/connexion"


def test_a_forgotten_passwords_link_is_one_factor_only(website, browser):
    from ocpizza.services.account.links import Purpose, issue_link

    now = datetime.now(UTC)
    with website.session() as session:
        account = session.scalars(select(Account).where(Account.identifier == "direction")).one()
        account.email = "direction@example.org"
        link = issue_link(session, account, Purpose.NEW_PASSWORD, account.email, now)
    form = browser.form(f"/mot-de-passe/{link}", f"/mot-de-passe/{link}")
    form["password"] = "une longue phrase de passe"
    assert place(form.submit()) == SECOND_FACTOR
    assert browser.get("/equipe").status_int == 303
    # An address that was never confirmed takes ways in away, not what is asked beside them.
    assert not soup(browser.get(SECOND_FACTOR)).select_one(".key")
    assert place(show(browser, code())) == "/compte"


def test_a_new_password_of_ones_own_keeps_one_signed_in(website):
    browser = website.staff("direction")
    form = browser.form("/compte/mot-de-passe", "/compte/mot-de-passe")
    form["current"], form["password"] = PASSWORD, "une longue phrase de passe"
    assert place(form.submit()) == "/compte"
    assert browser.get("/equipe").status_int == 200


def test_whoever_comes_to_manage_the_group_is_out_until_they_have_two_factors(website):
    manager = website.staff("manager")
    assert manager.get("/equipe/city_001/cuisine").status_int == 200
    with website.session() as session:
        raised = Employee.account_id == website.account("manager").id
        session.execute(update(Employee).where(raised).values(restaurant_id=None))
    assert manager.get("/equipe/city_001/cuisine").status_int == 303
    assert manager.get("/equipe/city_001/cuisine/etat", status="*").status_int == 403
    again = website.browser()
    assert place(password_alone(again, "manager.city_001")) == SECOND_FACTOR
    assert shown_key(again)


def test_a_restaurants_manager_sets_one_up_and_removes_it(website):
    browser = website.staff("manager")
    answer = form_of(browser.get(OWN), f"{OWN}/activer").submit()
    assert place(answer) == SECOND_FACTOR
    # They are signed in as they were while they do.
    assert browser.get("/equipe/city_001/cuisine").status_int == 200
    page = show(browser, code(shown_key(browser)))
    assert len(shown_codes(page)) == 10
    assert browser.get("/equipe/city_001/cuisine").status_int == 200
    renewed = form_of(browser.get(OWN), f"{OWN}/codes").submit()
    assert not set(shown_codes(renewed)) & set(shown_codes(page))
    assert place(password_alone(website.browser(), "manager.city_001")) == SECOND_FACTOR
    answer = form_of(browser.get(OWN), f"{OWN}/retirer").submit().follow()
    assert "retirée" in notices(answer)[0]
    assert place(password_alone(website.browser(), "manager.city_001")) == "/equipe"


def test_the_groups_manager_changes_telephones_and_does_not_go_without(website):
    browser = website.staff("direction")
    assert not soup(browser.get(OWN)).select(f'form[action="{OWN}/retirer"]')
    answer = browser.post_form(f"{OWN}/retirer").follow()
    assert "ne se connecte pas sans" in notices(answer)[0]
    form_of(browser.get(OWN), f"{OWN}/activer").submit()
    key = shown_key(browser)
    assert len(shown_codes(show(browser, code(key)))) == 10
    old = website.browser()
    password_alone(old)
    assert show(old, code(KEY, 1)).status_int == 422
    assert show(old, code(key, 1)).status_int == 303


@pytest.mark.parametrize("action", ["activer", "retirer", "codes"])
def test_each_of_these_wants_a_fresh_proof(website, action):
    browser = website.at_own_device("direction")
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        answer = browser.post_form(f"{OWN}/{action}")
        assert place(answer).startswith("/compte/preuve")
    with website.session() as session:
        assert session.scalars(select(HalfSignIn)).all() == []
        assert session.scalars(select(RecoveryCode)).all() == []


def test_customers_have_no_such_page(website):
    browser = website.staff("customer")
    assert browser.get(OWN, status="*").status_int == 403
    assert OWN not in browser.get("/compte")


def test_a_manager_takes_it_from_a_colleague_who_lost_their_telephone(website):
    with website.session() as session:
        account = session.scalars(
            select(Account).where(Account.identifier == "manager.city_001")
        ).one()
        values = {"key": KEY, "last_step": 0, "enrolled_at": datetime.now(UTC)}
        session.add(SecondFactor(account_id=account.id, **values))
    path = COLLEAGUE.format(account.id)
    colleague, boss = website.staff("manager"), website.staff("direction")
    # Nobody does it for themselves: they would not have lost it.
    own = colleague.post_form(f"{path}/double-authentification", {"version": "1"})
    assert place(own) == path
    stale = boss.post_form(f"{path}/double-authentification", {"version": "9"})
    assert "modifié entre-temps" in notices(stale.follow())[0]
    answer = form_of(boss.get(path), f"{path}/double-authentification").submit().follow()
    assert "est retirée" in notices(answer)[0]
    assert colleague.get("/equipe/city_001/cuisine").status_int == 303
    assert place(password_alone(website.browser(), "manager.city_001")) == "/equipe"
    trail = words(boss.get(f"/equipe/city_001/journal?sur={account.id}"))
    assert "Double authentification" in trail
    assert not soup(boss.get(path)).select(f'form[action="{path}/double-authentification"]')


def test_only_the_demos_key_is_told(website):
    with website.session() as session:
        id = make_account(session).id
        own = SecondFactor(account_id=id, key=KEY, last_step=0, enrolled_at=datetime.now(UTC))
        session.add(own)
        session.flush()
        now = datetime.now(UTC)
        assert demo_code(session, id, now) is None
        own.key = "OCPIZZADEMOCODEOCPIZZADEMOCODEOC"
        session.flush()
        assert demo_code(session, id, now) == code_of(own.key, step_at(now))
