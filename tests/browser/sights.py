"""Every page that somebody may see, in the states that look different: one line each.

A page is a route, seen by somebody of `PEOPLE`, about an order of `OpenHouse.orders` where it is
about one, after `then` was done on it. `test_every_page` fails when a page of ours has no line.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from playwright.sync_api import FilePayload, Page, expect

from factories import PASSWORD
from ocpizza.domain.hours import PARIS
from ocpizza.domain.totp import code_of, step_at
from uploads import photo

Deed = Callable[[Page], None]


def press(button: str) -> Deed:
    """Press the first button with this in its name: mostly, send a form as it is."""

    def deed(page: Page) -> None:
        page.get_by_role("button", name=button).first.click()
        page.wait_for_load_state()

    deed.__name__ = button
    return deed


def follow(link: str) -> Deed:
    """Follow the first link with this in its name."""

    def deed(page: Page) -> None:
        page.get_by_role("link", name=link).first.click()
        page.wait_for_load_state()

    deed.__name__ = link
    return deed


def fill_and_press(button: str, **fields: str) -> Deed:
    """Fill in fields by their ids, then press a button."""

    def deed(page: Page) -> None:
        for name, value in fields.items():
            page.locator(f"#{name}").fill(value)
        press(button)(page)

    deed.__name__ = f"{button} {fields}"
    return deed


def unfold(summary: str, then: Deed) -> Deed:
    """Open what is folded away under these words, then go on."""

    def deed(page: Page) -> None:
        page.locator("summary", has_text=summary).click()
        then(page)

    deed.__name__ = then.__name__
    return deed


def outlive_the_session(page: Page) -> None:
    """Type, be signed out, sign in again: what was typed is there."""
    page.locator("#name").fill("Les jours de pluie")
    page.context.clear_cookies()
    press("Enregistrer")(page)
    fill_and_press("Se connecter", identifier="manager.ici", password=PASSWORD)(page)


def open_details(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.click()


def hold_still(page: Page) -> None:
    """Let nothing happen by itself any more: no reload, no message that goes."""
    page.evaluate("for (let id = 0; id < 1000; id++) clearTimeout(id)")


def add_a_pizza(page: Page) -> None:
    page.get_by_role("button", name="Ajouter Regina, Classique").click()
    expect(page.locator("#toast")).to_contain_text("ajouté au panier")
    # It would go after some seconds, in the midst of being looked at.
    hold_still(page)


def keep_tartufo(page: Page) -> None:
    """Make a favourite of it, and see what the menu makes of that."""
    menu = page.url
    page.goto(menu.split("?")[0] + "/tartufo")
    page.get_by_role("button", name="mes favoris").click()
    page.goto(menu)


def type_a_topping(page: Page) -> None:
    """Look for it as one types, among what is spicy."""
    page.get_by_label("Épicé").check()
    page.get_by_role("searchbox").press_sequentially("pepperonni")
    expect(page.locator(".found")).to_contain_text("1 sur")


def sell_out(page: Page) -> None:
    """Take the last ingredient to zero, and look at how that is undone."""
    page.get_by_role("button", name="Il n’y en a plus").last.click()
    page.wait_for_load_state()


def tap_on(page: Page) -> None:
    """Take an order one step further, and look at how that is undone."""
    page.locator(".advance button").first.click()
    expect(page.locator(".undo button")).to_be_visible()


def take_out(page: Page) -> None:
    page.get_by_role("button", name="Retirer").first.click()
    expect(page.locator("#retire")).to_be_visible()


def promise_the_impossible(page: Page) -> None:
    """A promotion that gives nothing and ends before it begins."""
    page.locator("#code").fill("É")
    page.locator("#percent").fill("101")
    page.locator("#starts_at").fill("2030-01-02T12:00")
    page.locator("#ends_at").fill("2030-01-01T12:00")
    press("Enregistrer")(page)


def take_an_order(page: Page) -> None:
    """A delivery of two pizzas."""
    page.get_by_role("button", name="Ajouter Regina, Classique").click()
    expect(page.locator(".till-line")).to_have_count(1)
    page.get_by_role("button", name="Ajouter Margherita, Classique").click()
    expect(page.locator(".till-line")).to_have_count(2)
    page.locator("label:has([name=mode][value=delivery])").click()
    expect(page.locator(".sums")).to_contain_text("Livraison")
    hold_still(page)


def upload(name: str, content: bytes) -> Deed:
    """Choose a file, and send it."""

    def deed(page: Page) -> None:
        file: FilePayload = {"name": name, "mimeType": "image/jpeg", "buffer": content}
        page.locator("#photo").set_input_files(file)
        press("Enregistrer la photo")(page)

    deed.__name__ = f"upload_{name}"
    return deed


upload_a_text, upload_a_photo = upload("texte.jpg", b"Regina"), upload("l'été.jpg", photo())


def look_for_a_product(page: Page) -> None:
    page.locator("#entry").fill("2 ca")
    page.locator("#entry").press("Enter")
    expect(page.get_by_role("heading", name="Lequel ?")).to_be_visible()


def look_for_a_caller(page: Page) -> None:
    page.locator("#entry").fill("martin")
    page.locator("#entry").press("Enter")
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()


def order_the_same(page: Page) -> None:
    look_for_a_caller(page)
    page.get_by_role("button", name="La même chose").first.click()
    expect(page.locator("#commander")).to_be_focused()


def see_their_offers(page: Page) -> None:
    """Those of somebody who has an account, for two pizzas."""
    look_for_a_caller(page)
    theirs = page.locator(".till-callers > li", has_text="06 12 34 56 78")
    theirs.get_by_role("button", name="Nouvelle commande pour").first.click()
    # Whoever presses on before that is drawn may see the order as it was.
    expect(page.locator("#contact_name")).not_to_have_value("")
    take_an_order(page)
    expect(page.get_by_role("heading", name="Offres du client")).to_be_visible()


def take_an_offer(page: Page) -> None:
    see_their_offers(page)
    page.get_by_role("button", name="Appliquer l’offre").first.click()
    expect(page.locator("#sans-promotion")).to_be_visible()
    hold_still(page)


def type_a_code_of_nothing(page: Page) -> None:
    take_an_order(page)
    page.locator("#code").fill("rien")
    page.locator("#code").press("Enter")
    expect(page.locator("#notices")).to_contain_text("n’existe pas")


def take_it_out_again(page: Page) -> None:
    page.get_by_role("button", name="Ajouter Regina, Classique").click()
    page.get_by_role("button", name="Retirer Regina").click()
    expect(page.get_by_text("Rien encore")).to_be_visible()


def forget_who_it_is_for(page: Page) -> None:
    take_an_order(page)
    press("Passer la commande")(page)


def move_nothing(page: Page) -> None:
    fill_and_press("Enregistrer le mouvement", amount="x")(page)


def bring_too_little(page: Page) -> None:
    page.get_by_label("Somme comptée, en euros").first.fill("1")
    press("Enregistrer le retour")(page)


def choose_too_many(page: Page) -> None:
    page.get_by_role("button", name="Choisir les options : Regina").click()
    page.wait_for_load_state()
    fill_and_press("Ajouter", quantity="99")(page)


def see_the_effect(page: Page) -> None:
    """A recipe without its last ingredient, and with much more of the first."""
    page.locator(".recipe-row input[id$=quantity]").first.fill("5 kg")
    press("Voir l’effet")(page)


def write_no_recipe(page: Page) -> None:
    page.locator(".recipe-row input[id$=quantity]").first.fill("x")
    press("Voir l’effet")(page)


def price_nothing(page: Page) -> None:
    """Extras without a price, and one that is none."""
    page.locator(".extra-row input[id$=price]").first.fill("")
    page.locator(".extra-row input[id$=price]").nth(1).fill("x")
    press("Voir l’effet")(page)


def plan_a_price(page: Page) -> None:
    """A price of the group's, to come."""
    later = datetime.now(PARIS).date() + timedelta(days=30)
    fill_and_press("Enregistrer le prix", price_cents="12,50", starts_on=later.isoformat())(page)


