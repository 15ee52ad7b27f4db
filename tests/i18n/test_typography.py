"""No line breaks before « : ; ! ? % € » or a unit, in what the shop says and in what it sells."""

import tomllib
from importlib import resources

import pytest
from sqlalchemy import select, text

from factories import NOON
from i18n.crawl import pages
from i18n.veil import page_of, spoken
from ocpizza.mail import write
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.product import Product, ProductSize
from ocpizza.models.vat import Mode
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.order.notify import notify_customer
from ocpizza.typography import BREAKS, typeset
from views.website import BASKET, CHECKOUT, HERE

MAIL = {"mail.sender": "commandes@ocpizza.fr", "site.url": "https://example.org"}
DATA = [file for file in resources.files("ocpizza.demo").iterdir() if file.name.endswith(".toml")]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Attention : « ici » ; oui ! non ?", "Attention_: «_ici_»_; oui_! non_?"),
        ("−10 % dès 15,00 €", "−10_% dès 15,00_€"),
        ("Classique 31 cm, 1,5 l, 120 g", "Classique 31_cm, 1,5_l, 120_g"),
        ("de 18 h à 23 h 30", "de 18_h à 23_h_30"),
        ("à 330 °C, 4 min", "à 330_°C, 4_min"),
        ("Bonjour %(name)s, dont TVA %(rate)s", "Bonjour %(name)s, dont TVA %(rate)s"),
        ("%(count)s min, %(name)s mince", "%(count)s_min, %(name)s mince"),
        ("3 chorizos, 12 herbes, http://x", "3 chorizos, 12 herbes, http://x"),
    ],
)
def test_a_text_is_typeset(typed, shown):
    assert typeset(typed) == shown.replace("_", "\xa0")
    assert typeset(typeset(typed)) == typeset(typed)


@pytest.mark.parametrize("file", DATA, ids=lambda file: file.name)
def test_the_demos_data_are_typeset(file):
    assert list(_breaking(tomllib.loads(file.read_text(encoding="utf-8")))) == []


def _breaking(value):
    if isinstance(value, str):
        if BREAKS.search(value):
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _breaking(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _breaking(inner)


def test_what_the_restaurant_writes_is_typeset_however_it_came_there(session, pizzeria):
    product = pizzeria.products["regina"]
    typed = {"name": "Regina !", "size": "Classique 31 cm", "id": product.id}
    session.execute(text("UPDATE product SET name = :name WHERE id = :id"), typed)
    session.execute(text("UPDATE product_size SET name = :size WHERE product_id = :id"), typed)
    session.expire_all()
    names = {product.name, *session.scalars(select(Product.name).where(Product.id == product.id))}
    assert names == {"Regina\xa0!"}
    sizes = session.scalars(select(ProductSize.name).where(ProductSize.product_id == product.id))
    assert set(sizes) == {"Classique 31\xa0cm"}
    menu = read_menu(session, pizzeria.restaurant.id).assortment.by_slug["regina"]
    assert (menu.name, menu.default_size.name) == ("Regina\xa0!", "Classique 31\xa0cm")


def shown_breaking(html: str) -> list[str]:
    return [said for said in spoken(page_of(html)) if BREAKS.search(said)]


@pytest.mark.parametrize("who", ["visitor", "customer", "manager"])
def test_no_page_breaks_a_line_there(website, who):
    for status, mode in ((Status.TO_PREPARE, Mode.DELIVERY), (Status.READY, Mode.TAKEAWAY)):
        order = website.order(status, mode=mode, minutes_ago=90)
    browser = website.browser() if who == "visitor" else website.staff(who)
    starts = ["/", BASKET, CHECKOUT, f"/suivi/{order.tracking_token}", "/compte"]
    if who == "manager":
        starts += [f"/equipe/{HERE}/{page}" for page in ("cuisine", "livraisons", "comptoir")]
    else:
        browser.add("regina", quantity=2)
        browser.give_details()
    found = {
        (page.request.path, said)
        for page in pages(browser, website.application, *starts)
        for said in shown_breaking(page.text)
    }
    assert found == set()


def test_no_mail_breaks_a_line_there(website):
    website.order(email="julia@example.org")
    with website.session() as session:
        order = session.scalars(select(Order)).one()
        for kind in write.HEADLINES:
            notify_customer(session, order, kind, NOON, event="-again")
        session.flush()
        for mail in session.scalars(select(OutgoingMail)):
            message = write.write_mail(session, mail, MAIL, NOON)
            assert not BREAKS.search(message["Subject"])
            assert shown_breaking(message.get_body("html").get_content()) == []
            assert not BREAKS.search(message.get_body("plain").get_content())
