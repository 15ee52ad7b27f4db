"""No page says anything that is not translated: shop, staff, forms' answers, errors, mail."""

import pytest
from sqlalchemy import select

from documents import pdfs
from factories import NOON, make_promotion
from i18n.crawl import answers, pages
from i18n.veil import VeiledLocalizer, bare, data_of, veiled
from ocpizza.documents import words
from ocpizza.domain.author import Author
from ocpizza.mail import account as account_mail
from ocpizza.mail import compose, write
from ocpizza.models.account import Account, Role
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.notify import notify_customer
from views.website import ADD, BASKET, CHANGE, CHECKOUT, HERE, SHOP

ENGLISH = {"langue": "en"}
MAIL = {"mail.sender": "commandes@ocpizza.fr", "site.url": "https://example.org"}
TYPED = ("?", "x" * 600, "Merci", "NON")
WORK = f"/equipe/{HERE}"
ACCOUNT = ["/compte", *(f"/compte/{page}" for page in ("informations", "mot-de-passe", "e-mail"))]
ACCOUNT += [f"/compte/{page}" for page in ("connexions", "donnees", "commandes", "preuve")]


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


def some_promotions(website):
    """Promotions of each state and with every condition."""
    gift = website.pizzeria.size("cola").id
    rules = {"first_order_only": True, "birthday_only": True, "weekday_mask": 3}
    with website.session() as session:
        make_promotion(session, "DIX", listed=True, per_customer_limit=1, total_limit=1)
        make_promotion(session, "COLA", product_size_id=gift, ends_at=NOON, active=False)
        make_promotion(session, "ANNIV", amount_cents=300, from_minute=600, starts_at=NOON, **rules)


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
    starts += ["/inscription", "/mot-de-passe-oublie"]
    starts += [tracking(website.order()), CHECKOUT, "/connexion"]
    left = [text for page in pages(browser, website.application, *starts) for text in veil(page)]
    assert left == []


@pytest.mark.parametrize("path", [SHOP, f"{SHOP}/regina", BASKET, CHECKOUT, "/suivi", "/connexion"])
def test_what_forms_of_the_shop_answer_is_translated(website, browser, veil, path):
    english(browser).add(quantity=2)
    left = [text for answer in answers(browser.get(path)) for text in veil(answer)]
    assert left == []


def test_every_way_in_which_the_basket_is_refused_is_translated(website, browser, veil):
    english(browser)
    page = browser.add(quantity=0).maybe_follow()
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
    some_promotions(website)
    colleague = english(website.staff(who))
    starts = ["/equipe", f"{WORK}/cuisine", f"{WORK}/livraisons", f"{WORK}/comptoir", "/suivi"]
    left = [text for page in pages(colleague, website.application, *starts) for text in veil(page)]
    assert left == []


def test_every_page_of_an_account_is_translated(website, veil):
    some_promotions(website)
    customer = english(website.staff("customer"))
    author = Author(website.account("customer").id, Role.CUSTOMER)
    done = website.order(Status.DELIVERED, author=author)
    customer.add("regina", quantity=2)
    starts = [*ACCOUNT, BASKET, tracking(done), f"{tracking(done)}/effacer"]
    left = [text for page in pages(customer, website.application, *starts) for text in veil(page)]
    left += veil(customer.post_form(f"/compte/commandes/{done.number}/recommander").maybe_follow())
    assert left == []


@pytest.mark.parametrize("path", [*ACCOUNT[1:-1], BASKET])
def test_what_forms_of_an_account_answer_is_translated(website, veil, path):
    customer = english(website.staff("customer"))
    customer.add()
    left = [text for answer in answers(customer.get(path)) for text in veil(answer)]
    assert left == []


@pytest.mark.parametrize(
    "path", ["/inscription", "/mot-de-passe-oublie", f"{WORK}/promotions/nouvelle"]
)
def test_what_other_forms_answer_is_translated(website, veil, path):
    visitor = website.staff("direction") if path.startswith(WORK) else website.browser()
    page = english(visitor).get(path)
    left = [text for answer in (page, *answers(page)) for text in veil(answer)]
    assert left == []


@pytest.mark.parametrize("code", ["DIX", "COLA", "ANNIV", "NON"])
def test_why_a_promotion_does_not_hold_is_translated(website, veil, code):
    some_promotions(website)
    for visitor in (website.browser(), website.staff("customer")):
        english(visitor).add()
        page = visitor.post_form("/panier/promotion", {"code": code}, expect_errors=True)
        assert veil(page.maybe_follow()) == []


@pytest.fixture
def veiled_mail(website, monkeypatch):
    """What of a message, its PDF included, can be read although English is unreadable."""
    for module in (compose, words):
        monkeypatch.setattr(module, "localizer", lambda _language: VeiledLocalizer())
    words.words_in.cache_clear()
    yield lambda session, mail: _bare_mail(session, write.write_mail(session, mail, MAIL, NOON))
    words.words_in.cache_clear()


def _bare_mail(session, message) -> list[str]:
    data = data_of(session, "stanley@example.org", "Google")
    parts = [message["Subject"], *(message.get_body(k).get_content() for k in ("plain", "html"))]
    parts += [pdfs.text_of(part.get_content()) for part in message.iter_attachments()]
    return [text for part in parts for text in bare(part, data)]


@pytest.mark.parametrize("mode", [Mode.DELIVERY, Mode.TAKEAWAY])
def test_every_mail_about_an_order_is_translated(website, veiled_mail, mode):
    website.order(Status.DELIVERED, mode=mode, email="julia@example.org")
    with website.session() as session:
        order = session.scalars(select(Order)).one()
        for kind in write.HEADLINES:
            notify_customer(session, order, kind, NOON, event="-again")
        session.flush()
        for mail in session.scalars(select(OutgoingMail)):
            assert veiled_mail(session, mail) == [], mail.kind


def test_every_mail_about_an_account_is_translated(website, veiled_mail):
    values = {"new_email": "stanley@example.org", "provider": "Google", "days": 30}
    with website.session() as session:
        account = session.scalars(select(Account).where(Account.email.is_not(None))).first()
        for kind in account_mail.HEADLINES:
            values["password_removed"] = True
            notify_account(session, account, News(kind, values), NOON)
        session.flush()
        for mail in session.scalars(select(OutgoingMail)):
            assert veiled_mail(session, mail) == [], mail.kind
