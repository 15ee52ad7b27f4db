"""Nothing that pages, boards, polls, the worker and commands send grows with years of orders."""

from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import select

from factories import (
    PASSWORD,
    author_of,
    make_account,
    make_basket,
    make_promotion,
    make_staff,
    order_of,
)
from history.plans import explained
from history.years import FIRST, GROWING, fill
from ocpizza.db import Base, read_only
from ocpizza.domain.author import Author
from ocpizza.domain.hours import business_day
from ocpizza.metrics.questions import QUESTIONS
from ocpizza.models.account import Account, AccountAddress, AddressUse, Role
from ocpizza.models.card import SavedCard, StripeRemoval
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.delivery_tap import DeliveryTap, TapKind, TapOutcome
from ocpizza.models.favourite import Favourite
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, StripeEvent
from ocpizza.models.rate_count import RateCount
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.sign_in import ExternalIdentity, ProviderVisit, SignInSession
from ocpizza.models.staff_change import Subject
from ocpizza.models.stock import Stock, StockMovement
from ocpizza.models.till import TillPieces, TillSession
from ocpizza.operations.status.clocks import as_the_database_knows
from ocpizza.operations.status.outbox import waiting_mail
from ocpizza.operations.status.stuck_payments import stuck
from ocpizza.operations.work import Worker
from ocpizza.payments import make_gateway
from ocpizza.payments.reconcile import reconcile
from ocpizza.payments.stripe_gateway import StripeGateway
from ocpizza.services.account.links import Purpose, issue_link
from ocpizza.services.account.sign_in_attempts import begin_attempt, end_attempt
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.outbox.purge import forget_account_mail, forget_old_mail, forget_recipients
from ocpizza.services.payment.refund import RefundRequest, refund_payment
from ocpizza.services.privacy.erase_account import erase_account
from ocpizza.services.privacy.retention import erase_old_orders
from ocpizza.services.sales.close import close_day, days_to_close
from ocpizza.services.stock.count import Counted, begin_count, count_stock
from ocpizza.services.till.move import Moved, move_cash
from ocpizza.services.till.session import find_till
from ocpizza.services.trail.record import Change, Signature, record_change
from payments.till import stripe, stripe_server
from security.test_roles import PAGES, path_of
from views.pages import form_of, soup
from views.website import sign_in

__all__ = ["stripe", "stripe_server"]
# What a restaurant has open, a customer has ordered, an hour has brought; not what years have.
MAX_ROWS = 2500
# Whatever is not here must be in GROWING.
SMALL = {
    "catalogue_state",
    "composition",
    "content_change",
    "delivery_area",
    "device",
    "device_person",
    "employee",
    "half_sign_in",
    "exceptional_days",
    "exceptional_hours",
    "former_legal_entity",
    "hidden_product",
    "ingredient",
    "ingredient_allergen",
    "ingredient_meat",
    "restaurant_meat",
    "job_run",
    "kept_form",
    "legal_entity",
    "live_change",
    "opening_hours",
    "picture",
    "price_change",
    "product",
    "product_extra",
    "product_size",
    "promotion",
    "promotion_restaurant",
    "quick_code",
    "recent_sale",
    "recovery_code",
    "restaurant",
    "restaurant_price",
    "schema_served",
    "second_factor",
    "stock",
}
# (table, part of the statement): why it may look at more.
ALLOWED: dict[tuple[str, str], str] = {
    ("basket", "details"): "erasing somebody looks for their contact in baskets, those of a month",
}


@pytest.fixture(scope="module")
def backend() -> str:
    """The database that shops run on; it says what it really looks at."""
    return "postgresql"


