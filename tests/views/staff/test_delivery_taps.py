"""What a driver's telephone sends, and is answered; what it keeps of the page."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from ocpizza.models.delivery_tap import DeliveryTap, TapKind
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Payment
from views.pages import soup, words
from views.staff.test_boards import ROAD, leave_with, numbers
from views.website import HERE

TAP, COPY = f"{ROAD}/appui", f"{ROAD}/copie"
WORKER, MANIFEST = f"{ROAD}/service-worker.js", f"{ROAD}/app.webmanifest"


def fields(website, order, kind: str, who: str = "driver", **more) -> dict[str, str]:
    """What the telephone of somebody sends about an order."""
    return {
        "driver": str(website.account(who).id),
        "key": str(uuid4()),
        "kind": kind,
        "order": order.number,
        "waited": "0",
        **more,
    }


def rows(website, table) -> int:
    with website.session() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_an_order_is_taken_and_delivered_by_presses_that_waited(website, add_up):
    order = website.order(Status.READY, minutes_ago=30)
    browser = website.staff("driver")
    taken = browser.post_form(TAP, fields(website, order, "take", waited="600"))
    assert taken.json == {"kind": "success", "texts": [f"Vous partez avec {order.number}."]}
    sent = fields(website, order, "deliver", waited="300", means="cash", tendered="20")
    answers = [browser.post_form(TAP, sent).json for _ in range(5)]
    change = "À rendre : 8,00 €."
    told = {"kind": "success", "texts": [change, f"{order.number} : Commande livrée"]}
    assert [words(text) for text in answers[0]["texts"]] == [words(text) for text in told["texts"]]
    assert all(answer == answers[0] for answer in answers)
    assert website.look_at(order).status is Status.DELIVERED
    assert (rows(website, DeliveryTap), rows(website, Payment)) == (2, 1)
    history = words(website.staff("manager").get(f"/equipe/{HERE}/commandes/{order.number}"))
    assert "sans réseau) Commande livrée" in history
    add_up(website.engine)


def test_the_servers_time_and_the_telephones_are_both_kept(website):
    order = website.order(Status.READY, minutes_ago=120)
    browser = website.staff("driver")
    leave_with(browser, order)
    with website.session() as session:
        # It has been on the road for an hour.
        on_the_road = select(OrderEvent.at).where(OrderEvent.status == Status.OUT_FOR_DELIVERY)
        left = session.scalars(on_the_road).one()
    browser.post_form(TAP, fields(website, order, "deliver", waited="1", means="cash"))
    with website.session() as session:
        delivered = select(OrderEvent).where(OrderEvent.status == Status.DELIVERED)
        event = session.scalars(delivered).one()
    assert left <= event.tapped_at <= event.at
    assert datetime.now(UTC) - event.at < timedelta(minutes=5)


def test_a_press_of_somebody_else_does_nothing_and_is_kept_by_the_telephone(website):
    order = website.order(Status.READY)
    sent = fields(website, order, "take", who="manager")
    answer = website.staff("driver").post_form(TAP, sent)
    assert (answer.status_int, answer.json["texts"]) == (409, [])
    assert website.look_at(order).status is Status.READY
    assert rows(website, DeliveryTap) == 0
    assert website.staff("manager").post_form(TAP, sent).status_int == 200


def test_what_has_moved_on_is_refused_with_its_number_the_same_each_time(website, add_up):
    order = website.order(Status.READY)
    leave_with(website.staff("manager"), order)
    browser, sent = website.staff("driver"), fields(website, order, "take")
    (text,) = browser.post_form(TAP, sent).json["texts"]
    lost = f"Trop tard : {order.number} est « Commande en livraison » depuis "
    assert words(text).startswith(lost)
    browser = website.staff("manager")
    browser.post_form(TAP, fields(website, order, "deliver", "manager", means="cash"))
    assert website.staff("driver").post_form(TAP, sent).json["texts"] == [text]
    add_up(website.engine)


def test_too_little_cash_says_what_is_missing(website):
    order = website.order(Status.READY)
    browser = website.staff("driver")
    leave_with(browser, order)
    answer = browser.post_form(
        TAP, fields(website, order, "deliver", means="cash", tendered="10,50")
    ).json
    (text,) = answer["texts"]
    assert answer["kind"] == "warning"
    assert words(text).startswith(f"{order.number} : il manque 1,50 €")
    assert website.look_at(order).status is Status.OUT_FOR_DELIVERY


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "1"},
        {"key": ""},
        {"key": "A" * 36},
        {"kind": "cancel"},
        {"kind": ""},
        {"order": "XXXX-XXXX"},
        {"order": "\x00"},
        {"means": "gold"},
        {"means": "online_card"},
        {"tendered": "beaucoup"},
        {"waited": "longtemps"},
        {"driver": "moi"},
        {"driver": "9" * 40},
    ],
    ids=str,
)
def test_a_press_that_makes_no_sense_is_told_and_not_asked_again(website, wrong):
    order = website.order(Status.READY)
    answer = website.staff("driver").post_form(TAP, fields(website, order, "take") | wrong)
    assert answer.status_int == 422
    assert answer.json["texts"]
    assert website.look_at(order).status is Status.READY


@pytest.mark.parametrize("waited", ["", "-5", "9" * 30, "-" + "9" * 30])
def test_whatever_the_telephones_clock_says_the_press_counts(website, waited):
    order = website.order(Status.READY)
    answer = website.staff("driver").post_form(TAP, fields(website, order, "take", waited=waited))
    assert answer.status_int in (200, 422)
    assert (website.look_at(order).status is Status.OUT_FOR_DELIVERY) == (answer.status_int == 200)


def test_without_its_token_or_session_a_press_does_nothing(website, browser):
    order = website.order(Status.READY)
    sent = fields(website, order, "take")
    driver = website.staff("driver")
    assert driver.post(TAP, sent | {"csrf_token": "x"}, expect_errors=True).status_int == 400
    assert browser.post_form(TAP, sent).location.endswith("/connexion")
    other = website.staff("driver.city_002")
    assert other.post_form(TAP, sent).status_int == 403
    assert website.look_at(order).status is Status.READY


def test_the_copy_for_dead_spots_has_only_what_whoever_asks_carries(website):
    mine, theirs = website.order(Status.READY), website.order(Status.READY, street="1 rue Autre")
    ready = website.order(Status.READY, street="3 rue Prête")
    browser = website.staff("driver")
    leave_with(browser, mine)
    leave_with(website.staff("manager"), theirs)
    page = browser.get(COPY)
    assert numbers(page) == [mine.number]
    for order, street in ((theirs, "1 rue Autre"), (ready, "3 rue Prête")):
        assert order.number not in page.text
        assert street not in words(page)
    assert "Sans réseau : vos commandes telles qu’elles étaient à " in words(page)
    assert numbers(website.staff("manager").get(COPY)) == [theirs.number]
    assert page.headers["Cache-Control"] == "no-store"


def test_a_ready_order_can_become_one_on_the_road_without_network(website):
    order = website.order(Status.READY)
    page = soup(website.staff("driver").get(ROAD))
    (kept,) = page.select(f'template[data-ticket="{order.number}"]')
    assert kept.select_one('input[name=after][value="delivered"]')


def test_the_page_can_be_installed(website):
    browser = website.staff("driver")
    link = soup(browser.get(ROAD)).select_one("link[rel=manifest]")
    assert link["crossorigin"] == "use-credentials"
    answer = browser.get(link["href"])
    assert answer.content_type == "application/manifest+json"
    known = answer.json
    assert known["start_url"] == known["scope"] == known["id"] == ROAD
    assert known["display"] == "standalone"
    for icon in known["icons"]:
        browser.get(icon["src"], status=200)


def test_the_service_worker_sees_to_the_drivers_page_alone(website):
    answer = website.staff("driver").get(WORKER)
    assert answer.content_type == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == ROAD
    assert answer.headers["Cache-Control"] == "no-store"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("kind", TapKind)
def test_the_page_says_what_waits_in_words(website, kind):
    waiting = soup(website.staff("driver").get(ROAD)).select_one("#attente")
    assert waiting[f"data-{kind}"]
    assert waiting["data-waits"] == "en attente du réseau"
