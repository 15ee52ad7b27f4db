"""Looks at a page as WCAG 2.2 AA does: axe-core, and what it cannot see for itself."""

from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PROBES = Path(__file__).with_name("probes.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
# The rest of them does not depend on the colours; and all but those do not on the size.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SIZES = {"type": "rule", "values": ["target-size", "scrollable-region-focusable"]}
ALL = {"type": "tag", "values": RULES}
PHONE = {"width": 360, "height": 740}
TABLET = {"width": 1280, "height": 800}
SMALLEST = {"width": 320, "height": 640}
# A browser that sees no reason to draw may never do: then a second will have been enough.
TWO_FRAMES = """new Promise((drawn) => {
  requestAnimationFrame(() => requestAnimationFrame(drawn));
  setTimeout(drawn, 1000);
})"""
RUN_AXE = """async ([part, runOnly]) => {
  const place = part === "changed" ? probes.changed() : document.querySelectorAll(part || ":root");
  if (!place.length) return [];
  const found = await axe.run({ include: [...place] }, { runOnly, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""


def axe(page: Page, rules: dict[str, object], part: str = "") -> list[str]:
    """What axe-core finds wrong in a part of the page (by CSS, or what has « changed »).

    It comes in through the debugger: the strict policy stays.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN_AXE, [part, rules])


def audit(page: Page, part: str = "") -> dict[str, list[str]]:
    """Everything that is wrong with the page in front of us, by what was looked at.

    `part` is what axe-core looks at, where the rest of the page is looked at elsewhere.
    """
    page.evaluate(PROBES)
    page.evaluate("probes.unstick()")
    found = colours_and_rules(page, part)
    page.evaluate("probes.asBefore()")
    resize(page, PHONE)
    for probe in ("unfocusable", "small", "unexplained", "moving"):
        found[probe] = page.evaluate(f"probes.{probe}()")
    found |= reflow(page)
    return {what: wrong for what, wrong in found.items() if wrong}


def colours_and_rules(page: Page, part: str) -> dict[str, list[str]]:
    """Light and dark, small and large: each rule wherever its answer could be another one."""
    found: dict[str, list[str]] = {}
    resize(page, PHONE)
    page.emulate_media(color_scheme="light")
    found["axe light 360"] = axe(page, ALL, part)
    page.evaluate("probes.remember()")
    resize(page, TABLET)
    found["axe light 1280"] = axe(page, SIZES, part) + axe(page, ALL, "changed")
    resize(page, PHONE)
    page.emulate_media(color_scheme="dark")
    found["axe dark 360"] = axe(page, COLOURS, part)
    page.evaluate("probes.remember()")
    resize(page, TABLET)
    found["axe dark 1280"] = axe(page, COLOURS, "changed")
    return found


def resize(page: Page, size: dict[str, int]) -> None:
    """Give the page a size, and wait until it is laid out for it."""
    page.set_viewport_size(size)
    page.wait_for_function("width => innerWidth === width", arg=size["width"])
    page.evaluate(TWO_FRAMES)


def reflow(page: Page) -> dict[str, list[str]]:
    """At 320 px, with text spaced out (WCAG 1.4.12) and with text twice as large (1.4.4)."""
    resize(page, SMALLEST)
    found = {"320 px": page.evaluate("probes.sideways()")}
    page.evaluate("probes.spaceOut()")
    found["320 px spaced out"] = page.evaluate("[...probes.sideways(), ...probes.clipped()]")
    page.evaluate("probes.asBefore()")
    for size in (PHONE, TABLET):
        resize(page, size)
        page.evaluate("probes.textSize('200%')")
        text = f"text of 200 % at {size['width']}"
        found[text] = page.evaluate("[...probes.sideways(), ...probes.clipped()]")
        page.evaluate("probes.textSize('')")
    return found