def seed(website) -> None:
    """One row of everything, of one person and one order that went its whole way."""
    now = datetime.now(UTC) - timedelta(minutes=10)
    with website.session() as session:
        julia = make_account(session, email="julia@example.org", email_verified_at=now)
        promotion = make_promotion(session)
        order = order_of(
            session,
            website.pizzeria,
            author=author_of(julia),
            promotion=promotion,
            now=now,
            status=Status.OUT_FOR_DELIVERY,
            email="julia@example.org",
        )
        driver = Author(order.driver_id, Role.DRIVER)
        _, payment = hand_over(session, order.id, HandOver(order.status, Means.CASH), driver, now)
        session.flush()
        refund_payment(session, payment.id, RefundRequest(100, driver, note="froide"), now)
        soon = now + timedelta(days=1)
        address = {"street": "1 rue X", "postcode": "75011", "town": "Paris"}
        session.add_all(
            [
                AccountAddress(account_id=julia.id, use=AddressUse.DELIVERY, **address),
                SavedCard(
                    account_id=julia.id,
                    stripe_payment_method_id="pm_1",
                    brand="visa",
                    last4="4242",
                    saved_at=now,
                ),
                Favourite(
                    account_id=julia.id,
                    product_id=website.pizzeria.products["regina"].id,
                    since=now,
                ),
                SignInSession(
                    sha256="s",
                    account_id=julia.id,
                    session_version=1,
                    started_at=now,
                    last_seen_at=now,
                ),
                StripeRemoval(stripe_id="cus_1", retry_at=soon),
                DeliveryTap(
                    account_id=julia.id,
                    key="k",
                    order_id=order.id,
                    kind=TapKind.DELIVER,
                    outcome=TapOutcome.DONE,
                    status=order.status,
                    status_since=now,
                    tapped_at=now,
                    received_at=now,
                ),
                ClosedDay(
                    restaurant_id=order.restaurant_id,
                    day=business_day(now),
                    orders=0,
                    turnover_cents=0,
                    vat_cents=0,
                    closed_at=now,
                ),
                ExternalIdentity(
                    account_id=julia.id, provider="google", subject="1", linked_at=now
                ),
                StripeEvent(id="evt", kind="x", object_id="pi", received_at=now, handled_at=now),
                RateCount(key_sha256="l", window_start=now, tries=1),
                ProviderVisit(
                    state_sha256="v", provider="google", code_verifier="c", expires_at=soon
                ),
            ]
        )
        issue_link(session, julia, Purpose.CONFIRM_EMAIL, "julia@example.org", now)
        change = Change(Subject.PROMOTION, None, {}, order.restaurant_id, account_id=julia.id)
        record_change(session, Signature(driver, now), change)
        manager = make_staff(session, Role.MANAGER, website.pizzeria.restaurant).id
        here = website.pizzeria.restaurant.id
        begin_count(session, here, manager, now)
        flour = session.get_one(Stock, (here, website.pizzeria.ingredients["farine"].id))
        count_stock(session, flour, Counted(1, None), manager, now)
        till = find_till(session, here)
        moved = Moved(500, "monnaie", "m" * 43)
        move_cash(session, till, moved, Author(manager, Role.MANAGER), now)
        session.add(TillPieces(till_session_id=till.id, value_cents=100, pieces=1))
        guess = begin_attempt(session, "julia@example.org", "10.0.0.0", now)
        end_attempt(session, guess, right=True)
        make_basket(session, website.pizzeria, now=now)


@pytest.fixture
def years(website):
    """The website after years of orders."""
    seed(website)
    with website.engine.connect() as connection:
        fill(connection)
    return website


def test_every_table_grows_or_is_known_to_be_small():
    assert not SMALL & GROWING.keys()
    assert SMALL | GROWING.keys() == Base.metadata.tables.keys()


def visit_every_page(website) -> None:
    """Every page and every button for those who see most."""
    order = website.order(Status.READY)
    for who in ("customer", "driver", "direction"):
        for route, method in PAGES:
            browser = website.staff(who)
            path = path_of(website, route, order)
            if method == "POST":
                browser.post_form(path, {})
            else:
                browser.get(path, expect_errors=True)


