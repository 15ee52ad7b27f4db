"""A driver's telephone in a dead spot: nothing that they press is lost, doubled, or another's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pprint import pformat
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import func, select

from browser.audit import PHONE, audit
from browser.conftest import CHROMIUM, QUIET
from browser.open_house import OpenHouse
from ocpizza.models.delivery_tap import DeliveryTap
from ocpizza.models.order import Order
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Payment

WAITS = "en attente du réseau"
KEPT = """async (page) => {
  await navigator.serviceWorker.ready;
  while (!await caches.match(page)) await new Promise((done) => setTimeout(done, 50));
  return (await caches.match(page)).text();
}"""


@dataclass
class Telephone:
    """One telephone; what it keeps outlasts its being switched off."""

    chromium: Browser
    house: OpenHouse
    folder: Any
    context: BrowserContext | None = None

    def switch_on(self, who: str | None, *, offline: bool = False) -> Page:
        """Its page of deliveries, whoever is signed in on it."""
        self.switch_off()
        self.context = self.chromium.browser_type.launch_persistent_context(
            self.folder,
            executable_path=CHROMIUM,
            args=QUIET,
            base_url=self.house.address,
            locale="fr-FR",
            viewport=PHONE,
            reduced_motion="reduce",
            offline=offline,
        )
        self.context.set_default_timeout(30_000)
        self.sign_in(who)
        page = self.context.pages[0]
        page.goto(self.house.path("deliveries"))
        return page

    def sign_in(self, who: str | None) -> None:
        self.context.clear_cookies()
        if who:
            self.context.add_cookies(self.house.cookies(who))

    def switch_off(self) -> None:
        if self.context:
            # The pages first: whoever closes the browser lets them at the network for a moment.
            for page in self.context.pages:
                page.close()
            self.context.close()
            self.context = None

    def copy(self, page: Page) -> str:
        """What it opens without network, once it has made it."""
        return page.evaluate(KEPT, self.house.path("deliveries"))


@pytest.fixture
def telephone(chromium: Browser, open_house: OpenHouse, tmp_path) -> Iterator[Telephone]:
    telephone = Telephone(chromium, open_house, tmp_path)
    yield telephone
    telephone.switch_off()


@pytest.fixture
def count(open_house: OpenHouse) -> Callable[..., int]:
    def count(table: Any, order: Order) -> int:
        with open_house.website.session() as session:
            mine = select(func.count()).where(table.order_id == order.id)
            return session.scalar(mine)

    return count


def ticket(page: Page, order: Order):
    return page.get_by_role("article", name=f"Commande {order.number}")


def leave(page: Page, order: Order) -> None:
    page.get_by_label(f"J’emporte {order.number}").check()
    page.get_by_role("button", name="Je pars livrer").click()


def deliver(page: Page, order: Order, tendered: str = "50") -> None:
    ticket(page, order).get_by_label("Somme reçue").fill(tendered)
    ticket(page, order).get_by_role("button", name="Livrée").click()


def waiting(page: Page):
    return page.locator("#attente li", has_text=WAITS)


def test_pressed_in_a_dead_spot_and_sent_after_the_telephone_was_off(
    telephone, open_house: OpenHouse, count
):
    order = open_house.order(Status.READY)
    page = telephone.switch_on("driver")
    telephone.copy(page)
    telephone.context.set_offline(True)
    leave(page, order)
    expect(waiting(page)).to_have_text([f"départ avec {order.number} · {WAITS}"])
    telephone.switch_off()
    assert open_house.website.look_at(order).status is Status.READY

    page = telephone.switch_on("driver", offline=True)
    expect(page.locator("#copie")).to_contain_text("Sans réseau")
    expect(ticket(page, order)).to_contain_text("12 rue Oberkampf")
    deliver(page, order)
    expect(waiting(page)).to_have_count(2)
    telephone.switch_off()

    page = telephone.switch_on("driver", offline=True)
    expect(waiting(page)).to_have_count(2)
    telephone.context.set_offline(False)
    expect(page.get_by_text(f"{order.number} : Commande livrée")).to_be_visible()
    expect(waiting(page)).to_have_count(0)
    expect(page.locator("#copie")).to_have_count(0)
    assert open_house.website.look_at(order).status is Status.DELIVERED
    assert (count(DeliveryTap, order), count(Payment, order)) == (2, 1)
    with open_house.website.session() as session:
        events = select(OrderEvent).where(OrderEvent.order_id == order.id)
        pressed = [event for event in session.scalars(events) if event.tapped_at]
    assert len(pressed) == 2
    assert pressed[0].tapped_at <= pressed[1].tapped_at
    assert all(event.tapped_at < event.at for event in pressed)


def test_an_answer_that_is_lost_is_asked_for_again_and_nothing_is_done_twice(
    telephone, open_house: OpenHouse, count
):
    order = open_house.order(Status.OUT_FOR_DELIVERY)
    page = telephone.switch_on("driver")
    sent = []

    def lose_four(route: Route) -> None:
        sent.append(route.request.post_data)
        answer = route.fetch()
        route.abort() if len(sent) < 5 else route.fulfill(response=answer)

    telephone.context.route("**/livraisons/appui", lose_four)
    deliver(page, order)
    # Without that, it waits longer each time.
    page.evaluate("setInterval(() => window.dispatchEvent(new Event('online')), 100)")
    expect(page.get_by_text(f"{order.number} : Commande livrée")).to_be_visible()
    expect(waiting(page)).to_have_count(0)
    assert len(sent) == 5
    assert (count(DeliveryTap, order), count(Payment, order)) == (1, 1)


def test_a_colleague_on_the_same_telephone_sends_nothing_of_the_first(
    telephone, open_house: OpenHouse, count
):
    order = open_house.order(Status.READY)
    page = telephone.switch_on("driver")
    telephone.copy(page)
    telephone.context.set_offline(True)
    leave(page, order)
    expect(waiting(page)).to_have_count(1)
    page = telephone.switch_on("manager")
    telephone.copy(page)
    expect(page.locator("#tableau article").first).to_be_visible()
    expect(waiting(page)).to_have_count(0)
    driver = open_house.website.account("driver").id
    assert f"livraisons-{driver}" not in page.evaluate("caches.keys()")
    assert open_house.website.look_at(order).status is Status.READY
    page = telephone.switch_on("driver")
    expect(page.get_by_text(f"Vous partez avec {order.number}.")).to_be_visible()
    assert open_house.website.look_at(order).driver_id == driver


def test_what_waits_is_sent_once_its_driver_has_signed_in_again(
    telephone, open_house: OpenHouse, count
):
    order = open_house.order(Status.READY)
    page = telephone.switch_on("driver")
    telephone.copy(page)
    telephone.context.set_offline(True)
    leave(page, order)
    expect(waiting(page)).to_have_count(1)
    driver = open_house.website.account("driver").id
    open_house.end_sessions("driver")
    telephone.context.set_offline(False)
    page.wait_for_url("**/connexion?suite=*")
    assert f"livraisons-{driver}" not in page.evaluate("caches.keys()")
    assert open_house.website.look_at(order).status is Status.READY
    telephone.sign_in("driver")
    page.goto(open_house.path("deliveries"))
    expect(page.get_by_text(f"Vous partez avec {order.number}.")).to_be_visible()
    assert count(DeliveryTap, order) == 1


def test_an_order_that_moved_on_meanwhile_is_not_taken_and_the_driver_told(
    telephone, open_house: OpenHouse
):
    order = open_house.order(Status.READY)
    page = telephone.switch_on("driver")
    telephone.context.set_offline(True)
    leave(page, order)
    expect(waiting(page)).to_have_count(1)
    manager = telephone.chromium.new_context(base_url=open_house.address, locale="fr-FR")
    manager.add_cookies(open_house.cookies("manager"))
    colleague = manager.new_page()
    colleague.goto(open_house.path("deliveries"))
    leave(colleague, order)
    expect(colleague.get_by_text(f"Vous partez avec {order.number}.")).to_be_visible()
    manager.close()
    telephone.context.set_offline(False)
    expect(page.get_by_text(f"Trop tard : {order.number} est")).to_be_visible()
    expect(waiting(page)).to_have_count(0)


def test_what_is_kept_has_nobody_else_s_orders_and_goes_with_signing_out(
    telephone, open_house: OpenHouse
):
    mine, ready = open_house.order(Status.OUT_FOR_DELIVERY), open_house.order(Status.READY)
    page = telephone.switch_on("driver")
    copy = telephone.copy(page)
    assert mine.number in copy
    assert ready.number not in copy
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(open_house.address + "/")
    assert (
        page.evaluate(
            "async () => (await caches.keys()).filter((name) => !name.endsWith('-static'))"
        )
        == []
    )


def test_what_waits_and_the_copy_shut_nobody_out(telephone, open_house: OpenHouse):
    order, carried = open_house.order(Status.READY), open_house.order(Status.OUT_FOR_DELIVERY)
    page = telephone.switch_on("driver")
    telephone.copy(page)
    telephone.context.set_offline(True)
    leave(page, order)
    deliver(page, carried)
    expect(waiting(page)).to_have_count(2)
    wrong = audit(page)
    assert not wrong, pformat(wrong, width=160)
    page.reload()
    expect(page.locator("#copie")).to_be_visible()
    expect(waiting(page)).to_have_count(2)
    wrong = audit(page)
    assert not wrong, pformat(wrong, width=160)


def test_a_sum_that_is_too_small_never_leaves_the_door(telephone, open_house: OpenHouse):
    order = open_house.order(Status.OUT_FOR_DELIVERY)
    page = telephone.switch_on("driver")
    deliver(page, order, "1")
    expect(ticket(page, order).get_by_text("Il manque :")).to_be_visible()
    expect(waiting(page)).to_have_count(0)
    assert open_house.website.look_at(order).status is Status.OUT_FOR_DELIVERY
    deliver(page, order)
    expect(page.get_by_text(f"{order.number} : Commande livrée")).to_be_visible()