def lower_the_last(page: Page) -> None:
    """A manager of the group who would be a cashier, without a name."""
    page.locator("#first_name").fill("")
    page.get_by_label("Caisse").check()
    press("Enregistrer")(page)


def set_up_an_application(page: Page) -> None:
    """Show the code of the key on the page, and look at the recovery codes."""
    key = page.locator(".key").inner_text().replace(" ", "")
    code = code_of(key, step_at(datetime.now(UTC)))
    fill_and_press("Activer", code=code)(page)
    expect(page.locator(".recovery-codes li")).to_have_count(10)


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
    # The page where one comes from to what answers a post.
    at: str = ""
    # What axe-core looks at, where all the rest is as in another line.
    part: str = ""

    def __str__(self) -> str:
        deed = self.then.__name__ if self.then else ""
        words = (self.route, self.who, self.order, self.query, *self.parts.values(), deed)
        return " ".join(word for word in words if word)


CODE = "J’ai un code promo"
SIGHTS = (
    # the shop
    Sight("home"),
    Sight("home", "regular"),
    Sight("home", query="mode=takeaway&code_postal=75011"),
    Sight("home", query="code_postal=99999"),
    Sight("home", query="code_postal=abc"),
    Sight("terms"),
    Sight("legal_notice"),
    Sight("legal_notice", "direction"),
    Sight("privacy"),
    Sight("accessibility"),
    Sight("allergens_anywhere"),
    Sight("allergens"),
    Sight("menu"),
    Sight("menu", query="filtre=vegetarian&sans=milk"),
    Sight("menu", query="recherche=sushi", part="main"),
    Sight("menu", "customer", query="filtre=favourite", then=keep_tartufo, part="main"),
    Sight("menu", then=type_a_topping, part=".finder, #pizza"),
    Sight("menu", "here"),
    Sight("menu", "elsewhere"),
    Sight("menu", "hungry", then=add_a_pizza, part=".bar"),
    Sight("product"),
    Sight("product", parts={"product": "tartufo"}),
    Sight("product", parts={"product": "bresaola"}),
    Sight("product", parts={"product": "cola-33cl"}),
    Sight("basket"),
    Sight("product", then=fill_and_press("Ajouter", quantity="99")),
    Sight("basket", "hungry"),
    Sight("basket", "waiting"),
    Sight("basket", "hesitant", then=take_out),
    Sight("basket", "disappointed"),
    Sight("basket", "changing"),
    Sight(
        "basket_add",
        "disappointed",
        then=press("Ajouter"),
        parts={"restaurant": "paris-montparnasse"},
        at="product",
    ),
    Sight("basket", "thrifty"),
    Sight("basket", "unlucky"),
    Sight("basket", "returning"),
    Sight("promotion_apply", "returning", at="basket", then=unfold(CODE, press("Appliquer"))),
    Sight(
        "promotion_apply",
        "returning",
        at="basket",
        then=unfold(CODE, fill_and_press("Appliquer", code="X")),
    ),
    Sight("checkout", "hungry"),
    Sight("checkout", "hungry", then=press("Commande avec obligation")),
    Sight("checkout", "hungry", then=fill_and_press("Commande avec", phone="1", email="x")),
    Sight("checkout", "decided"),
    Sight("checkout", "decided", then=press("Commande avec obligation")),
    Sight("checkout", "thrifty"),
    Sight("checkout", "unlucky"),
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
    Sight("tracking", order="on_its_way"),
    Sight("tracking", order="on_its_way", then=lose_the_connection, part=".offline"),
    Sight("tracking", order="delivered"),
    Sight("tracking", order="cancelled"),
    Sight("tracking", order="undelivered"),
    Sight("tracking", order="reduced"),
    Sight("tracking", order="erased"),
    Sight("tracking", order="unpaid"),
    Sight("pay_order", order="unpaid", then=hold_still),
    Sight("pay_order", order="unpaid", query="essai=6"),
    Sight("tracking", order="to_call"),
    Sight("cancel_order", order="new"),
    Sight("erase_order", order="delivered"),
    Sight("erase_order", order="delivered", then=press("Effacer définitivement")),
    # accounts
    Sight("sign_in"),
    Sight("sign_in", then=press("Se connecter")),
    Sight("sign_in", then=fill_and_press("Se connecter", identifier="a", password="b")),
    Sight("sign_up"),
    Sight("sign_up", then=press("Créer mon compte")),
    Sight(
        "sign_up",
        then=fill_and_press(
            "Créer mon compte",
            first_name="Julia",
            last_name="Moreau",
            email="cliente@example.org",
            password="une longue phrase à moi",
        ),
    ),
    Sight("forgotten_password"),
    Sight("forgotten_password", then=fill_and_press("Envoyer", email="x")),
    Sight("reset_password"),
    Sight("reset_password", then=fill_and_press("Enregistrer", password="court")),
    Sight("reset_password", parts={"token": "x" * 43}),
    Sight("confirm_email"),
    Sight("confirm_email", parts={"token": "x" * 43}),
    Sight("account", "customer"),
    Sight("account", "regular"),
    Sight("account", "manager"),
    Sight("account_profile", "customer"),
    Sight("account_profile", "regular"),
    Sight(
        "account_profile",
        "customer",
        then=fill_and_press("Enregistrer", **{"first_name": "", "delivery-postcode": "1"}),
    ),
    Sight("account_password", "regular"),
    Sight("account_password", "regular", then=press("Enregistrer")),
    Sight("account_password", "passwordless"),
    Sight("account_email", "regular"),
    Sight("account_email", "regular", then=press("Envoyer le lien")),
    Sight("account_email", "passwordless"),
    Sight("account_second_factor", "manager"),
    Sight("account_second_factor", "direction"),
    Sight("account_second_factor", "direction", then=press("Obtenir de nouveaux codes de secours")),
    Sight("sign_in", query="suite=%2Fequipe"),
    Sight("sign_in", "at the tablet"),
    Sight("quick_switch", "at the tablet", at="sign_in", then=press("Reprendre ma place")),
    Sight("device", "driver"),
    Sight("device", "direction"),
    Sight("device_code", "driver", at="device", then=press("Choisir ce code")),
    Sight("device", "pizzaiolo", then=press("Enregistrer")),
    Sight("second_factor", "half"),
    Sight("second_factor", "half", then=press("Continuer")),
    Sight("second_factor", "newly raised"),
    Sight("second_factor", "newly raised", then=fill_and_press("Activer", code="x")),
    Sight("second_factor", "newly raised", then=set_up_an_application),
    Sight("account_sign_in_ways", "regular"),
    Sight("account_sign_in_ways", "passwordless"),
    Sight("account_proof", "regular"),
    Sight("account_proof", "regular", then=press("Continuer")),
    Sight("account_proof", "passwordless"),
    Sight("account_cards", "customer"),
    Sight("account_cards", "regular"),
    Sight("account_orders", "customer"),
    Sight("account_orders", "regular"),
    Sight("account_orders", "regular", then=follow("Plus anciennes")),
    Sight("repeat_order", "regular", at="account_orders", then=press("Commander à nouveau")),
    Sight("repeat_tracked", "hungry", "delivered", at="tracking", then=press("Commander la même")),
    Sight("repeat_order", "returning", at="account_orders", then=press("Commander à nouveau")),
    Sight("account_data", "regular"),
    Sight("account_data", "regular", then=press("Effacer définitivement")),
    Sight("account_data", "passwordless"),
    Sight("account_data", "manager"),
    # the staff
    Sight("staff", "direction"),
    Sight("overview", "manager"),
    Sight("overview", "direction", parts={"code": "city_002"}),
    Sight("companies", "direction"),
    Sight("company_new", "direction", then=press("Enregistrer")),
    Sight("company", "direction", parts={"company": "1"}),
    Sight(
        "company",
        "direction",
        parts={"company": "1"},
        then=fill_and_press("Enregistrer", siret="1"),
    ),
    Sight("restaurant_new", "direction"),
    Sight("restaurant_new", "direction", then=press("Mettre en ligne")),
    Sight("kitchen", "pizzaiolo"),
    Sight("kitchen", "manager"),
    Sight("kitchen", "direction", parts={"code": "city_002"}),
    Sight("kitchen", "pizzaiolo", then=open_details),
    Sight("kitchen", "pizzaiolo", then=lose_the_connection, part=".offline"),
    Sight(
        "pause",
        "pizzaiolo",
        at="kitchen",
        then=unfold("Suspendre les commandes", press("Suspendre")),
    ),
    Sight("deliveries", "driver", then=open_details),
    Sight("deliveries_copy", "driver"),
    Sight("deliveries", "manager"),
    Sight("deliveries", "direction", parts={"code": "city_002"}),
    Sight("till", "cashier"),
    Sight("till_add", "cashier", at="till", then=take_an_order),
    Sight("till_order", "manager", at="till", then=look_for_a_product),
    Sight("till_order", "cashier", at="till", then=look_for_a_caller),
    Sight("till_caller", "cashier", at="till", then=order_the_same),
    Sight("till_line", "cashier", at="till", then=take_it_out_again),
    Sight("till_promotion", "cashier", at="till", then=see_their_offers),
    Sight("till_promotion", "cashier", at="till", then=take_an_offer),
    Sight("till_promotion", "cashier", at="till", then=type_a_code_of_nothing),
    Sight("till_place", "cashier", at="till", then=forget_who_it_is_for),
    Sight("till_product", "cashier", parts={"token": "x" * 43}),
    Sight("till_product", "cashier", at="till", then=choose_too_many),
    Sight("handovers", "cashier"),
    Sight("handovers", "direction", parts={"code": "city_002"}),
    Sight("feasible", "pizzaiolo"),
    Sight("recipes", "pizzaiolo"),
    Sight("recipe", "pizzaiolo"),
    Sight("recipe", "manager", query="taille=family"),
    Sight("products", "manager"),
    Sight("products", "direction"),
    Sight("staff_product", "manager"),
    Sight("staff_product", "direction"),
    Sight("product_new", "manager"),
    Sight("product_new", "direction", then=press("Enregistrer")),
    Sight("product_edit", "direction"),
    Sight("product_recipe", "direction"),
    Sight("product_recipe", "direction", then=see_the_effect),
    Sight("product_recipe", "direction", then=write_no_recipe),
    Sight("product_extras", "direction"),
    Sight("product_extras", "direction", then=press("Voir l’effet")),
    Sight("product_extras", "direction", then=price_nothing),
    Sight("product_prices", "manager", parts={"product": "margherita"}),
    Sight("product_prices", "direction", then=press("Enregistrer le prix")),
    Sight("product_prices", "direction", then=plan_a_price),
    Sight("product_photo", "direction"),
    Sight("product_photo", "direction", parts={"product": "tartufo"}),
    Sight("product_photo", "direction", then=press("Enregistrer la photo")),
    Sight("product_photo", "direction", then=upload_a_text),
    Sight("product_photo", "direction", parts={"product": "bresaola"}, then=upload_a_photo),
    Sight("unit_costs", "manager"),
    Sight("unit_costs", "direction"),
    Sight("unit_cost", "direction", parts={"ingredient": "1"}),
    Sight(
        "unit_cost",
        "direction",
        parts={"ingredient": "1"},
        then=fill_and_press("Enregistrer", cost_cents="x"),
    ),
    Sight("alcohol_sale", "manager"),
    Sight(
        "alcohol_sale", "manager", then=fill_and_press("Enregistrer", alcohol_from_minute="08:00")
    ),
    Sight("meats", "manager"),
    Sight("meats", "direction"),
    Sight("meat", "direction", parts={"ingredient": "23"}),
    Sight(
        "meat",
        "direction",
        parts={"ingredient": "1"},
        then=fill_and_press("Enregistrer", **{"beef-reared": "France"}),
    ),
    Sight(
        "meat",
        "direction",
        parts={"ingredient": "23"},
        then=fill_and_press("Enregistrer", **{"beef-reared": "Frnce"}),
    ),
    Sight("meat_here", "manager", parts={"ingredient": "1"}),
    Sight("meat_here", "manager", parts={"ingredient": "23"}),
    Sight(
        "meat_here",
        "direction",
        parts={"ingredient": "23"},
        then=fill_and_press("Enregistrer", **{"beef-reared": "Frnce"}),
    ),
    Sight("stock", "pizzaiolo"),
    Sight("stock", "manager"),
    Sight("stock", "pizzaiolo", then=sell_out),
    Sight("stock_threshold", "manager", parts={"ingredient": "9"}),
    Sight(
        "stock_threshold",
        "manager",
        parts={"ingredient": "9"},
        then=fill_and_press("Enregistrer", quantity="x"),
    ),
    Sight("stock_delivery", "manager"),
    Sight("stock_delivery", "manager", then=fill_and_press("Enregistrer", **{"i2-quantity": "x"})),
    Sight("stock_count", "direction", parts={"code": "city_002"}),
    Sight("stock_count", "manager", then=open_details),
    Sight("stock_count_ingredient", "manager", parts={"ingredient": "2"}),
    Sight("stock_count_ingredient", "manager", parts={"ingredient": "9"}),
    Sight(
        "stock_count_ingredient",
        "manager",
        parts={"ingredient": "9"},
        then=fill_and_press("Enregistrer et continuer", quantity="x"),
    ),
    Sight("stock_count_differences", "manager"),
    Sight("stock_ingredient", "pizzaiolo", parts={"ingredient": "1"}),
    Sight("stock_ingredient", "manager", parts={"ingredient": "1"}),
    Sight("stock_ingredient", "manager", parts={"ingredient": "1"}, then=press("Enregistrer")),
    Sight("orders", "manager"),
    Sight("sales", "manager"),
    Sight("comparison", "manager"),
    Sight("comparison", "manager", query="du=2030-01-01&au=2029-01-01"),
    Sight("comparison", "manager", query="du=2010-01-01&au=2010-01-02"),
    Sight("group_comparison", "direction", then=open_details),
    Sight("restaurant", "manager"),
    Sight("restaurant", "direction", parts={"code": "city_002"}),
    Sight("opening_hours", "manager"),
    Sight(
        "opening_hours", "manager", then=fill_and_press("Enregistrer", sunday_hours="18-20, 19-21")
    ),
    Sight("exceptional_days", "direction", parts={"code": "city_002"}),
    Sight("exceptional_days", "manager", then=press("Ajouter")),
    Sight("restaurant_details", "manager"),
    Sight(
        "restaurant_details",
        "manager",
        then=fill_and_press("Enregistrer", postcodes="7501", delivery_fee_cents="x"),
    ),
    Sight("people", "manager"),
    Sight("people", "direction"),
    Sight("colleague_new", "manager"),
    Sight("colleague_new", "direction", then=press("Créer le compte")),
    Sight("colleague", "manager", parts={"colleague": "driver"}),
    Sight("colleague", "manager", parts={"colleague": "manager"}),
    Sight("colleague", "direction", parts={"colleague": "direction"}, then=lower_the_last),
    Sight("colleague_delete", "manager", parts={"colleague": "cashier"}),
    Sight("colleague_delete", "manager", parts={"colleague": "driver"}),
    Sight(
        "colleague",
        "manager",
        parts={"colleague": "trainee"},
        then=press("Donner un nouveau mot de passe"),
    ),
    Sight("trail", "manager"),
    Sight("trail", "direction"),
    Sight("trail", "manager", query="du=hier"),
    Sight("promotions", "manager"),
    Sight("promotions", "direction"),
    Sight("promotion_new", "direction"),
    Sight("promotion_new", "manager", then=press("Enregistrer")),
    Sight("promotion_new", "manager", then=outlive_the_session),
    Sight("promotion_edit", "manager", parts={"promotion": "RENTREE"}),
    Sight("promotion_edit", "direction", parts={"promotion": "COLA"}),
    Sight("promotion_edit", "direction", parts={"promotion": "DIX"}, then=promise_the_impossible),
    Sight("staff_order", "cashier", "new"),
    Sight("staff_order", "cashier", "to_call"),
    Sight("staff_order", "pizzaiolo", "to_call"),
    Sight("staff_order", "cashier", "reduced"),
    Sight("staff_order", "manager", "erased"),
    Sight("staff_order", "pizzaiolo", "preparing"),
    Sight("staff_order", "driver", "on_its_way"),
    Sight("staff_order", "manager", "tapped", then=tap_on),
    Sight("staff_order", "manager", "cancelled"),
    Sight("staff_cancel_order", "cashier", "new"),
    Sight("undelivered_order", "manager", "on_its_way"),
    Sight("undelivered_order", "manager", "counter", then=press("Commande non remise")),
    Sight("staff_order", "manager", "undelivered"),
    Sight("staff_order", "cashier", "paid_in_advance"),
    Sight("staff_order", "cashier", "given_back_later"),
    Sight("staff_cancel_order", "cashier", "paid_in_advance"),
    Sight("tracking", order="given_back_later"),
    Sight("till_session", "cashier"),
    Sight("till_session", "direction", parts={"code": "city_005"}),
    Sight("till_movement", "cashier", at="till_session", then=move_nothing),
    Sight("till_driver", "cashier", at="till_session", then=bring_too_little),
    Sight("till_close", "cashier"),
    Sight("till_close", "cashier", then=fill_and_press("Calculer le total", pieces_500="1")),
    Sight("till_close", "cashier", then=fill_and_press("Clore la caisse", pieces_500="1")),
    Sight("till_x", "cashier"),
    Sight("till_reports", "cashier"),
    Sight("till_reports", "manager"),
    Sight("till_reports", "direction", parts={"code": "city_002"}),
    Sight("till_report", "cashier", parts={"report": "1"}),
    Sight("till_report", "direction", parts={"code": "city_005", "report": "1"}),
    Sight("till_payment", "cashier", "counter"),
    Sight("till_payment", "cashier", "counter", then=fill_and_press("Encaisser", cash="1")),
    Sight("refund_order", "manager", "paid"),
    Sight("refund_order", "manager", "paid", then=fill_and_press("Rembourser", amount="x")),
    Sight("find_order", "cashier"),
    # refused
    Sight("menu", parts={"restaurant": "nulle-part"}),
    Sight("stock", "driver"),
    Sight("staff", "customer"),
)
# Pieces of pages that are looked at where they are: fragment → its page.
PIECES = {
    "product_choice": "product",
    "basket_change": "basket",
    "basket_restore": "basket",
    "tracking_state": "tracking",
    "kitchen_state": "kitchen",
    "deliveries_state": "deliveries",
    "handovers_state": "handovers",
    "till_give_up": "till",
    "overview_state": "overview",
    "staff_state": "staff",
}
