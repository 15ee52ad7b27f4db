"""Somebody who uses nothing but a keyboard, and wants to see where they are."""

import re

from playwright.sync_api import Page, expect

from browser.audit import PROBES

WHERE = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const labels = element.labels ? [...element.labels].map((label) => label.textContent) : [];
  const name = element.getAttribute("aria-label") || labels.join(" ") || element.textContent;
  const kind = element.localName === "a" ? "link" : element.type || element.localName;
  return {
    kind: kind === "submit" ? "button" : kind,
    name: name.replace(/\\s+/g, " ").trim(),
    lost: element.matches("main, .error-summary") ? null : probes.focusLost(element),
  };
}"""


class Keyboard:
    """Counts the keys that it takes; each Tab must show where one is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.presses += 1

    def write(self, text: str) -> None:
        """Type into the field that has the focus; its characters are not counted."""
        self.page.keyboard.type(text)

    def where(self) -> dict[str, str] | None:
        """What has the focus: its `kind` and `name`."""
        if not self.page.evaluate("Boolean(window.probes)"):
            self.page.evaluate(PROBES)
        return self.page.evaluate(WHERE)

    def go_to(self, kind: str, name: str, *, within: int, backwards: bool = False) -> None:
        """Tab to the control of this kind whose name matches, in at most so many presses."""
        passed = []
        for _ in range(within):
            self.press("Shift+Tab" if backwards else "Tab")
            here = self.where()
            passed.append(here)
            if here is None:
                continue
            assert here["lost"] is None, here["lost"]
            if here["kind"] == kind and re.search(name, here["name"]):
                return
        raise AssertionError(f"no {kind} « {name} » within {within} presses: {passed}")

    def follow(
        self, kind: str, name: str, *, within: int, heading: str, backwards: bool = False
    ) -> None:
        """Tab to a link or button, press Enter, and arrive at a page with this heading."""
        self.go_to(kind, name, within=within, backwards=backwards)
        self.press("Enter")
        expect(self.page.get_by_role("heading", name=re.compile(heading)).first).to_be_visible()
        self.page.wait_for_load_state()

    def skip(self) -> None:
        """Jump over the header of the page."""
        self.go_to("link", "Aller au contenu", within=1)
        self.press("Enter")
