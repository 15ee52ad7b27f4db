"""C11 at a shared device: short idle time, and four digits to take one's place again."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from factories import PASSWORD
from ocpizza.models.account import Account
from ocpizza.models.device import Device, DevicePerson
from ocpizza.models.sign_in import SignInSession
from views.pages import form_of, notices, place, soup, words
from views.website import HERE, SECOND_FACTOR, show_second_factor, sign_in

DEVICE, QUICK = "/equipe/appareil", "/connexion/rapide"
CODE = "4725"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch):
    monkeypatch.setattr("ocpizza.services.account.quick_codes.hash_password", lambda code: code)
    monkeypatch.setattr(
        "ocpizza.views.account.quick_switch.verify_password", lambda kept, typed: kept == typed
    )


def later(after: timedelta):
    return time_machine.travel(datetime.now(UTC) + after, tick=True)


def choose_code(browser, code: str = CODE):
    form = form_of(browser.get(DEVICE), f"{DEVICE}/code")
    form["digits"] = code
    return form.submit(expect_errors=True)


def take_place(website, browser, who: str, digits: str = CODE, **fields):
    fields = {"person": str(website.account(who).id), "digits": digits} | fields
    return browser.post_form(QUICK, fields)


@pytest.fixture
def tablet(website):
    """A device where a cashier, then a cook have signed in today, with codes."""
    browser = website.browser()
    for who in ("cashier", "pizzaiolo"):
        assert sign_in(browser, f"{who}.{HERE}").status_int == 303
        assert place(choose_code(browser)) == DEVICE
    return browser


def who_is_in(website, browser) -> str:
    return words(browser.get("/equipe").maybe_follow())


def test_after_the_idle_time_a_tap_and_four_digits_lead_back(website, tablet):
    board = f"/equipe/{HERE}/cuisine"
    with later(11 * MINUTE):
        asked = tablet.get(board, status=303).follow()
        form = form_of(asked, QUICK)
        names = [each.get_text(strip=True) for each in soup(asked).select("[name=person]")]
        assert len(soup(asked).select("[name=person]")) == 2, names
        form["person"], form["digits"] = str(website.account("pizzaiolo").id), CODE
        answer = form.submit()
        assert place(answer) == board
        assert tablet.get(board).status_int == 200


def test_the_place_of_whoever_was_there_is_theirs_no_more(website, tablet):
    copy = website.browser()
    for cookie in tablet.cookiejar:
        copy.cookiejar.set_cookie(cookie)
    assert place(take_place(website, tablet, "cashier")) == "/equipe"
    assert place(tablet.get("/equipe")) == f"/equipe/{HERE}/comptoir"
    # The cook's session is over, also for a copy of its cookie.
    assert place(copy.get(f"/equipe/{HERE}/cuisine")).startswith("/connexion")


def test_four_digits_are_no_fresh_proof(website, tablet):
    take_place(website, tablet, "pizzaiolo")
    for path, fields in (
        (f"{DEVICE}/code", {"digits": "8306"}),
        (DEVICE, {"kind": "personnel"}),
        ("/compte/connexions/google", {}),
    ):
        assert place(tablet.post_form(path, fields)).startswith("/compte/preuve")
    with website.session() as session:
        assert session.scalars(select(Device)).one().shared


def test_five_wrong_codes_and_the_password_is_asked_for(website, tablet):
    for _ in range(5):
        page = take_place(website, tablet, "cashier", "8306")
        assert page.status_int == 422
    assert take_place(website, tablet, "cashier").status_int == 422
    tablet.post_form("/deconnexion")
    left = soup(tablet.get("/connexion")).select("[name=person]")
    assert [each["value"] for each in left] == [str(website.account("pizzaiolo").id)]
    assert sign_in(tablet, f"cashier.{HERE}").status_int == 303
    assert take_place(website, tablet, "cashier").status_int == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"digits": ""},
        {"digits": "null"},
        {"digits": "472"},
        {"person": ""},
        {"person": "0"},
        {"person": "-1"},
        {"person": "9" * 30},
        {"person": "x"},
    ],
)
def test_what_is_no_code_or_nobody_is_refused(website, tablet, fields):
    page = take_place(website, tablet, "cashier", **fields)
    assert page.status_int == 422
    assert soup(page).select_one(".error-summary")


def test_another_browser_does_not_know_the_device(website, tablet):
    stranger = website.browser()
    assert not soup(stranger.get("/connexion")).select("[name=person]")
    assert take_place(website, stranger, "cashier").status_int == 422
    assert stranger.get("/equipe").status_int == 303
    # Nor does whoever was never there get in by this one.
    assert take_place(website, tablet, "manager").status_int == 422


def test_the_group_manager_has_no_code_and_is_not_named(website, tablet):
    assert sign_in(tablet, "direction").status_int == 303
    assert not soup(tablet.get(DEVICE)).select(f'form[action="{DEVICE}/code"]')
    assert place(tablet.post_form(f"{DEVICE}/code", {"digits": CODE})) == DEVICE
    tablet.post_form("/deconnexion")
    shown = {each["value"] for each in soup(tablet.get("/connexion")).select("[name=person]")}
    assert str(website.account("direction").id) not in shown


@pytest.mark.parametrize("code", ["0000", "1234", "1403", "12", ""])
def test_a_code_that_is_guessed_is_not_taken(website, tablet, code):
    with website.session() as session:
        mine = Account.identifier == f"pizzaiolo.{HERE}"
        session.scalars(select(Account).where(mine)).one().birthday = date(1986, 3, 14)
    page = choose_code(tablet, code)
    assert page.status_int == 422
    assert soup(page).select_one("#digits-erreur")


def test_the_device_says_how_long_one_may_idle(website):
    browser = website.browser()
    form = browser.form("/connexion?suite=%2Fequipe", "/connexion")
    form["identifier"], form["password"] = f"cashier.{HERE}", PASSWORD
    form["appareil"] = "personnel"
    form.submit()
    with website.session() as session:
        assert [row.shared for row in session.scalars(select(SignInSession))] == [False]
    form = form_of(browser.get(DEVICE), DEVICE)
    assert form["kind"].value == "personnel"
    form["kind"] = "partage"
    assert "enregistré" in notices(form.submit().follow())[0]
    with website.session() as session:
        assert [row.shared for row in session.scalars(select(SignInSession))] == [True]
    with later(11 * MINUTE):
        assert browser.get(DEVICE).status_int == 303


@pytest.mark.parametrize(("said", "shared"), [("personnel", False), ("", True), ("x", True)])
def test_what_is_said_of_the_device_outlasts_the_second_factor(website, said, shared):
    browser = website.browser()
    form = browser.form("/connexion?suite=%2Fequipe", "/connexion")
    form["identifier"], form["password"] = "direction", PASSWORD
    form["appareil"].force_value(said)
    assert place(form.submit()) == SECOND_FACTOR
    assert show_second_factor(browser).status_int == 303
    with website.session() as session:
        assert [row.shared for row in session.scalars(select(SignInSession))] == [shared]


def test_customers_leave_no_trace_of_their_device(website):
    sign_in(website.browser(), "cliente@example.org")
    with website.session() as session:
        assert session.scalars(select(DevicePerson)).all() == []


def test_the_cookie_of_the_device_is_closed_to_scripts_and_ends_with_the_day(website):
    browser = website.browser()
    form = browser.form("/connexion", "/connexion")
    form["identifier"], form["password"] = f"cashier.{HERE}", PASSWORD
    (cookie,) = (
        each
        for each in form.submit().headers.getall("Set-Cookie")
        if each.startswith("ocpizza_device=")
    )
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    seconds = int(cookie.partition("Max-Age=")[2].partition(";")[0])
    assert 0 < seconds <= 25 * 3600


def test_removing_ones_code_takes_the_name_from_every_device(website, tablet):
    form_of(tablet.get(DEVICE), f"{DEVICE}/code/retirer").submit()
    tablet.post_form("/deconnexion")
    shown = {each["value"] for each in soup(tablet.get("/connexion")).select("[name=person]")}
    assert shown == {str(website.account("cashier").id)}