def live_through_an_evening(website) -> None:
    """Orders from the basket to the door, changed, cancelled, looked for, given back."""
    customer = website.staff("customer")
    customer.add("margherita")
    customer.post_form("/panier/promotion", {"code": "DIX"})
    customer.give_details(email="someone@example.org")
    page = customer.payment_form().submit(status=303).follow()
    tracking = page.request.path
    customer.get(f"{tracking}/etat")
    customer.post_form(f"{tracking}/modifier", {})
    recap = "/modification/recapitulatif"
    customer.form(recap, recap).submit(status=303)
    customer.post_form(f"{tracking}/annuler", {})
    customer.get("/compte/commandes")
    customer.get("/compte/donnees.json")
    number = website.order(Status.READY).number
    visitor = website.browser()
    visitor.post_form("/suivi", {"number": number, "contact": "06 12 34 56 78"})
    sign_in(website.browser(), "person1000500@example.org", "faux")
    sign_in(website.browser(), "cliente@example.org", PASSWORD)
    visitor.post_form("/mot-de-passe-oublie", {"email": "person1000500@example.org"})
    for before, after in (("to_prepare", "accepted"), ("accepted", "preparing")):
        order = website.order(Status(before))
        path = f"/equipe/city_001/commandes/{order.number}/statut"
        website.staff("manager").post_form(path, {"before": before, "after": after})


def press_in_a_dead_spot(website) -> None:
    """What a driver's telephone sends, twice."""
    order = website.order(Status.READY)
    sent = {"driver": str(website.account("driver").id), "order": order.number, "waited": "9"}
    for kind in ("take", "nobody", "deliver"):
        for _ in range(2):
            key = f"00000000-0000-4000-8000-{kind.encode().hex():0>12.12}"
            fields = sent | {"key": key, "kind": kind, "means": "cash"}
            answer = website.staff("driver").post_form("/equipe/city_001/livraisons/appui", fields)
            assert answer.json["kind"] == "success"


def change_the_stock(website) -> None:
    """What has moved for years is read page by page, and changed by hand."""
    with website.session() as session:
        of_years = select(StockMovement.ingredient_id).where(StockMovement.id > FIRST).limit(1)
        path = f"/equipe/city_001/stock/{session.scalars(of_years).one()}"
    manager = website.staff("manager")
    page = manager.get(path)
    older = page.click("Plus anciens").click("Plus anciens")
    older.click("Plus récents")
    form = form_of(page, path)
    form["reason"], form["quantity"] = "supply", "2"
    form.submit(status=303)


def count_the_stock(website) -> None:
    """The count that goes on, from an ingredient to the differences and the end."""
    manager, count = website.staff("manager"), "/equipe/city_001/stock/inventaire"
    page = manager.get(count).click("Continuer")
    form = form_of(page, page.request.path)
    form["quantity"] = "2"
    form.submit(status=303)
    form_of(manager.get(f"{count}/ecarts"), f"{count}/ecarts").submit(status=303)


def look_at_somebody_old(website) -> None:
    """A customer of years: their orders, their data, their erasure."""
    with website.session() as session:
        account = session.get_one(Account, FIRST + 500)
        account.password_hash = session.scalars(select(Account.password_hash).limit(1)).one()
    browser = website.browser()
    sign_in(browser, "person1000500@example.org", PASSWORD)
    assert browser.get("/compte/commandes").status_int == 200
    assert browser.get("/compte/donnees.json").json["orders"]
    with website.session() as session:
        assert erase_account(session, FIRST + 501, datetime.now(UTC)) > 0


def forget_persons(website) -> None:
    """What the worker erases and forgets, were its time shorter."""
    now = datetime.now(UTC)
    with website.session() as session:
        assert erase_old_orders(session, now, 300) > 0
    with website.session() as session:
        assert forget_recipients(session, now + timedelta(days=1)) > 0
        assert forget_account_mail(session, now + timedelta(days=2)) > 0
        assert forget_old_mail(session, now + timedelta(days=8)) > 0


def follow_orders(website) -> None:
    """A month of a restaurant's orders, its first page and the one after it."""
    path, today = "/equipe/city_001/commandes", business_day(datetime.now(UTC))
    asked = {"du": f"{today - timedelta(days=30)}", "au": f"{today}"}
    page = website.staff("direction").get(path, asked)
    assert page.click("Plus anciennes").status_int == 200


