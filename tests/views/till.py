"""The till as a colleague uses it: one order on a screen, each press sends the whole form."""

from views.pages import soup, words
from views.website import HERE

TILL = f"/equipe/{HERE}/caisse"


class Till:
    """One order on the screen of a colleague; each press sends the whole form."""

    def __init__(self, website, who="cashier", *, htmx=False):
        self.website, self.browser = website, website.staff(who)
        self.page, self.htmx = self.browser.get(TILL), htmx
        self.path = form(self.page)["action"]

    def press(self, css: str, **typed: str):
        """Press a button that the page shows, with this typed into the fields before."""
        button = soup(self.page).select_one(css)
        assert button is not None, css
        fields = dict(fields_of(self.page)) | typed
        if button.get("name"):
            fields[button["name"]] = button.get("value", "")
        headers = {"HX-Request": "true"} if self.htmx and button.get("hx-post") else {}
        answer = self.browser.post_form(
            button.get("formaction", self.path), fields, headers=headers
        )
        self.page = answer.follow() if answer.status_int == 303 else answer
        return self.page

    def enter(self, letters: str):
        return self.press(".till-entry button", entry=letters)

    def choose(self, slug="margherita", code=None):
        return self.press(f"#taille-{self.website.pizzeria.size(slug, code).id}")

    def order(self, **typed: str):
        return self.press("#commander", **typed)

    @property
    def lines(self):
        rows = soup(self.page).select(".till-line")
        return [
            (
                words(row.strong.get_text()),
                int(words(row.select_one(".quantity-value").get_text())[-2:]),
            )
            for row in rows
        ]

    @property
    def total(self) -> str:
        return words(soup(self.page).select_one(".sums .total dd").get_text())


def form(page):
    return soup(page).select_one("form.till")


def fields_of(page):
    """What a browser sends of the form, whatever button is pressed."""
    for field in form(page).select("input, textarea"):
        if field.get("type") in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        if field.get("name"):
            yield (
                field["name"],
                field.get("value", "") if field.name == "input" else field.get_text(),
            )
