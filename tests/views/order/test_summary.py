"""B2: the summary on the tracking page, as a file, on paper; that it was handed out is noted."""

import pytest
from sqlalchemy import event, select

from documents.pdfs import text_of
from ocpizza.models.order_revision import OrderRevision, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order.summary_log import SummaryDelivery
from views.pages import designed, soup, words

BOTH = pytest.mark.parametrize("backend", ["postgresql", "sqlite"])


def page_of(order) -> str:
    return f"/suivi/{order.tracking_token}"


def file_of(order) -> str:
    return f"{page_of(order)}/recapitulatif.pdf"


def sheet_of(order) -> str:
    return f"/equipe/city_001/commandes/{order.number}/recapitulatif.pdf"


def noted(website, order) -> dict:
    """When each of the order's revisions was handed out, by the way it was."""
    with website.session() as session:
        query = select(OrderRevision).where(OrderRevision.order_id == order.id)
        revisions = session.scalars(query.order_by(OrderRevision.number)).all()
        found = [{how: getattr(one, how) for how in SummaryDelivery} for one in revisions]
    return {how: at for how, at in found[-1].items() if at}


@BOTH
def test_the_page_offers_the_file_and_the_file_is_the_summary(website, browser):
    order = website.order(email="julia@example.org")
    link = soup(browser.get(page_of(order))).select_one("a[download]")
    assert words(link.get_text()) == "Télécharger le récapitulatif (PDF)"
    assert link["href"] == file_of(order)
    answer = browser.get(link["href"])
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="commande-{order.number}.pdf"'
    )
    assert "no-store" in answer.headers["Cache-Control"]
    text = text_of(answer.body)
    assert f"Commande {order.number}" in text
    assert order.tracking_token in text
    assert set(noted(website, order)) == {SummaryDelivery.SHOWN, SummaryDelivery.DOWNLOADED}


@BOTH
def test_ordering_shows_the_summary_at_once(website, browser):
    browser.add("regina")
    page = browser.order()
    number = words(soup(page).h1.get_text()).split("Commande ")[1]
    order = website.look_at(number)
    assert set(noted(website, order)) == {SummaryDelivery.SHOWN}


@BOTH
def test_the_first_time_is_kept(website, browser):
    order = website.order()
    for path in (page_of(order), file_of(order)):
        browser.get(path)
    first = noted(website, order)
    for path in (page_of(order), file_of(order), file_of(order)):
        browser.get(path)
    assert noted(website, order) == first


def test_a_page_that_was_shown_writes_nothing_more(website, browser):
    order = website.order()
    browser.get(page_of(order))
    with website.counted() as statements:
        browser.get(page_of(order))
    assert not [one for one in statements if one.startswith("UPDATE")]


@pytest.mark.parametrize(
    "headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
)
def test_what_a_browser_fetches_in_advance_was_not_handed_out(website, browser, headers):
    order = website.order()
    fetched = browser.get(page_of(order), headers=headers)
    browser.get(file_of(order), headers=headers)
    assert noted(website, order) == {}
    # Whatever it kept, it asks for the whole page once the customer looks at it.
    assert "ETag" not in fetched.headers
    browser.get(page_of(order))
    assert set(noted(website, order)) == {SummaryDelivery.SHOWN}


def test_asking_for_the_head_only_hands_nothing_out(website, browser):
    order = website.order()
    for path in (page_of(order), file_of(order)):
        assert browser.head(path).body == b""
    website.staff("cashier").head(sheet_of(order))
    assert noted(website, order) == {}


def test_polling_the_status_shows_no_summary(website, browser):
    order = website.order()
    browser.get(f"{page_of(order)}/etat")
    assert noted(website, order) == {}


def test_noting_does_not_make_the_page_a_new_one(website, browser):
    order = website.order()
    first = browser.get(page_of(order))
    browser.get(file_of(order))
    browser.get(page_of(order), headers={"If-None-Match": first.headers["ETag"]}, status=304)


@pytest.mark.parametrize("path", [page_of, file_of])
def test_a_database_that_cannot_note_it_keeps_nobody_from_the_summary(website, browser, path):
    order = website.order()

    def refuse(_connection, _cursor, statement, *_more):
        if statement.startswith("UPDATE order_revision"):
            raise website.engine.dialect.dbapi.OperationalError("disk full")

    event.listen(website.engine, "before_cursor_execute", refuse)
    assert browser.get(path(order), status=200)
    event.remove(website.engine, "before_cursor_execute", refuse)
    assert noted(website, order) == {}
    browser.get(path(order))
    assert len(noted(website, order)) == 1


@BOTH
def test_an_order_changed_while_its_summary_is_drawn(website, browser):
    """The file shows one revision whole, and that one is noted."""
    order = website.order()

    def change(_connection, _cursor, statement, *_more):
        # Once the order is read, before its lines are.
        if statement.lstrip().startswith("SELECT order_line") and not changed:
            changed.append(True)
            customer = website.browser()
            customer.post_form(f"{page_of(order)}/modifier", {})
            customer.add("regina")
            customer.form("/modification/livraison", "/modification/livraison").submit()
            path = "/modification/recapitulatif"
            assert customer.form(path, path).submit().status_int == 303

    changed: list[bool] = []
    event.listen(website.engine, "before_cursor_execute", change)
    text = text_of(browser.get(file_of(order)).body)
    event.remove(website.engine, "before_cursor_execute", change)
    assert changed
    assert "Margherita" in text
    assert "Regina" not in text
    assert "Total TTC 12,00 €" in text
    with website.session() as session:
        states = {
            one.state: one.summary_downloaded_at is not None
            for one in session.scalars(
                select(OrderRevision).where(OrderRevision.order_id == order.id)
            )
        }
    assert states == {RevisionState.REPLACED: True, RevisionState.CURRENT: False}
    assert "Regina" in text_of(browser.get(file_of(order)).body)


def test_an_unknown_link_has_no_file(browser):
    answer = browser.get(f"/suivi/{'A' * 43}/recapitulatif.pdf", status=404)
    assert designed(answer)


@BOTH
def test_the_staff_prints_it(website):
    order = website.order()
    cashier = website.staff("cashier")
    page = cashier.get(f"/equipe/city_001/commandes/{order.number}")
    assert soup(page).select_one(f'a[href="{sheet_of(order)}"]')
    answer = cashier.get(sheet_of(order))
    assert answer.headers["Content-Disposition"].startswith("inline; ")
    assert order.number in text_of(answer.body)
    assert set(noted(website, order)) == {SummaryDelivery.PRINTED}


def test_a_driver_prints_their_own_deliveries_only(website):
    counter = website.order(Status.READY, mode=Mode.TAKEAWAY)
    waiting = website.order(Status.READY)
    driver = website.staff("driver")
    assert driver.get(sheet_of(waiting), status=200)
    assert designed(driver.get(sheet_of(counter), status=403))
    assert noted(website, counter) == {}


@BOTH
def test_a_file_is_a_bounded_number_of_statements(website, browser):
    select_ = website.pizzeria.select
    lines = [(select_("regina", extras=["oeuf"]), 2), (select_("cola"), 1), (select_("biere"), 1)]
    order = website.order(lines=lines)
    with website.counted() as statements:
        browser.get(file_of(order))
    assert len(statements) <= 10, statements
