"""No page says anything that is not translated: shop, staff, forms' answers, errors, mail."""

import pytest
from sqlalchemy import select

from factories import NOON
from i18n.crawl import answers, pages
from i18n.veil import VeiledLocalizer, bare, data_of, veiled
from ocpizza.mail import write
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.cancel_order import cancel_order
from ocpizza.services.tell_customer import tell_customer
from ocpizza.services.write_order import Author, Role
from views.website import ADD, BASKET, CHANGE, DETAILS, HERE, SHOP

ENGLISH = {"langue": "en"}
TYPED = ("?", "x" * 600, "Merci")
WORK = f"/equipe/{HERE}"


@pytest.fixture
def veil(website):
    """Makes English unreadable, and says what of a page can be read all the same."""
    with veiled(website.application):
        yield lambda page: _bare(website, page)


def _bare(website, page):
    with website.session() as session:
        data = data_of(session, *TYPED)
    assert '<html lang="en">' in page.text or "<html" not in page.text, page.request.url
    return [(page.request.path, text) for text in bare(page.text, data)]


def english(browser):
    for name, value in ENGLISH.items():
        browser.set_cookie(name, value)
    return browser


def some_orders(website):
    """An order at every status, changed ones and late ones among them."""
    for status in (Status.TO_PREPARE, Status.ACCEPTED, Status.PREPARING, Status.READY):
        website.order(status)
        website.order(status, mode=Mode.TAKEAWAY, minutes_ago=120)
    website.order(Status.OUT_FOR_DELIVERY, minutes_ago=42)
    cancelled = website.order()
    with website.session() as session:
        cancel_order(session, cancelled.id, Author(None, Role.CUSTOMER), NOON)
    return website.order(Status.DELIVERED), cancelled


def tracking(order: Order) -> str:
    return f"/suivi/{order.tracking_token}"


def test_the_veil_hides_what_is_translated_and_nothing_else(website, browser, veil):
    page = english(browser).get("/conditions-generales")
    assert veil(page) == []
    shown = page.text.replace("</h1>", " Bonjour</h1>", 1).replace("<nav", '<nav title="Menu"', 1)
    with website.session() as session:
        assert len(bare(shown, data_of(session))) == 2


def test_every_page_of_the_shop_is_translated(website, browser, veil):
    english(browser).add(without=[website.pizzeria.ingredients["mozzarella"].id])
    browser.add("regina", quantity=2, extra=[website.pizzeria.ingredients["oeuf"].id])
    browser.give_details(comment="Merci")
    starts = ["/", "/?code_postal=75011", "/?code_postal=x", "/?code_postal=99999", "/nulle-part"]
    starts += [tracking(order) for order in some_orders(website)]
    starts += [tracking(website.order()), DETAILS, "/connexion", "/commande/paiement"]
    left = [text for page in pages(browser, website.application, *starts) for text in veil(page)]
    assert left == []


@pytest.mark.parametrize("path", [SHOP, f"{SHOP}/regina", BASKET, DETAILS, "/suivi", "/connexion"])
def test_what_forms_of_the_shop_answer_is_translated(website, browser, veil, path):
    english(browser).add(quantity=2)
    left = [text for answer in answers(browser.get(path)) for text in veil(answer)]
    assert left == []


def test_every_way_in_which_the_basket_is_refused_is_translated(website, browser, veil):
    english(browser)
    page = browser.add(quantity=0).follow()
    size = str(website.pizzeria.size("margherita").id)
    left = veil(page)
    for fields in (
        {"size": size},
        {"size": "x", "quantity": "1"},
        {"size": "999999", "quantity": "1"},
        {"size": size, "quantity": "1", "without": "x"},
        {"size": size, "quantity": "1", "extra": "999999"},
    ):
        left += veil(browser.post_form(ADD, fields).maybe_follow())
        fragment = browser.post_form(ADD, fields, headers={"HX-Request": "true"})
        left += veil(fragment)
    browser.add()
    left += veil(browser.add(shop="/pizzeria/city-002"))
    left += veil(browser.post_form(CHANGE, {"line": "1", "quantity": "x"}).maybe_follow())
    left += veil(browser.post_form(CHANGE, {"line": "x"}))
    left += veil(
        browser.post(
            "/panier/modifier", {}, headers={"Sec-Fetch-Site": "cross-site"}, expect_errors=True
        )
    )
    assert left == []


def test_changing_an_order_is_translated(website, browser, veil):
    order = website.order()
    page = english(browser).get(tracking(order))
    browser.post_form(f"{tracking(order)}/modifier")
    left = [
        text
        for page in pages(
            browser,
            website.application,
            BASKET,
            "/modification/livraison",
            "/modification/recapitulatif",
        )
        for text in (*veil(page), *(text for answer in answers(page) for text in veil(answer)))
    ]
    assert veil(page) == []
    assert left == []


@pytest.mark.parametrize("who", ["direction", "manager", "cashier", "pizzaiolo", "driver"])
def test_every_page_of_the_staff_is_translated(website, veil, who):
    some_orders(website)
    colleague = english(website.staff(who))
    starts = ["/equipe", f"{WORK}/cuisine", f"{WORK}/livraisons", f"{WORK}/comptoir", "/suivi"]
    left = [text for page in pages(colleague, website.application, *starts) for text in veil(page)]
    assert left == []


@pytest.mark.parametrize("mode", [Mode.DELIVERY, Mode.TAKEAWAY])
def test_every_mail_is_translated(website, monkeypatch, mode):
    monkeypatch.setattr(write, "localizer", lambda language: VeiledLocalizer())
    website.order(Status.DELIVERED, mode=mode, email="julia@example.org")
    settings = {"mail.sender": "commandes@ocpizza.fr", "site.url": "https://example.org"}
    with website.session() as session:
        order = session.scalars(select(Order)).one()
        for kind in write.HEADLINES:
            tell_customer(session, order, kind, NOON, event="-again")
        session.flush()
        data = data_of(session)
        for mail in session.scalars(select(OutgoingMail)):
            message = write.write_mail(session, mail, settings)
            parts = [message.get_body(kind).get_content() for kind in ("plain", "html")]
            assert [bare(part, data) for part in [*parts, message["Subject"]]] == [[], [], []]
