"""On a phone of 360 px, what belongs together stands in one line, and nothing is said twice."""

import pytest
from playwright.sync_api import expect

from browser.sights import Sight

pytestmark = pytest.mark.browser
# How many lines the text of an element, or the boxes in it, take.
LINES = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const shown = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
  const rows = [];
  for (const { top, bottom } of shown) {
    const row = rows.find((one) => top < one.bottom - 4 && bottom > one.top + 4);
    if (row) {
      row.top = Math.min(row.top, top);
      row.bottom = Math.max(row.bottom, bottom);
    } else rows.push({ top, bottom });
  }
  return rows.length;
}"""
PLACES = (
    (Sight("basket", "hungry"), ".site-header"),
    (Sight("basket", "hungry"), ".basket-line:first-child .quantity"),
    (Sight("product"), ".add-bar .button"),
)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("sight", "place"), PLACES, ids=str)
def test_it_stands_in_one_line(look, sight, place, language):
    page = look(sight)
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f".language-switch [value={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
    assert page.locator(place).evaluate(LINES) == 1


def test_who_changes_an_order_reads_one_label(look):
    label = look(Sight("change_details", "changing")).locator("label[for=comment]")
    expect(label).to_have_text("Instructions pour le livreur (facultatif)", use_inner_text=True)


def test_a_day_stays_beside_its_last_figure(look):
    page = look(Sight("sales", "manager"))
    row = page.locator(".days tbody tr").first
    row.locator("td").last.scroll_into_view_if_needed()
    expect(row.locator("td").last).to_be_in_viewport(ratio=1)
    expect(row.locator("th")).to_be_in_viewport(ratio=1)
