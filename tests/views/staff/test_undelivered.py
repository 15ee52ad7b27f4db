"""« Personne » at the door, « Non remise » by the manager, and the money after it."""

from datetime import UTC, datetime

import pytest

from ocpizza.models.order_status import Status, UndeliveredReason
from ocpizza.models.payment import Means, Payment, PaymentState, PaymentStatus, Receipt
from ocpizza.models.vat import Mode
from views.pages import form_of, notices, soup, words
from views.staff.test_boards import ROAD, leave_with, numbers, status_form
from views.website import HERE


def page_of(order, end: str = "") -> str:
    return f"/equipe/{HERE}/commandes/{order.number}{end}"


def carried_by_the_driver(website):
    order = website.order(Status.READY, email="stanley@example.org")
    browser = website.staff("driver")
    return order, browser, leave_with(browser, order)


def test_nobody_at_the_door_is_seen_by_the_manager_wherever_they_look(website, add_up):
    order, browser, page = carried_by_the_driver(website)
    page = form_of(page, page_of(order, "/personne")).submit(status=303).follow()
    assert notices(page) == [f"{order.number} : votre responsable sait que personne n’a ouvert."]
    assert f"{page_of(order)}/personne" not in page.text
    manager = website.staff("manager")
    for path in (ROAD, page_of(order), f"/equipe/{HERE}/commandes"):
        assert "Personne à " in words(manager.get(path)), path
    history = words(manager.get(page_of(order))).partition("Historique")[2]
    assert "Personne à la porte · Driver Lombard (Livreur)" in history
    # It was worth waiting.
    status_form(browser.get(ROAD), order).submit(status=303)
    assert website.look_at(order).status is Status.DELIVERED
    assert "Personne à 1" not in words(manager.get(page_of(order)))
    add_up(website.engine)


def test_nobody_twice_is_told_once(website):
    order, _browser, page = carried_by_the_driver(website)
    form = form_of(page, page_of(order, "/personne"))
    said = [notices(form.submit(status=303).follow()) for _ in range(2)]
    assert said[0] == said[1]


def test_nobody_of_an_order_that_moved_on_says_so(website):
    order, browser, page = carried_by_the_driver(website)
    form = form_of(page, page_of(order, "/personne"))
    status_form(browser.get(ROAD), order).submit(status=303).follow()
    (said,) = notices(form.submit(status=303).follow())
    assert said.startswith(f"Trop tard : {order.number} est « Commande livrée » depuis ")


def test_a_driver_tells_nothing_of_what_a_colleague_carries(website):
    order = website.order(Status.OUT_FOR_DELIVERY)
    answer = website.staff("driver").post_form(page_of(order, "/personne"))
    assert notices(answer.follow()) == ["Ce changement de statut ne vous est pas ouvert."]
    assert website.look_at(order).nobody_at is None


def test_a_manager_ends_what_nobody_opened_for(website, add_up):
    order, browser, page = carried_by_the_driver(website)
    form_of(page, page_of(order, "/personne")).submit(status=303)
    manager = website.staff("manager")
    page = manager.get(ROAD).click(linkid=f"non-remise-{order.number}")
    form = form_of(page, page_of(order, "/non-remise"))
    assert form["reason"].value == "nobody_there"
    form["note"] = "Trois appels sans réponse"
    page = form.submit(status=303).follow()
    assert notices(page) == [f"{order.number} est marquée « non remise »."]
    text = words(page)
    assert "Personne n’a ouvert à l’adresse de livraison." in text
    assert "Trois appels sans réponse" in text
    assert "Rien à encaisser" in text
    assert numbers(browser.get(ROAD)) == []
    seen = words(website.browser().get(f"/suivi/{order.tracking_token}"))
    assert "Personne n’a ouvert à l’adresse de livraison." in seen
    assert "Trois appels sans réponse" in seen
    add_up(website.engine)


def test_a_refused_form_loses_nothing(website):
    order = website.order(Status.READY)
    path = page_of(order, "/non-remise")
    form = form_of(website.staff("manager").get(path), path)
    form["note"] = "x" * 201
    page = form.submit(status=422)
    assert form_of(page, path)["note"].value == "x" * 201
    assert "Choisissez un motif." in words(page)
    assert website.look_at(order).status is Status.READY


@pytest.mark.parametrize(
    ("mode", "other"),
    [
        (Mode.DELIVERY, UndeliveredReason.NOT_COLLECTED),
        (Mode.TAKEAWAY, UndeliveredReason.NOBODY_THERE),
    ],
)
def test_the_reasons_are_those_of_the_mode(website, mode, other):
    order = website.order(Status.READY, mode=mode)
    page = soup(website.staff("manager").get(page_of(order, "/non-remise")))
    offered = {radio["value"] for radio in page.select("input[name=reason]")}
    assert offered == set(UndeliveredReason) - {other}


@pytest.mark.parametrize("status", [Status.TO_PREPARE, Status.PREPARING, Status.DELIVERED])
def test_an_order_that_is_not_ready_is_not_ended_so(website, status):
    way = status is Status.DELIVERED
    order = website.order(Status.OUT_FOR_DELIVERY if way else status)
    manager = website.staff("manager")
    if way:
        status_form(manager.get(ROAD), order).submit(status=303)
    assert "/non-remise" not in manager.get(page_of(order)).text
    assert manager.get(page_of(order, "/non-remise"), status=303).location.endswith(page_of(order))
    fields = {"before": str(status), "reason": "spoiled", "note": ""}
    answer = manager.post_form(page_of(order, "/non-remise"), fields)
    assert notices(answer.follow()) == ["Ce changement de statut ne vous est pas ouvert."]
    assert website.look_at(order).status is status


def test_a_manager_who_was_too_slow_is_told(website, add_up):
    order, _browser, page = carried_by_the_driver(website)
    path = page_of(order, "/non-remise")
    form = form_of(website.staff("manager").get(path), path)
    form["reason"] = "spoiled"
    status_form(page, order).submit(status=303)
    (said,) = notices(form.submit(status=303).follow())
    assert said.startswith(f"Trop tard : {order.number} est « Commande livrée » depuis ")
    add_up(website.engine)


def test_what_was_paid_too_much_in_advance_is_shown_before_the_order_ends(website):
    order = website.order(Status.READY)
    manager = website.staff("manager")
    assert "à rendre au client" not in words(manager.get(page_of(order, "/non-remise")))
    with website.session() as session:
        manager_id = website.account("manager").id
        session.merge(order).payment_status = PaymentStatus.PAID
        payment = Payment(
            order_id=order.id,
            means=Means.CASH,
            state=PaymentState.CAPTURED,
            amount_cents=1550,
            captured_cents=1550,
            recorded_by_id=manager_id,
            receipt=Receipt(
                legal_entity_id=website.pizzeria.restaurant.legal_entity_id,
                number=900,
                issued_at=datetime.now(UTC),
            ),
            created_at=datetime.now(UTC),
        )
        session.add(payment)
    page = words(manager.get(page_of(order, "/non-remise")))
    assert "Elle a été payée plus qu’elle ne coûte : 3,50 € à rendre au client." in page
