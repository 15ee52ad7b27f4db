"""Managers show a product by a photo; what is wrong with a file is said, and nothing is lost."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from pyramid.request import Request
from sqlalchemy import select

from ocpizza.domain.photo import MAX_BYTES
from ocpizza.models.picture import Picture
from ocpizza.models.price import HiddenProduct
from ocpizza.security.unreadable import PHOTO
from ocpizza.services.catalogue.product_photo import KEPT, forget_replaced_photos
from uploads import bomb, photo, read, show
from views.pages import designed, form_of, notices, place, soup, words
from views.website import HERE, SHOP

PRODUCT = f"/equipe/{HERE}/produits/margherita"
PAGE = f"{PRODUCT}/photo"
REMOVE = f"{PAGE}/enlever"
OF_PHOTO = r"/photo/(fiche|carte)/[0-9a-f]{32}\.webp"


def send(browser, content: bytes | None = None, name: str = "regina.jpg", page=None):
    form = form_of(page or browser.get(PAGE), PAGE)
    assert form.enctype == "multipart/form-data"
    if content is not None:
        form["photo"] = (name, content)
    return form.submit(expect_errors=True)


def picture(page) -> str:
    return soup(page).select_one("main img.picture")["src"]


def card(website, slug="margherita") -> str:
    return soup(website.browser().get(SHOP)).select_one(f"#produit-{slug} img")["src"]


def put_photo(website, content: bytes, slug="margherita", shown="") -> None:
    with website.session() as session:
        show(session, website.pizzeria.products[slug], content, shown)


def test_a_photo_replaces_the_drawing_wherever_customers_see_it(website):
    group = website.staff("direction")
    page = group.get(PRODUCT).click("Mettre une photo")
    assert picture(page).startswith("/dessin/")
    assert not soup(page).select(f'form[action="{REMOVE}"]')
    answer = send(group, photo(), page=page)
    assert place(answer) == PAGE
    page = answer.follow()
    assert notices(page) == ["La photo est enregistrée : les clients la voient."]
    assert re.fullmatch(OF_PHOTO, picture(page))
    assert soup(page).select_one("main img.picture")["alt"] == "Photo de Margherita"
    shown = card(website)
    assert re.fullmatch(OF_PHOTO, shown)
    assert read(website.browser().get(shown).body).size == (288, 288)
    assert card(website, "regina").startswith("/dessin/")
    said = words(group.get(f"/equipe/{HERE}/journal?quoi=product"))
    assert "Photo avant : aucun après : " in said
    # The kitchen recognises it by its drawing.
    recipe = website.staff("pizzaiolo").get(f"/equipe/{HERE}/recettes/margherita")
    assert picture(recipe).startswith("/dessin/")


def test_a_photo_is_taken_away_and_the_drawing_is_back(website):
    put_photo(website, photo())
    group = website.staff("direction")
    shown, page = card(website), group.get(PRODUCT).click("Changer la photo")
    answer = form_of(page, REMOVE).submit()
    assert place(answer) == PAGE
    page = answer.follow()
    assert notices(page) == ["La photo est enlevée : le dessin est de retour."]
    assert picture(page).startswith("/dessin/")
    assert card(website).startswith("/dessin/")
    # Whoever has the page of before still sees the photo, for a day.
    website.browser().get(shown)
    with website.session() as session:
        assert forget_replaced_photos(session, datetime.now(UTC) + KEPT + timedelta(hours=1)) == 1
    website.browser().get(shown, status=404)


FAULTS = {
    "no file": (None, "Choisissez une photo."),
    "an empty file": (b"", "Ce fichier est vide"),
    "a text": (b"Regina", "n’est pas une photo JPEG, PNG ou WebP."),
    "a drawing": (b"<svg onload='alert(1)'/>", "n’est pas une photo JPEG, PNG ou WebP."),
    "a GIF": (photo(form="GIF"), "n’est pas une photo JPEG, PNG ou WebP."),
    "a photo that is cut": (photo()[:-3000], "Cette photo est abîmée ou incomplète"),
    "a bomb": (bomb(), "trop de pixels : 30 millions au plus."),
    "a small photo": (photo(300, 300), "trop petite : au moins 320 × 320 pixels."),
    "a heavy file": (photo() + bytes(MAX_BYTES), "Ce fichier pèse plus de 15 Mo"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_with_a_file_is_said_and_the_photo_stays(website, name):
    put_photo(website, photo())
    shown, (content, fault) = card(website), FAULTS[name]
    page = send(website.staff("direction"), content)
    assert page.status_int == 422
    field = soup(page).select_one("#photo")
    assert field["aria-invalid"] == "true"
    assert fault in words(soup(page).select_one("#photo-erreur").get_text())
    assert fault in words(soup(page).select_one('.error-summary a[href="#photo"]').get_text())
    assert "JPEG, PNG ou WebP ; 15 Mo et 30 millions de pixels au plus" in words(page)
    assert card(website) == shown


@pytest.mark.parametrize(
    "name", ['l\'été "26".jpg', "../../etc/passwd", "é" * 300, "x.php", "a\0b"]
)
def test_a_file_may_be_called_anything(website, name):
    group = website.staff("direction")
    assert place(send(group, photo(), name)) == PAGE
    with website.session() as session:
        assert session.scalars(select(Picture.media_type)).all() == ["image/webp"]


def test_a_field_that_is_no_file_is_no_photo(website):
    group = website.staff("direction")
    answer = group.post_form(PAGE, {"photo": "regina.jpg", "shown": ""})
    assert answer.status_int == 422
    assert "Choisissez une photo." in words(answer)
    assert group.post_form(PAGE, {"shown": "x" * 65}).status_int == 422


def test_files_are_taken_nowhere_else(website):
    group = website.staff("direction")
    file = [("photo", "x.jpg", photo())]
    for path in (REMOVE, f"{PRODUCT}/prix", "/panier/promotion", f"{PAGE}/"):
        token = {"csrf_token": group.token()}
        answer = group.post(path, token, upload_files=file, expect_errors=True)
        assert answer.status_int == 400
    form = {"csrf_token": group.token()}
    other = [*file, ("shown", "x.jpg", b"x")]
    assert group.post(PAGE, form, upload_files=other, expect_errors=True).status_int == 400


BROKEN = "--x\r\nContent-Disposition: form-data; name=\r\n\r\n1"
PARTS = "multipart/form-data; boundary=x"


@pytest.mark.parametrize("who", ["visitor", "customer"])
def test_what_strangers_send_is_not_even_read(website, who, monkeypatch):
    """A body of 20 MB can have a million fields."""
    stranger = website.browser() if who == "visitor" else website.staff(who)
    monkeypatch.setattr(Request, "POST", property(lambda _: pytest.fail("it was read")))
    answer = stranger.post(PAGE, BROKEN, content_type=PARTS, expect_errors=True)
    assert answer.status_int in (303, 403)


def test_a_body_that_cannot_be_read_is_refused(website):
    group = website.staff("direction")
    answer = group.post(PAGE, BROKEN, content_type=PARTS, expect_errors=True)
    assert answer.status_int == 400
    assert designed(answer)


def test_the_address_that_takes_files_is_that_of_the_page(website):
    route = website.application.routes_mapper.get_route("product_photo")
    assert PHOTO.fullmatch(route.generate({"code": "city_001", "product": "quatre-fromages"}))


def test_a_post_from_elsewhere_changes_nothing(website):
    group = website.staff("direction")
    answer = group.post(PAGE, {}, upload_files=[("photo", "x.jpg", photo())], expect_errors=True)
    assert answer.status_int == 400
    assert card(website).startswith("/dessin/")


def test_who_was_slower_is_shown_the_photo_of_the_other(website):
    group = website.staff("direction")
    page = group.get(PAGE)
    put_photo(website, photo())
    shown = card(website)
    answer = send(group, photo(800, 800), page=page)
    assert answer.status_int == 422
    assert "La photo a été changée entre-temps par quelqu’un d’autre" in words(answer)
    assert card(website) == shown
    assert picture(answer).replace("fiche", "carte") == shown
    assert place(send(group, photo(800, 800), page=answer)) == PAGE
    assert card(website) != shown


def test_who_takes_away_a_photo_that_they_have_not_seen_is_told(website):
    put_photo(website, photo())
    group = website.staff("direction")
    form, shown = form_of(group.get(PAGE), REMOVE), form_of(group.get(PAGE), PAGE)["shown"].value
    put_photo(website, photo(700, 700), shown=shown)
    now = card(website)
    page = form.submit().follow()
    assert notices(page) == ["La photo a été changée entre-temps : l’image actuelle est affichée."]
    assert card(website) == now


def test_a_restaurants_manager_has_photos_of_what_it_alone_sells(website):
    manager = website.staff("manager")
    assert "Mettre une photo" not in words(manager.get(PRODUCT))
    with website.session() as session:
        id, elsewhere = website.pizzeria.products["margherita"].id, website.branch.restaurant.id
        session.add(HiddenProduct(restaurant_id=elsewhere, product_id=id))
    assert place(send(manager, photo())) == PAGE
    other = website.staff("manager.city_002")
    there = PAGE.replace(HERE, "city_002")
    assert other.get(there, expect_errors=True).status_int == 403
    assert other.post_form(there, {"shown": ""}).status_int == 403
    assert other.post_form(f"{there}/enlever", {"shown": ""}).status_int == 403
