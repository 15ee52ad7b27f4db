"""What was typed when the session ended is there again, by keyboard alone and without scripts."""

import re

import pytest
from playwright.sync_api import Browser, expect

from browser.audit import TABLET
from browser.keyboard import Keyboard
from browser.open_house import OpenHouse
from factories import PASSWORD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_form_outlives_the_session(chromium: Browser, open_house: OpenHouse, scripts):
    visit = open_house.new_visit(
        chromium, "manager", viewport=TABLET, java_script_enabled=scripts, reduced_motion="reduce"
    )
    page = visit.new_page()
    page.goto(open_house.path("promotion_new"))
    page.locator("#code").focus()
    page.keyboard.type("PLUIE")
    page.keyboard.press("Tab")
    page.keyboard.type("Les jours de pluie")
    open_house.end_sessions("manager")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Connexion", exact=True)).to_be_visible()
    expect(page.locator("#notices")).to_contain_text("Rien n’est perdu")
    expect(page.locator("body")).not_to_contain_text("pluie")
    page.locator("#identifier").focus()
    page.keyboard.type(open_house.website.chain.identifiers["manager"])
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#reprise")).to_contain_text("Voici ce que vous aviez tapé")
    expect(page.locator("#code")).to_have_value("PLUIE")
    expect(page.locator("#name")).to_have_value("Les jours de pluie")
    if scripts:
        # From the message one goes on into the form.
        expect(page.locator("#reprise")).to_be_focused()
        Keyboard(page).go_to("text", "Code", within=1)
    visit.close()


def test_what_a_till_is_led_to_is_not_left_for_its_own_page(
    chromium: Browser, open_house: OpenHouse
):
    visit = open_house.new_visit(chromium, "cashier", viewport=TABLET, reduced_motion="reduce")
    page = visit.new_page()
    page.goto(open_house.path("till"))
    page.locator("#contact_name").fill("Zoé Martin")
    open_house.end_sessions("cashier")
    page.get_by_role("button", name="Ajouter Regina, Classique").first.click()
    expect(page.get_by_role("heading", name="Connexion", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("reprise"))
    visit.close()
