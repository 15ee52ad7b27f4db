"""The pizza maker's tablet: a bell for new orders, ticks that stay, a wrong tap taken back."""

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.audit import TABLET
from browser.open_house import OpenHouse
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode

pytestmark = pytest.mark.browser
# Counts the notes that are played, whatever the machine can play.
LISTEN = """
  window.notes = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { window.notes += 1; start.call(this, at); };
"""
NOTES = 2


@pytest.fixture
def tablet(chromium: Browser, open_house: OpenHouse):
    """The kitchen of the demo chain, its notes counted."""
    context = open_house.new_visit(chromium, "pizzaiolo", viewport=TABLET)
    context.add_init_script(LISTEN)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    page.goto(open_house.path("kitchen"))
    yield page
    context.close()
    assert complaints == []


def played(page: Page) -> int:
    notes: int = page.evaluate("window.notes")
    return notes


def ticket(page: Page, number: str):
    return page.locator(f'[data-order="{number}"]')


def test_a_new_order_is_told_and_rings_once_where_somebody_asked_for_it(tablet, open_house):
    said = tablet.locator("[data-new-orders]")
    first = open_house.order().number
    expect(said).to_have_text(f"Nouvelle commande : {first}")
    assert played(tablet) == 0
    tablet.get_by_role("button", name="Activer le son").click()
    expect(tablet.get_by_role("button", name="Couper le son")).to_be_visible()
    assert played(tablet) == NOTES
    second = open_house.order().number
    expect(said).to_have_text(f"Nouvelle commande : {second}")
    assert played(tablet) == 2 * NOTES
    # The page made anew: what this tab has seen is not new, and the bell need not be asked for.
    tablet.reload()
    expect(ticket(tablet, second)).to_be_visible()
    expect(said).to_be_empty()
    # A browser keeps it silent until somebody touches the page.
    tablet.keyboard.press("Shift")
    expect(tablet.get_by_role("button", name="Couper le son")).to_be_visible()
    assert played(tablet) == 0


def test_a_bell_that_was_silenced_stays_silent(tablet, open_house):
    tablet.get_by_role("button", name="Activer le son").click()
    tablet.get_by_role("button", name="Couper le son").click()
    expect(tablet.get_by_role("button", name="Activer le son")).to_be_visible()
    number = open_house.order().number
    expect(tablet.locator("[data-new-orders]")).to_have_text(f"Nouvelle commande : {number}")
    assert played(tablet) == NOTES


def test_what_comes_while_a_page_is_left_for_another_rings_on_return(tablet, open_house):
    tablet.get_by_role("button", name="Activer le son").click()
    tablet.goto(open_house.path("stock"))
    number = open_house.order().number
    tablet.goto(open_house.path("kitchen"))
    expect(tablet.locator("[data-new-orders]")).to_have_text(f"Nouvelle commande : {number}")


def test_ticks_stay_when_the_board_changes_and_when_the_page_is_made_anew(tablet, open_house):
    number = open_house.order(Status.PREPARING, mode=Mode.TAKEAWAY).number
    box = ticket(tablet, number).get_by_role("checkbox").first
    box.check()
    other = open_house.order().number
    expect(ticket(tablet, other)).to_be_visible()
    expect(box).to_be_checked()
    tablet.reload()
    expect(box).to_be_checked()
    box.uncheck()
    tablet.reload()
    expect(box).to_be_visible()
    expect(box).not_to_be_checked()


def test_a_wrong_tap_is_taken_back_by_the_next(tablet, open_house):
    number = open_house.order().number
    ticket(tablet, number).get_by_role("button", name="Prendre en charge").click()
    undo = ticket(tablet, number).get_by_role("button", name="Annuler l’étape")
    expect(undo).to_be_visible()
    undo.click()
    expect(tablet.get_by_text("Étape annulée")).to_be_visible()
    expect(ticket(tablet, number).get_by_role("button", name="Prendre en charge")).to_be_visible()


def test_the_offer_to_undo_goes_by_itself(tablet, open_house):
    number = open_house.order().number
    ticket(tablet, number).get_by_role("button", name="Prendre en charge").click()
    undo = ticket(tablet, number).get_by_role("button", name="Annuler l’étape")
    expect(undo).to_be_visible()
    expect(undo).to_have_count(0, timeout=30_000)
