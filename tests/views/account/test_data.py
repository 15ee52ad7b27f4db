"""GDPR: one's data to look at, to take along, to have erased; guests by their order's page."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from factories import PASSWORD
from ocpizza.domain.author import Author
from ocpizza.models.account import Account, Role
from ocpizza.models.basket import Basket
from ocpizza.models.order_status import Status
from views.pages import designed, form_of, notices, place, soup, words
from views.website import sign_in

# Of one number, in ten minutes.
TRIES = 10

DATA = "/compte/donnees"
CUSTOMER = "cliente@example.org"
EFFACER = {"password": PASSWORD, "confirmation": "effacer"}


def owner(website) -> Account:
    with website.session() as session:
        return session.scalars(select(Account).where(Account.email == CUSTOMER)).one_or_none()


def own_order(website, status: Status = Status.DELIVERED, **values):
    return website.order(status, author=Author(owner(website).id, Role.CUSTOMER), **values)


@pytest.fixture
def customer(website):
    """A browser that has just signed in."""
    browser = website.browser()
    sign_in(browser, CUSTOMER)
    browser.get("/")  # reads « Connecté »
    return browser


def erase(browser, **fields: str):
    form = browser.form(DATA, DATA)
    for name, value in (EFFACER | fields).items():
        form[name] = value
    return form.submit(expect_errors=True)


def said_at(page, field: str) -> str:
    found = soup(page).select_one(f"#{field}-erreur")
    return words(found.get_text()) if found else ""


def test_everything_can_be_taken_along_as_json_and_no_secret_is_in_it(website, customer):
    order = own_order(website, email=CUSTOMER, comment="Sonnez")
    answer = customer.get(f"{DATA}.json")
    assert answer.content_type == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ocpizza-donnees.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    data = json.loads(answer.body)
    assert data["account"]["email"] == CUSTOMER
    (kept,) = data["orders"]
    assert (kept["number"], kept["revisions"][0]["comment"]) == (order.number, "Sonnez")
    assert kept["revisions"][0]["lines"][0]["name"] == "Margherita"
    assert [event["status"] for event in kept["events"] if event["status"]][-1] == "delivered"
    secrets = (owner(website).password_hash, order.tracking_token, order.checkout_key)
    assert not any(secret in answer.text for secret in secrets)
    assert "argon2" not in answer.text


def test_nobody_takes_the_orders_of_others(website, customer):
    website.order(Status.DELIVERED)
    assert json.loads(customer.get(f"{DATA}.json").body)["orders"] == []


def test_an_account_is_erased_by_password_and_word(website, customer, add_up):
    order = own_order(website)
    customer.add()
    page = erase(customer).follow()
    assert notices(page) == ["Votre compte et vos données personnelles sont effacés."]
    assert "Se connecter" in words(page)
    assert owner(website) is None
    assert website.look_at(order).contact_name == ""
    assert customer.lines() == []
    with website.session() as session:
        assert not session.scalars(select(Basket).where(Basket.lines.any())).all()
    add_up(website.engine)


def test_other_devices_are_signed_out_and_the_password_opens_nothing(website, customer):
    other = website.browser()
    sign_in(other, CUSTOMER)
    erase(customer)
    assert place(other.get(DATA)) == "/connexion?suite=%2Fcompte%2Fdonnees"
    assert sign_in(website.browser(), CUSTOMER).status_int == 422


@pytest.mark.parametrize("word", ["EFFACER", "effacer", "ERASE", "erase"])
def test_either_language_has_its_word_that_confirms(website, customer, word):
    erase(customer, confirmation=word)
    assert owner(website) is None


@pytest.mark.parametrize(
    ("fields", "at", "said"),
    [
        ({"password": ""}, "password", "Le champ est vide"),
        ({"password": "pas-le-bon-mot"}, "password", "Ce n’est pas votre mot de passe actuel."),
        ({"confirmation": ""}, "confirmation", "Le champ est vide"),
        ({"confirmation": "oui"}, "confirmation", "Tapez EFFACER pour confirmer."),
        ({"confirmation": "é" * 9999}, "confirmation", "Tapez EFFACER pour confirmer."),
        ({"password": "\x00" * 300}, "password", ""),
    ],
)
def test_what_is_wrong_is_said_and_erases_nothing(website, customer, fields, at, said):
    page = erase(customer, **fields)
    assert page.status_int == 422
    assert designed(page)
    assert said in said_at(page, at)
    assert owner(website).password_hash


def test_passwords_are_not_tried_for_long(website, customer):
    pages = [erase(customer, password="pas-le-bon-mot") for _ in range(7)]
    assert pages[-1].status_int == 429
    assert "Trop d’essais" in words(pages[-1])
    assert owner(website).password_hash


def test_while_an_order_runs_it_is_said_which_one(website, customer):
    order = own_order(website, Status.PREPARING)
    page = erase(customer)
    assert page.status_int == 422
    assert f"Une commande est encore en cours ({order.number})" in words(page)
    assert website.look_at(order).contact_name == "Stanley Martin"


def test_staff_are_told_who_ends_their_account(website):
    driver = website.staff("driver")
    assert not soup(driver.get(DATA)).select(f'form[action="{DATA}"]')
    answer = driver.post_form(DATA, EFFACER)
    assert answer.status_int == 422
    assert "un responsable peut y mettre fin" in words(answer)
    assert website.account("driver").password_hash


def without_password(website) -> None:
    with website.session() as session:
        account = session.scalars(select(Account).where(Account.email == CUSTOMER)).one()
        account.password_hash = None


def test_without_a_password_a_fresh_sign_in_is_proof(website, customer):
    without_password(website)
    assert not soup(customer.get(DATA)).select("input[type=password]")
    form = customer.form(DATA, DATA)
    form["confirmation"] = "EFFACER"
    assert place(form.submit()) == "/"
    assert owner(website) is None


def test_without_a_password_an_old_session_signs_in_again(website, customer):
    without_password(website)
    form = customer.form(DATA, DATA)
    form["confirmation"] = "EFFACER"
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        answer = form.submit()
    assert place(answer) == "/connexion?suite=%2Fcompte%2Fdonnees"
    assert owner(website).erased_at is None


def test_an_account_that_would_go_is_kept_by_a_button(website, customer):
    with website.session() as session:
        account = session.scalars(select(Account).where(Account.email == CUSTOMER)).one()
        account.erasure_announced_at = datetime.now(UTC)
    page = customer.get(DATA)
    assert "il sera effacé à partir du" in words(page)
    done = form_of(page, f"{DATA}/garder").submit().follow()
    assert notices(done) == ["Votre compte est conservé."]
    assert owner(website).erasure_announced_at is None


def test_signing_in_keeps_the_account(website, customer):
    seen = owner(website).last_seen_at
    assert datetime.now(UTC) - seen < timedelta(minutes=1)


# guests


def path_of(order) -> str:
    return f"/suivi/{order.tracking_token}"


def erase_from(browser, order, contact: str):
    page = browser.get(path_of(order)).click("Effacer mes données de cette commande")
    form = form_of(page, f"{path_of(order)}/effacer")
    form["contact"] = contact
    return form.submit(expect_errors=True)


@pytest.mark.parametrize("contact", ["06 12 34 56 78", "Stanley@Example.org"])
def test_a_guest_is_erased_from_their_order_and_its_page_goes_on_working(
    website, browser, add_up, contact
):
    order = website.order(Status.DELIVERED, email="stanley@example.org", comment="Sonnez deux fois")
    page = erase_from(browser, order, contact).follow()
    assert notices(page) == ["Vos données personnelles sont effacées de cette commande."]
    said = page.text
    for trace in ("Stanley", "Oberkampf", "stanley@", "Sonnez", "06 12"):
        assert trace not in said
    assert "Données personnelles effacées" in words(page)
    assert "75011 Paris" in words(page)
    assert "1 × Margherita" in words(page)
    assert browser.get(f"{path_of(order)}/etat").status_int == 200
    colleague = website.staff("cashier").get(f"/equipe/city_001/commandes/{order.number}")
    assert "Données personnelles effacées" in words(colleague)
    assert "Oberkampf" not in words(colleague)
    add_up(website.engine)


def test_a_page_seen_before_is_not_shown_again_from_the_browsers_memory(website, browser):
    order = website.order(Status.DELIVERED)
    seen = {"If-None-Match": browser.get(path_of(order)).headers["ETag"]}
    erase_from(browser, order, "0612345678")
    assert browser.get(path_of(order), headers=seen).status_int == 200


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("", "Le champ est vide"),
        ("0698765432", "Ce n’est pas le contact donné à la commande."),
        ("autre@example.org", "Ce n’est pas le contact donné à la commande."),
        ("x" * 400, ""),
        ("None", "Ce n’est pas le contact donné à la commande."),
    ],
)
def test_the_link_alone_is_no_proof(website, browser, contact, said):
    order = website.order(Status.DELIVERED)
    page = erase_from(browser, order, contact)
    assert page.status_int == 422
    assert designed(page)
    assert said in said_at(page, "contact")
    assert website.look_at(order).erased_at is None


def test_contacts_are_not_tried_for_long(website, browser):
    order = website.order(Status.DELIVERED)
    pages = [erase_from(browser, order, "0698765432") for _ in range(TRIES + 1)]
    assert pages[-1].status_int == 429
    assert "Trop d’essais" in words(pages[-1])


def test_a_running_order_names_its_customer_until_it_has_ended(website, browser):
    order = website.order(Status.READY)
    assert "Effacer mes données" not in words(browser.get(path_of(order)))
    answer = browser.post_form(f"{path_of(order)}/effacer", {"contact": "0612345678"})
    assert notices(answer.follow()) == ["Vos données s’effacent une fois la commande terminée."]
    assert website.look_at(order).phone


def test_erasing_twice_says_that_nothing_is_left(website, browser):
    order = website.order(Status.DELIVERED)
    erase_from(browser, order, "0612345678")
    answer = browser.get(f"{path_of(order)}/effacer")
    assert notices(answer.follow())[-1] == (
        "Cette commande ne contient plus de données personnelles."
    )