def find_callers(website) -> None:
    """By the end of a number and by a name, of those who call and of nobody."""
    cashier, path = website.staff("cashier"), f"/equipe/city_001/caisse/{'t' * 43}"
    for typed in ("0501", "martin", "nobody"):
        answer = cashier.post_form(path, {"entry": typed}, status=200)
        if chosen := soup(answer).select_one(".till-callers .button:not([name])"):
            cashier.post_form(chosen["formaction"], {}, status=303)


def work(website, stripe) -> None:
    """The worker's hour, and the commands of whoever runs the shop."""
    settings = website.application.registry.settings
    now = datetime.now(UTC)
    worker = Worker(website.engine, settings, Event())
    for _ in range(3):
        worker.work_once(now)
    with website.engine.connect() as connection:
        assert waiting_mail(connection)[0] > 0
        stuck(connection)
        as_the_database_knows(connection)
    list(reconcile(website.engine, make_gateway(settings), now))
    # With keys, and whoever answers knows of none of them: each is looked at here and there.
    stripe.fail("", "refused", 99)
    assert list(reconcile(website.engine, StripeGateway("sk_test_12345", stripe.url), now))
    with read_only(website.engine).connect() as connection:
        for question in QUESTIONS:
            assert list(question(connection, now))


def close_days(website) -> None:
    """The morning, for a restaurant: what was closed and what was not."""
    now, own = datetime.now(UTC), website.pizzeria.restaurant.id
    with website.session() as session:
        days = days_to_close(session, own, now)
        assert 1 < len(days) < 40
        for day in days[-2:]:
            close_day(session, own, day, now)


def compare_a_year(website) -> None:
    """A year of all restaurants, beside the year before it."""
    today = business_day(datetime.now(UTC))
    asked = {"du": f"{today - timedelta(days=365)}", "au": f"{today}"}
    for path in ("/equipe/comparaison", "/equipe/city_001/comparaison.csv"):
        assert website.staff("direction").get(path, asked).status_int == 200


def search_the_trail(website) -> None:
    """By everything that it is searched by, on its first page and on one of years ago."""
    for who in ("manager", "direction"):
        browser = website.staff(who)
        for query in (
            "",
            "quoi=promotion",
            f"qui={FIRST + 7}",
            f"sur={FIRST + 7}",
            "du=2026-01-01",
        ):
            for before in ("", f"avant={FIRST + 7000}"):
                browser.get(f"/equipe/city_001/journal?{query}&{before}", status=200)


def read_old_reports(website) -> None:
    """What tills took: the last ones, those before them, one of them; a cashier's own."""
    with website.session() as session:
        of_years = select(Restaurant.code).join(TillSession).where(TillSession.number > FIRST)
        path = f"/equipe/{session.scalars(of_years.limit(1)).one()}/caisse/session/z"
    direction = website.staff("direction")
    older = direction.get(path).click("Plus anciens")
    report = older.click("Z n°", index=0)
    assert report.click("Télécharger").content_type == "text/csv"
    website.staff("cashier").get("/equipe/city_001/caisse/session/z?avant=1000100", status=200)


def test_no_statement_looks_at_years(years, stripe):
    with explained(years.engine) as looks:
        live_through_an_evening(years)
        press_in_a_dead_spot(years)
        change_the_stock(years)
        count_the_stock(years)
        look_at_somebody_old(years)
        work(years, stripe)
        close_days(years)
        forget_persons(years)
        follow_orders(years)
        find_callers(years)
        search_the_trail(years)
        compare_a_year(years)
        read_old_reports(years)
        visit_every_page(years)
    assert len(looks.statements) > 150
    found = {
        key: rows
        for key, rows in looks.many(MAX_ROWS).items()
        if not any(table in key[1] and part in key[0] for table, part in ALLOWED)
    }
    assert found == {}
