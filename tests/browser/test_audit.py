"""What looks at every page sees the faults that it is there for."""

import pytest
from playwright.sync_api import Page

from browser.audit import PHONE, audit

pytestmark = pytest.mark.browser

POOR = """<!doctype html><html lang="fr"><head><title>Pauvre</title><style>
  body { margin: 0; } main { position: relative; } form { margin-top: 500px; }
  .pale { color: #ddd; background: #fff; }
  @media (prefers-color-scheme: dark) { .dim { color: #333; background: #222; } }
  .late { display: none; }
  @media (min-width: 1000px) { .late { display: block; color: #888; background: #999; } }
  .wide { width: 341px; } .rem { width: 20rem; height: 3em; overflow: hidden; }
  .bar { position: fixed; inset: auto 0 0; height: 700px; background: #fff; }
  :focus { outline: 3px solid; } .bare:focus { outline: none; }
  .tiny { width: 10px; height: 10px; padding: 0; border: 0; }
  .roll { animation: roll 1s infinite; } @keyframes roll { to { outline-offset: 1px; } }
</style></head><body><main><h1>Pauvre page</h1>
  <p class="pale">Trop pâle</p><p class="dim">Trop sombre</p><p class="late">Trop tard</p>
  <div class="wide">Trop large</div>
  <div class="rem">Un texte qui tient tout juste dans sa boîte, pas plus, pas moins que cela</div>
  <button class="bare">Sans contour</button>
  <button class="tiny" aria-label="Un"></button><button class="tiny" aria-label="Deux"></button>
  <p class="roll">Tourne</p>
  <form novalidate><label>Nom <input name="nom" aria-invalid="true" aria-describedby="nom-erreur">
  </label><p class="field-error" id="nom-erreur">Manque</p><p class="field-error">Perdu</p></form>
  <div class="bar">Par-dessus</div>
</main></body></html>"""
SEEN = {
    "axe light 360": "color-contrast",
    "axe light 1280": "target-size",
    "axe dark 360": "Trop sombre",
    "axe dark 1280": "Trop tard",
    "unfocusable": "no outline: button.bare",
    "small": "10 px: button.tiny",
    "moving": "p.roll",
    "320 px": "341 > 320",
    "text of 200 % at 360": "640 > 360",
}


@pytest.fixture
def blank(chromium) -> Page:
    page = chromium.new_page(viewport=PHONE, reduced_motion="reduce")
    yield page
    page.close()


def test_every_kind_of_fault_is_seen(blank: Page):
    blank.set_content(POOR)
    found = audit(blank)
    for look, fault in SEEN.items():
        assert any(fault in each for each in found.get(look, [])), (look, found.get(look))
    assert any("Trop tard" in each for each in found["axe light 1280"])
    assert any(each.startswith("covered: ") for each in found["unfocusable"])
    assert any(each.startswith("cut off: ") for each in found["320 px spaced out"])
    assert found["unexplained"] == [
        "no autocomplete: nom",
        "belongs to no field: Perdu",
        "not in the summary: Manque",
    ]


def test_a_plain_page_is_left_alone(blank: Page):
    blank.set_content(
        '<!doctype html><html lang="fr"><title>Simple</title><main><h1>Bonjour</h1></main></html>'
    )
    assert audit(blank) == {}
