"""Every page that somebody may see, in the states that look different: one line each.

A page is a route, seen by somebody of `PEOPLE`, about an order of `OpenHouse.orders` where it is
about one, after `then` was done on it. `test_every_page` fails when a page of ours has no line.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

Deed = Callable[[Page], None]


def press(button: str) -> Deed:
    """Press the first button with this in its name: mostly, send a form as it is."""

    def deed(page: Page) -> None:
        page.get_by_role("button", name=button).first.click()
        page.wait_for_load_state()

    deed.__name__ = button
    return deed


def fill_and_press(button: str, **fields: str) -> Deed:
    """Fill in fields by their ids, then press a button."""

    def deed(page: Page) -> None:
        for name, value in fields.items():
            page.locator(f"#{name}").fill(value)
        press(button)(page)

    deed.__name__ = f"{button} {fields}"
    return deed


def open_details(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.click()


def add_a_pizza(page: Page) -> None:
    page.get_by_role("button", name="Ajouter Regina, Classique").click()
    expect(page.locator("#toast")).to_contain_text("ajouté au panier")
    # It would go after some seconds, in the midst of being looked at.
    page.evaluate("for (let id = 0; id < 1000; id++) clearTimeout(id)")


def lose_the_connection(page: Page) -> None:
    page.evaluate("showOffline(true)")


@dataclass(frozen=True)
class Sight:
    route: str
    who: str = "visitor"
    order: str = ""
    then: Deed | None = None
    query: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        deed = self.then.__name__ if self.then else ""
        words = (self.route, self.who, self.order, self.query, *self.parts.values(), deed)
        return " ".join(word for word in words if word)


SIGHTS = (
    # the shop
    Sight("home"),
    Sight("home", query="code_postal=75011"),
    Sight("home", query="code_postal=99999"),
    Sight("home", query="code_postal=abc"),
    Sight("terms"),
    Sight("menu"),
    Sight("menu", "hungry", then=add_a_pizza),
    Sight("product"),
    Sight("product", parts={"product": "tartufo"}),
    Sight("product", parts={"product": "bresaola"}),
    Sight("product", parts={"product": "cola-33cl"}),
    Sight("basket"),
    Sight("basket", "hungry"),
    Sight("basket", "disappointed"),
    Sight("basket", "changing"),
    Sight(
        "basket_add",
        "disappointed",
        then=press("Ajouter au panier"),
        parts={"restaurant": "paris-montparnasse"},
    ),
    Sight("checkout_details", "hungry"),
    Sight("checkout_details", "hungry", then=press("Continuer")),
    Sight("checkout_details", "hungry", then=fill_and_press("Continuer", phone="1", email="x")),
    Sight("checkout_payment", "decided"),
    Sight("checkout_payment", "decided", then=press("Commande avec obligation")),
    Sight("change_details", "changing"),
    Sight("change_details", "changing", then=fill_and_press("Voir", street="", postcode="1")),
    Sight("change_confirm", "changing"),
    Sight("find_order"),
    Sight("find_order", then=press("Voir ma commande")),
    Sight("find_order", then=fill_and_press("Voir ma commande", number="X", contact="y@z.fr")),
    Sight("tracking", order="new"),
    Sight("tracking", order="late"),
    Sight("tracking", order="preparing"),
    Sight("tracking", order="counter"),
    Sight("tracking", order="on_its_way", then=lose_the_connection),
    Sight("tracking", order="delivered"),
    Sight("tracking", order="cancelled"),
    Sight("cancel_order", order="new"),
    Sight("sign_in"),
    Sight("sign_in", then=press("Se connecter")),
    Sight("sign_in", then=fill_and_press("Se connecter", identifier="a", password="b")),
    # the staff
    Sight("staff", "direction"),
    Sight("kitchen", "pizzaiolo"),
    Sight("kitchen", "manager"),
    Sight("kitchen", "direction", parts={"code": "city_002"}),
    Sight("kitchen", "pizzaiolo", then=lose_the_connection),
    Sight("deliveries", "driver", then=open_details),
    Sight("deliveries", "manager"),
    Sight("deliveries", "direction", parts={"code": "city_002"}),
    Sight("handovers", "cashier"),
    Sight("handovers", "direction", parts={"code": "city_002"}),
    Sight("feasible", "pizzaiolo"),
    Sight("recipes", "pizzaiolo"),
    Sight("recipe", "pizzaiolo"),
    Sight("recipe", "manager", query="taille=family"),
    Sight("stock", "pizzaiolo"),
    Sight("staff_order", "cashier", "new"),
    Sight("staff_order", "pizzaiolo", "preparing"),
    Sight("staff_order", "driver", "on_its_way"),
    Sight("staff_order", "manager", "cancelled"),
    Sight("staff_cancel_order", "cashier", "new"),
    Sight("find_order", "cashier"),
    # refused
    Sight("menu", parts={"restaurant": "nulle-part"}),
    Sight("stock", "driver"),
    Sight("staff", "customer"),
)
# Pieces of pages that are looked at where they are: fragment → its page.
PIECES = {
    "tracking_state": "tracking",
    "kitchen_state": "kitchen",
    "deliveries_state": "deliveries",
    "handovers_state": "handovers",
}
