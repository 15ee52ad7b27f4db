"""Looks at a page as WCAG 2.2 AA does: axe-core, and what it cannot see for itself."""

from collections.abc import Iterator
from contextlib import contextmanager
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
  const place = part.startsWith("changed ") ? probes.changed(part.slice(8))
    : document.querySelectorAll(part || ":root");
  if (!place.length) return [];
  const found = await axe.run({ include: [...place] }, { runOnly, resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.html.slice(0, 200)} ${node.failureSummary.replace(/\\s+/g, " ")}`));
}"""
LOST = "[...probes.sideways(), ...probes.clipped()]"


def axe(page: Page, rules: dict[str, object], part: str = "") -> list[str]:
    """What axe-core finds wrong in a part of the page (by CSS, or what « changed light » or dark).

    It comes in through the debugger: the strict policy stays.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN_AXE, [part, rules])


def audit(page: Page, part: str = "") -> dict[str, list[str]]:
    """Everything that is wrong with the page in front of us, by what was looked at.

    `part` is what axe-core looks at, where the rest of the page is looked at elsewhere. Each rule
    is asked in light and dark, small and large, wherever its answer could be another one; to be
    laid out for a size takes longest, so each has its turn once.
    """
    page.evaluate(PROBES)
    found = on_a_phone(page, part) | on_a_tablet(page, part) | on_the_smallest(page)
    return {what: wrong for what, wrong in found.items() if wrong}


def on_a_phone(page: Page, part: str) -> dict[str, list[str]]:
    """Nearly all that can be wrong is seen here."""
    found: dict[str, list[str]] = {}
    resize(page, PHONE)
    with unstuck(page):
        for scheme, rules in (("light", ALL), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            found[f"axe {scheme} 360"] = axe(page, rules, part)
            page.evaluate(f"probes.remember('{scheme}')")
    for probe in ("unfocusable", "small", "unexplained", "moving"):
        found[probe] = page.evaluate(f"probes.{probe}()")
    return found | {"text of 200 % at 360": twice_as_large(page)}


def on_a_tablet(page: Page, part: str) -> dict[str, list[str]]:
    """What is another size or colour than on a phone."""
    found: dict[str, list[str]] = {}
    resize(page, TABLET)
    with unstuck(page):
        found["axe dark 1280"] = axe(page, COLOURS, "changed dark")
        page.emulate_media(color_scheme="light")
        found["axe light 1280"] = axe(page, SIZES, part) + axe(page, ALL, "changed light")
    return found | {"text of 200 % at 1280": twice_as_large(page)}


def on_the_smallest(page: Page) -> dict[str, list[str]]:
    """One direction of scrolling is enough, with text spaced out too (WCAG 1.4.10, 1.4.12)."""
    resize(page, SMALLEST)
    found = {"320 px": page.evaluate("probes.sideways()")}
    page.evaluate("probes.spaceOut()")
    found["320 px spaced out"] = page.evaluate(LOST)
    page.evaluate("probes.asBefore()")
    return found


def twice_as_large(page: Page) -> list[str]:
    """What is lost when text is twice as large (WCAG 1.4.4)."""
    page.evaluate("probes.textSize('200%')")
    lost = page.evaluate(LOST)
    page.evaluate("probes.textSize('')")
    return lost


@contextmanager
def unstuck(page: Page) -> Iterator[None]:
    """No bar lies on what one could scroll to meanwhile."""
    page.evaluate("probes.unstick()")
    yield
    page.evaluate("probes.asBefore()")


def resize(page: Page, size: dict[str, int]) -> None:
    """Give the page a size, and wait until it is laid out for it."""
    page.set_viewport_size(size)
    page.wait_for_function("width => innerWidth === width", arg=size["width"])
    page.evaluate(TWO_FRAMES)
