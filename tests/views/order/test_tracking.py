"""B5 and live tracking: an order by its secret link, or by number and contact."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.services.privacy.erase_orders import erase_orders
from views.pages import designed, place, soup, words

# Of one number, in ten minutes.
TRIES = 10

UNKNOWN = "Commande introuvable"
EMAIL = "stanley@example.org"


def path_of(order) -> str:
    return f"/suivi/{order.tracking_token}"


def look_for(browser, number: str, contact: str):
    form = browser.form("/suivi", "/suivi")
    form["number"], form["contact"] = number, contact
    return form.submit(expect_errors=True)


def messages(page) -> list[str]:
    return [words(found.get_text()) for found in soup(page).select("main [role=alert]")]


@pytest.mark.parametrize(
    "phone",
    [
        "0612345678",
        "06 12 34 56 78",
        "06.12.34.56.78",
        "+33612345678",
        "+33 6 12 34 56 78",
        "0033612345678",
        " 06-12-34-56-78 ",
    ],
)
def test_number_and_phone_find_the_order_however_the_phone_is_written(website, browser, phone):
    order = website.order()
    assert place(look_for(browser, order.number, phone)) == path_of(order)


@pytest.mark.parametrize("write", [str.lower, lambda n: n.replace("-", ""), lambda n: f" {n} "])
def test_the_number_may_be_written_in_any_way(website, browser, write):
    order = website.order()
    assert place(look_for(browser, write(order.number), "0612345678")) == path_of(order)


@pytest.mark.parametrize("email", [EMAIL, "Stanley@Example.ORG", f" {EMAIL} "])
def test_number_and_email_find_the_order(website, browser, email):
    order = website.order(email=EMAIL)
    assert place(look_for(browser, order.number, email)) == path_of(order)


def test_a_wrong_pair_says_what_an_unknown_number_says(website, browser):
    order = website.order(email=EMAIL)
    answers = [
        look_for(browser, order.number, "0698765432"),
        look_for(browser, order.number, "autre@example.org"),
        look_for(browser, order.number, "nonsense"),
        look_for(browser, order.number, "%"),
        look_for(browser, "ABCD-2345", "0612345678"),
        look_for(browser, "nonsense", EMAIL),
        look_for(browser, "' OR 1=1 --", EMAIL),
    ]
    for answer in answers:
        assert answer.status_int == 422
        assert messages(answer) == [UNKNOWN]


def test_an_erased_order_is_found_by_nobody(website, browser):
    order = website.order(Status.DELIVERED, email=EMAIL)
    with website.session() as session:
        erase_orders(session, [order.id], datetime.now(UTC))
    for contact in ("0612345678", EMAIL, "None"):
        assert messages(look_for(browser, order.number, contact)) == [UNKNOWN]
    assert browser.get(path_of(order)).status_int == 200


def test_whoever_tries_contacts_is_slowed_down_and_the_link_goes_on_working(website, browser):
    order = website.order()
    pages = [look_for(browser, order.number, "0698765432") for _ in range(TRIES + 1)]
    assert {page.status_int for page in pages[:-1]} == {422}
    refused = pages[-1]
    assert refused.status_int == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 601
    assert messages(refused)[0].startswith("Trop d’essais. Patientez")
    assert refused.forms[0]["number"].value == order.number
    # The right contact neither: or the limit would tell it apart.
    assert look_for(browser, order.number, "0612345678").status_int == 429
    assert browser.get(path_of(order)).status_int == 200
    unknown = [look_for(browser, "ABCD-2345", "0698765432") for _ in range(TRIES + 1)]
    assert [page.status_int for page in unknown] == [page.status_int for page in pages]


def test_whoever_knows_their_order_looks_for_it_as_often_as_they_like(website, browser):
    order = website.order()
    found = [look_for(browser, order.number, "0612345678") for _ in range(3 * TRIES)]
    assert {place(answer) for answer in found} == {path_of(order)}


def test_the_signed_in_owner_needs_the_number_only(website):
    customer = website.staff("customer")
    own = website.order(author=Author(website.account("customer").id, Role.CUSTOMER))
    assert place(look_for(customer, own.number, "")) == path_of(own)
    assert look_for(customer, website.order().number, "").status_int == 422


@pytest.mark.parametrize(("number", "contact"), [("", ""), ("K7QM-2F9X", ""), ("", "0612345678")])
def test_an_empty_field_is_said_at_the_field(browser, number, contact):
    page = look_for(browser, number, contact)
    assert page.status_int == 422
    assert messages(page) == []
    for name, value in (("number", number), ("contact", contact)):
        found = soup(page).select_one(f"#{name}-erreur")
        assert (words(found.get_text()) if found else "") == ("" if value else "Le champ est vide")


def test_an_unknown_link_is_not_found(browser):
    page = browser.get(f"/suivi/{'A' * 43}", status=404)
    assert designed(page)
    assert browser.get("/suivi/AAAA", status=404)


def test_the_link_of_an_order_is_not_for_search_engines(website, browser):
    page = browser.get(path_of(website.order()))
    assert soup(page).select_one("meta[name=robots]")["content"] == "noindex"


@pytest.mark.parametrize("page", ["tracking", "history", "staff"])
def test_times_are_written_as_html_knows_them(website, page):
    who = "customer" if page == "history" else "cashier"
    browser = website.staff(who)
    author = Author(website.account(who).id, Role.CUSTOMER) if page == "history" else None
    order = website.order(author=author)
    paths = {
        "tracking": path_of(order),
        "history": "/compte/commandes",
        "staff": f"/equipe/city_001/commandes/{order.number}",
    }
    times = [found["datetime"] for found in soup(browser.get(paths[page])).select("time")]
    assert times
    for time in times:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+\d\d:\d\d", time)


@pytest.mark.parametrize("fragment", ["", "/etat"])
def test_nothing_is_sent_again_until_the_status_changes(website, browser, fragment):
    order = website.order()
    path = path_of(order) + fragment
    first = browser.get(path)
    seen = {"If-None-Match": first.headers["ETag"]}
    assert browser.get(path, headers=seen, status=304).body == b""
    number = order.number
    website.staff("pizzaiolo").post_form(
        f"/equipe/city_001/commandes/{number}/statut", {"before": "to_prepare", "after": "accepted"}
    )
    second = browser.get(path, headers=seen, status=200)
    assert second.headers["ETag"] != first.headers["ETag"]
    assert "Commande acceptée" in words(second)


def test_nothing_new_is_one_statement(website, browser):
    path = f"{path_of(website.order())}/etat"
    seen = {"If-None-Match": browser.get(path).headers["ETag"]}
    with website.counted() as statements:
        browser.get(path, headers=seen, status=304)
    assert len(statements) == 1


@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
@pytest.mark.parametrize("status", [Status.TO_PREPARE, Status.OUT_FOR_DELIVERY, Status.DELIVERED])
def test_what_changed_is_two_statements(website, browser, status):
    path = f"{path_of(website.order(status))}/etat"
    with website.counted() as statements:
        browser.get(path)
    assert len(statements) == 2, statements


def test_an_order_in_time_is_not_asked_for_each_minute(website, browser):
    path = f"{path_of(website.order(minutes_ago=6))}/etat"
    first = browser.get(path)
    seen = {"If-None-Match": first.headers["ETag"]}
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=90)):
        browser.get(path, headers=seen, status=304)


@pytest.mark.parametrize(("minutes_ago", "longest"), [(9, 300), (3, 660), (30, 61)])
def test_a_page_asks_again_when_what_is_expected_may_change(website, browser, minutes_ago, longest):
    part = soup(browser.get(f"{path_of(website.order(minutes_ago=minutes_ago))}/etat"))
    assert 0 < int(part.select_one("[data-fleeting]")["data-fleeting"]) <= longest


def test_an_order_that_has_ended_asks_for_nothing(website, browser):
    part = soup(browser.get(f"{path_of(website.order(Status.DELIVERED))}/etat"))
    assert part.select("[data-fleeting]") == []


def test_the_fragment_is_the_part_that_changes(website, browser):
    order = website.order(Status.OUT_FOR_DELIVERY)
    fragment = browser.get(f"{path_of(order)}/etat")
    assert "<html" not in fragment.text
    assert words(fragment) in words(browser.get(path_of(order)))
    assert soup(fragment).select_one("[aria-current=step]").get_text(" ").startswith("En route")


@pytest.mark.parametrize(
    ("status", "live"), [(Status.TO_PREPARE, True), (Status.READY, True), (Status.DELIVERED, False)]
)
def test_the_page_follows_the_order_until_it_is_over(website, browser, status, live):
    page = browser.get(path_of(website.order(status)))
    assert bool(soup(page).select("[data-live]")) is live
    assert ("Chez vous vers" in words(page)) is live


def test_a_late_order_says_so_by_itself_and_promises_no_time_that_has_passed(website, browser):
    path = f"{path_of(website.order())}/etat"
    first = browser.get(path)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        late = browser.get(path, headers={"If-None-Match": first.headers["ETag"]}, status=200)
    assert "Un peu de retard" not in words(first)
    assert "Un peu de retard" in words(late)
    assert "Chez vous vers" not in words(late)
    assert "Plutôt vers" in words(late)


def test_a_delivered_order_is_not_late(website, browser):
    path = path_of(website.order(Status.DELIVERED, minutes_ago=120))
    assert "retard" not in words(browser.get(path))


@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
def test_the_tracking_page_is_a_bounded_number_of_statements(website, browser):
    select = website.pizzeria.select
    lines = [(select("margherita", size), 1) for size in ("junior", "medium", "family")]
    order = website.order(lines=[*lines, (select("regina", extras=["oeuf"]), 2)])
    with website.counted() as statements:
        browser.get(path_of(order))
    assert len(statements) <= 4
