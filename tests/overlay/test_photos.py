"""A restaurant's pictures of products, wherever a drawing would be, and on its pages alone."""

import json
import os
import re

import pytest

from ocpizza.overlay import OverlayError
from ocpizza.overlay.load import Overlay
from ocpizza.overlay.photos import Photos, product_name
from ocpizza.overlay.release import read_release
from ocpizza.overlay.statics import Statics
from uploads import photo, show
from views.website import HERE, SHOP

OTHER = "/pizzeria/city-002"
PIXEL = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"

NAMES = {
    "pizza_tokyo.png": "pizza-tokyo",
    "Soda_Framboise.JPG": "soda-framboise",
    "photos/regina.gif": "regina",
    "favicon.ico": None,
    "menu.pdf": None,
    "app.css": None,
    "png": None,
}


@pytest.mark.parametrize("file", NAMES)
def test_a_pictures_name_says_of_which_product_it_is(file):
    assert product_name(file) == NAMES[file]


@pytest.mark.parametrize(
    ("kind", "slug", "found"),
    [
        ("pizza", "tokyo", "city_001"),
        ("pizza", "pizza-tokyo", "city_001"),
        ("drink", "tokyo", None),
        ("drink", "soda-framboise", "common"),
        ("pizza", "regina", "common"),
        ("pizza", "", None),
    ],
)
def test_the_nearest_picture_of_a_product_counts(release, put, kind, slug, found):
    put("city_001/static/pizza_tokyo.png", PIXEL)
    put("common/static/pizza_tokyo.png", PIXEL)
    put("common/static/soda_framboise.jpg", PIXEL)
    put("common/static/pizza_regina.gif", PIXEL)
    read = read_release(release)
    statics = Statics(read)
    photos = Photos(read, statics)
    path = photos.path(("city_001", "common"), kind, slug)
    assert path is None if found is None else path.startswith(f"/{statics.folders[found][0]}/")


PAIRS = [
    ("Pizza_Tokyo.jpg", "pizza_tokyo.png"),
    ("pizza_tokyo.gif", "pizza-tokyo.gif"),
    ("pizza_tokyo.jpg", "photos/pizza_tokyo.jpg"),
    ("pizza_tokyo.png", "tokyo.png"),
    ("tokyo.jpg", "photos/Pizza-Tokyo.gif"),
]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_pictures_of_a_product_the_newest_counts(release, put, pair, reverse):
    old, new = reversed(pair) if reverse else pair
    os.utime(put(f"city_001/static/{old}", PIXEL), (1, 1))
    put(f"city_001/static/{new}", PIXEL)
    read = read_release(release)
    statics = Statics(read)
    shown = Photos(read, statics).path(("city_001",), "pizza", "tokyo")
    assert shown == statics.path(["city_001"], new)


@pytest.mark.parametrize("pair", PAIRS)
def test_two_pictures_of_a_product_in_one_place_are_refused(release, put, pair):
    put(f"common/static/{pair[0]}", PIXEL)
    put(f"city_001/static/{pair[0]}", PIXEL)
    put("city_001/static/pizza_tokyo.css", "x")
    Overlay(release, strict=True)
    put(f"city_001/static/{pair[1]}", PIXEL)
    with pytest.raises(OverlayError) as refused:
        Overlay(release, strict=True)
    assert all(f"city_001/static/{file}" in str(refused.value) for file in pair)
    assert "the product « tokyo » too, and of two" in str(refused.value)
    assert "one hides the other: give one of them another name" in str(refused.value)
    Overlay(release, strict=False)


@pytest.mark.parametrize("place", ["City_001", "city-001", "c" * 41, "ville_é"])
def test_a_place_that_no_request_would_look_in_is_refused(release, put, place):
    put(f"{place}/static/app.css", "x")
    with pytest.raises(OverlayError, match=f"^{place}: no place is called so: "):
        Overlay(release, strict=True)
    assert Overlay(release, strict=False).set_aside == []


def images(page) -> set[str]:
    return set(re.findall(r'<img class="picture" src="([^"]*)"', page.text))


def test_pictures_are_shown_on_every_page_of_their_restaurant_and_on_no_other(shop, put):
    """The customer's first example: new pictures for one restaurant."""
    put("city_001/static/pizza_margherita.gif", PIXEL)
    website = shop()
    shown = (
        f"/{website.application.registry['overlay'].statics.folders[HERE][0]}/pizza_margherita.gif"
    )
    browser, customer = website.browser(), website.staff("customer")
    for each in (browser, customer):
        each.add("margherita")
    pages = [browser.get(path) for path in (SHOP, f"{SHOP}/margherita", "/panier")]
    data = pages[0].html.find("script", type="application/ld+json").string
    assert f'"image":"http://127.0.0.1:6543{shown}"' in data
    assert json.loads(data)
    assert 'alt="Margherita"' in pages[1]
    customer.order()
    pages.append(customer.get("/compte/commandes"))
    staff = website.staff("manager")
    pages += [staff.get(f"/equipe/{HERE}/{page}") for page in ("recettes", "pizzas-realisables")]
    pages.append(staff.get(f"/equipe/{HERE}/recettes/margherita"))
    for page in pages:
        assert shown in images(page), page.request.path
    for visitor, path in (
        (browser, OTHER),
        (browser, f"{OTHER}/margherita"),
        (browser, "/"),
        (website.staff("manager.city_002"), "/equipe/city_002/recettes"),
    ):
        page = visitor.get(path)
        assert "pizza_margherita" not in page, path
        assert images(page), path
    assert browser.get(shown).body == PIXEL
    assert browser.get(shown).content_type == "image/gif"


def test_a_places_picture_comes_before_the_photo_that_all_restaurants_show(shop, put):
    put("city_001/static/pizza_margherita.gif", PIXEL)
    website = shop()
    with website.session() as session:
        show(session, website.pizzeria.products["margherita"], photo())
    browser, group = website.browser(), website.staff("direction")
    for path in (SHOP, f"{SHOP}/margherita"):
        page = browser.get(path)
        assert any("pizza_margherita.gif" in each for each in images(page))
        assert "/photo/" not in page
    elsewhere = images(browser.get(OTHER))
    assert len([each for each in elsewhere if each.startswith("/photo/carte/")]) == 1
    told = "Une mise à jour a apporté une image de ce produit"
    assert told in group.get(f"/equipe/{HERE}/produits/margherita/photo")
    assert told not in group.get("/equipe/city_002/produits/margherita/photo")
