"""Looks at a page as WCAG 2.2 AA does: axe-core, and what it cannot see for itself."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PROBES = Path(__file__).with_name("probes.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# The rest of them does not depend on the colours.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
PHONE = {"width": 360, "height": 740}
TABLET = {"width": 1280, "height": 800}
SMALLEST = {"width": 320, "height": 640}
RUN_AXE = """(only) => axe.run(document, {runOnly: only, resultTypes: ["violations"]})
  .then((found) => found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary.replace(/\\s+/g, " ")}`)))"""


def axe(page: Page, rules: dict[str, object] | None = None) -> list[str]:
    """What axe-core finds wrong. It comes in through the debugger: the strict policy stays."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN_AXE, rules or {"type": "tag", "values": RULES})


def audit(page: Page) -> dict[str, list[str]]:
    """Everything that is wrong with the page in front of us, by what was looked at."""
    page.evaluate(PROBES)
    colours = {"type": "rule", "values": COLOUR_RULES}
    found: dict[str, list[str]] = {}
    page.evaluate("probes.unstick()")
    for size in (PHONE, TABLET):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        found[f"axe light {size['width']}"] = axe(page)
        page.emulate_media(color_scheme="dark")
        found[f"axe dark {size['width']}"] = axe(page, colours)
    page.evaluate("probes.asBefore()")
    page.set_viewport_size(PHONE)
    for probe in ("unfocusable", "small", "unexplained", "moving"):
        found[probe] = page.evaluate(f"probes.{probe}()")
    found |= reflow(page)
    return {what: wrong for what, wrong in found.items() if wrong}


def reflow(page: Page) -> dict[str, list[str]]:
    """At 320 px, with text spaced out (WCAG 1.4.12) and with text twice as large (1.4.4)."""
    page.set_viewport_size(SMALLEST)
    found = {"320 px": page.evaluate("probes.sideways()")}
    page.evaluate("probes.spaceOut()")
    found["320 px spaced out"] = page.evaluate("[...probes.sideways(), ...probes.clipped()]")
    page.evaluate("probes.asBefore()")
    for size in (PHONE, TABLET):
        page.set_viewport_size(size)
        page.evaluate("probes.textSize('200%')")
        text = f"text of 200 % at {size['width']}"
        found[text] = page.evaluate("[...probes.sideways(), ...probes.clipped()]")
        page.evaluate("probes.textSize('')")
    return found
